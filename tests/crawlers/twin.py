"""An in-memory twin of flows.intake for crawler tests: what a run brings is kept in one SQLite file.

Its run is described by the JSON file that TWIN_RUN names, its findings go to TWIN_FILE.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infringewatch.errors import StopRun
from infringewatch.faultpoints import fault_point
from infringewatch.model import PageResult, RunState
from infringewatch.ruleset import BrowserPlan, Budgets, CampaignSpec, Pagination, SiteKind, SiteProfile
from infringewatch.settings import Settings


@dataclass(frozen=True)
class Target:
    id: int
    url: str


@dataclass(frozen=True)
class Run:
    id: int
    spec: CampaignSpec
    profiles: tuple[SiteProfile, ...]
    terms: tuple[str, ...] = ()
    rechecks: tuple[Target, ...] = ()
    captures: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Taken:
    observed: int
    hits: int = 0
    new_hits: int = 0


def open_run(run_id: int, *, settings: Settings) -> Run:
    described = json.loads(Path(os.environ["TWIN_RUN"]).read_text())
    profiles = tuple(_profile(**profile) for profile in described["profiles"])
    spec = CampaignSpec(
        id="twin",
        title="twin",
        profiles=profiles,
        budgets=Budgets(**described.get("budgets", {})),
        allow_private=described.get("allow_private", True),
    )
    return Run(
        run_id,
        spec,
        profiles,
        tuple(described.get("terms", ())),
        tuple(Target(number, url) for number, url in enumerate(described.get("rechecks", ()), 1)),
        tuple(Target(number, url) for number, url in enumerate(described.get("captures", ()), 1)),
    )


def _profile(**keys: Any) -> SiteProfile:
    if "kind" in keys:
        keys["kind"] = SiteKind(keys["kind"])
    if "browser" in keys:
        keys["browser"] = BrowserPlan(**keys["browser"])
    if "pagination" in keys:
        keys["pagination"] = Pagination(**keys["pagination"])
    return SiteProfile(**{key: tuple(value) if isinstance(value, list) else value for key, value in keys.items()})


def open_campaign_run(name: str, *, settings: Settings) -> Run:
    return open_run(1, settings=settings)


def take_in(run: Run, pages: Sequence[PageResult]) -> Taken:
    if os.environ.get("TWIN_FULL"):
        raise StopRun("the disk is full")
    with _open() as db:
        for page in pages:
            _write(db, page)
    fault_point("after_record")
    return Taken(sum(len(page.items) for page in pages))


def take_capture(run: Run, target: Target, page: PageResult) -> None:
    with _open() as db:
        for file in page.files:
            db.execute("INSERT INTO file VALUES (?, ?, ?)", (target.id, file.name, file.content))
        _write(db, page)


def close_run(run: Run, state: RunState, reason: str) -> None:
    with _open() as db:
        db.execute("INSERT INTO ended VALUES (?, ?)", (state, reason))


def _open() -> sqlite3.Connection:
    db = sqlite3.connect(os.environ["TWIN_FILE"], timeout=30)
    db.executescript(
        """CREATE TABLE IF NOT EXISTS page (url TEXT, canonical TEXT, outcome TEXT, reason TEXT, status INTEGER,
            captures INTEGER, wire BLOB, tls TEXT, UNIQUE (url));
        CREATE TABLE IF NOT EXISTS item (url TEXT, kind TEXT, title TEXT, text TEXT, parent TEXT, UNIQUE (url, title));
        CREATE TABLE IF NOT EXISTS file (target INTEGER, name TEXT, content BLOB);
        CREATE TABLE IF NOT EXISTS ended (state TEXT, reason TEXT);"""
    )
    return db


def _write(db: sqlite3.Connection, page: PageResult) -> None:
    wire = page.captures[-1].body if page.captures else b""
    tls = page.captures[-1].tls if page.captures else ""
    values = (page.url, page.canonical_url, page.outcome, page.reason, page.status, len(page.captures), wire, tls)
    db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
    for item in page.items:
        db.execute(
            "INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?)",
            (item.url, item.kind, item.title, item.text, item.parent_url),
        )
