"""Imports run one way. Reads what the code imports directly, and fails on an arrow that the design forbids."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "infringewatch"

# room -> rooms of ours that it must never import
FORBIDDEN: dict[str, set[str]] = {
    "ruleset": {"matching", "store", "actions", "flows", "web"},
    "watchlist": {"matching", "store", "actions", "flows", "web"},
    "matching": {"store", "search", "actions", "flows", "web", "evidence", "prints", "elastic"},
    "prints": {"store", "search", "actions", "flows", "web"},
    "evidence": {"store", "matching", "actions", "flows", "web"},
    "frontier": {"store", "flows", "actions", "web"},
    "store": {"search", "actions", "flows", "web", "matching"},
    "search": {"actions", "flows", "web", "matching"},
    "notices": {"store", "actions", "flows", "web"},
    "actions": {"notices", "search", "flows", "web", "matching"},
    "compiling": {"store", "actions", "flows", "web"},
    "flows": {"web", "launching", "scheduler", "cli"},
    "web": {"demo", "scheduler", "cli", "launching"},
    "demo": {"web", "scheduler", "cli"},
    "scheduler": {"web", "demo", "cli"},
    "crawlers": {"store", "search", "actions", "web", "notices", "cli"},
}
BOTTOM = {
    "errors", "model", "normalise", "documents", "decoding", "hosts", "settings", "elastic", "permissions", "faultpoints", "books",
}  # fmt: skip
# outside package -> the rooms that are its doors
DOORS: dict[str, set[str]] = {
    "scrapy": {"crawlers"},
    "playwright": {"crawlers"},
    "twisted": {"crawlers"},
    "elasticsearch": {"elastic"},
    "warcio": {"evidence"},
    "apscheduler": {"scheduler"},
    "rapidfuzz": {"matching"},
    "chinese_calendar": {"notices"},
    "holidays": {"notices"},
    "django": {
        "store",
        "actions",
        "flows",
        "web",
        "cli",
        "django_settings",
        "installation",
        "launching",
        "scheduler",
    },
}


def _iter_imports() -> Iterator[tuple[str, str, str]]:
    """(file, its room, the dotted name that it imports)"""
    for path in [*SOURCE.rglob("*.py"), *(ROOT / "crawlers").rglob("*.py")]:
        inside = path.relative_to(SOURCE if SOURCE in path.parents else ROOT)
        room = inside.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((str(inside), room, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from ((str(inside), room, name) for name in names)


IMPORTS = list(_iter_imports())


def _room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if parts[0] == "infringewatch" and len(parts) > 1 else ""


@pytest.mark.parametrize("room", sorted(FORBIDDEN))
def test_no_arrow_goes_up(room: str) -> None:
    assert [(file, name) for file, own, name in IMPORTS if own == room and _room_of(name) in FORBIDDEN[room]] == []


def test_the_bottom_row_imports_nothing_above_it() -> None:
    above = [(f, n) for f, own, n in IMPORTS if own in BOTTOM and _room_of(n) not in BOTTOM | {"", "__version__"}]
    assert above == []


def test_nobody_imports_the_crawlers() -> None:
    assert [(f, n) for f, own, n in IMPORTS if own != "crawlers" and n.split(".")[0] == "crawlers"] == []


@pytest.mark.parametrize("package", sorted(DOORS))
def test_a_big_package_has_its_door(package: str) -> None:
    assert {own for _, own, name in IMPORTS if name.split(".")[0] == package} - DOORS[package] == set()


def test_matching_knows_no_clock_and_no_network() -> None:
    forbidden = {"time", "socket", "urllib.request", "sqlite3", "http"}
    assert [(f, n) for f, own, n in IMPORTS if own == "matching" and n.split(".")[0] in forbidden] == []
