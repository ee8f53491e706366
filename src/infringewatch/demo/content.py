"""Reads the bundled content into records: what the fictional sites show. Knows nothing of the truth about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"
_HEADING = re.compile(r"^第.{1,3}[章回] .+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Chapter:
    heading: str
    paragraphs: tuple[str, ...]


def read_content(name: str) -> dict[str, Any]:
    """One of the content files (``market``, ``novels``, ``videos``)."""
    content: dict[str, Any] = yaml.safe_load((CONTENT / f"{name}.yaml").read_text("utf-8"))
    return content


def read_text(name: str) -> str:
    return (CONTENT / name).read_text("utf-8")


def split_chapters(text: str) -> list[Chapter]:
    """The chapters of a text by their headings; a text without headings is one chapter under its first line."""
    starts = [match.start() for match in _HEADING.finditer(text)] or [0]
    ends = [*starts[1:], len(text)]
    return [_make_chapter(text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _make_chapter(text: str) -> Chapter:
    heading, *paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    return Chapter(heading, tuple(paragraphs))
