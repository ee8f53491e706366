"""Two texts side by side: what was copied in numbered passages, row against row, and what was not, folded. Pure.

Built from a finding's ``passages`` and ``spans`` (raw code points of the page's text and of the work's file). Texts
are hostile: pieces are plain strings that the template escapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from infringewatch.documents import Document
from infringewatch.matching.works.canonical import Canonical, canonicalise
from infringewatch.web.works import text_of

_LONG_ROW = 240  # a row may end after a sentence from here on, where the page has no paragraphs
_SHOWN = 90  # characters left in sight on each side of a fold
_MOST_FOLDED = 6000  # beyond it a fold cannot be opened: the chapter's own page is the place to read it
_PARAGRAPH_END = re.compile(r"\n")
_SENTENCE_END = re.compile(r"[。！？!?…]+[”」』’\"]*")
_CLOSING = re.compile(r"[。！？!?…，,；;：:、”」』’）》】)\]]*")
_OPENING = re.compile(r"[“「『‘（《【(\[]")
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of one text. ``kind`` is empty where both texts say the same, else how they differ; ``other`` is what the
    other text has in its place. An empty ``text`` marks the place where the other text has more."""

    text: str
    kind: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph or so of a passage, in both texts."""

    page: list[Piece]
    work: list[Piece]


@dataclass(frozen=True, slots=True)
class Fold:
    """A stretch that was not copied. ``hidden`` is folded away (empty: all of it is in sight), ``length`` counts all."""

    head: str
    hidden: str
    tail: str
    length: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One copied passage. ``moved`` says that in the work it stands before the passage that precedes it here."""

    number: int
    rows: list[Row]
    length: int
    identity: float | None
    chapter: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between two passages: ``page`` in the crawled text, ``work`` in the work where both follow on."""

    page: Fold | None
    work: Fold | None


@dataclass(frozen=True, slots=True)
class _Unit:
    """A passage, or the piece of one that lies in one file of the work."""

    number: int
    start: int
    end: int
    file: str
    right_start: int
    right_end: int
    chapter: str
    identity: float | None
    steps: tuple[tuple[str, int, int, int, int], ...]


def lay_beside(text: str, work: Document | None, finding: Mapping[str, Any]) -> list[Passage | Gap]:
    """The page's ``text`` from its beginning to its end: passages with the work's text beside them, gaps between."""
    details = finding.get("details", {})
    renamed = {(row[0], row[1]) for row in details.get("renamings", ())}
    laid: list[Passage | Gap] = []
    before: _Unit | None = None
    for found in _units(finding):
        original = text_of(work, found.file) if work else ""
        unit = _with_closing(text, original, found)
        gap = _gap(text, original, before, unit)
        laid += [gap] if gap else []
        moved = before is not None and before.file == unit.file and unit.right_start < before.right_start
        rows = list(_rows(text, original, unit, renamed))
        laid.append(Passage(unit.number, rows, unit.end - unit.start, unit.identity, unit.chapter, moved))
        before = unit
    rest = fold(text[before.end if before else 0 :])
    return [*laid, Gap(rest, None)] if rest else laid


def fold(text: str) -> Fold | None:
    """``text`` with its middle folded away where it is long; ``None`` for blank."""
    shown = text.strip()
    if not shown:
        return None
    if len(shown) <= 3 * _SHOWN:
        return Fold(shown, "", "", len(shown))
    hidden = shown[_SHOWN:-_SHOWN]
    return Fold(shown[:_SHOWN], hidden if len(hidden) <= _MOST_FOLDED else "", shown[-_SHOWN:], len(shown))


def _gap(text: str, original: str, before: _Unit | None, unit: _Unit) -> Gap | None:
    page = fold(text[before.end if before else 0 : unit.start])
    follows = before is not None and before.file == unit.file and before.right_end <= unit.right_start
    work = fold(original[before.right_end : unit.right_start]) if before is not None and follows else None
    return Gap(page, work) if page or work else None


def _units(finding: Mapping[str, Any]) -> list[_Unit]:
    """In the order of the page. A finding of an older version names spans only."""
    spans = sorted(tuple(span) for span in finding.get("spans", ()) if len(span) > 4 and span[2] == "text")
    passages = finding.get("details", {}).get("passages") or [
        {"number": number, "start": span[0], "end": span[1]} for number, span in enumerate(spans, 1)
    ]
    units = [_unit(passage, span) for passage in passages for span in spans if _is_within(span, passage)]
    return sorted(units, key=lambda unit: (unit.start, unit.end))


def _with_closing(text: str, original: str, unit: _Unit) -> _Unit:
    """A finding ends at the last letter; a reader expects the full stop after it."""
    end, right_end = (_CLOSING.match(t, at) for t, at in ((text, unit.end), (original, unit.right_end)))
    return replace(unit, end=end.end() if end else unit.end, right_end=right_end.end() if right_end else unit.right_end)


def _is_within(span: Sequence[Any], passage: Mapping[str, Any]) -> bool:
    return bool(passage["start"] <= span[0] and span[1] <= passage["end"])


def _unit(passage: Mapping[str, Any], span: Sequence[Any]) -> _Unit:
    start, end, _field, right_start, right_end, *rest = span
    steps = tuple(
        tuple(step)
        for step in passage.get("steps", ())
        if start <= step[1] <= step[2] <= end and right_start <= step[3] <= step[4] <= right_end
    )
    file = str(rest[0]) if rest else ""
    chapter = passage.get("part") or file
    return _Unit(passage["number"], start, end, file, right_start, right_end, chapter, passage.get("identity"), steps)


def _rows(text: str, original: str, unit: _Unit, renamed: set[tuple[str, str]]) -> Iterator[Row]:
    """The passage cut where a paragraph of the page ends in words that both texts share."""
    row = Row([], [])
    for page, work in _pairs(text, original, unit, renamed):
        ends = _row_ends(page.text, work.text, sum(len(p.text) for p in row.page)) if not page.kind else []
        begun = (0, 0)
        for at in ends:
            row.page.append(Piece(page.text[begun[0] : at[0]]))
            row.work.append(Piece(work.text[begun[1] : at[1]]))
            yield from _filled(row)
            row, begun = Row([], []), at
        row.page.append(Piece(page.text[begun[0] :], page.kind, page.other))
        row.work.append(Piece(work.text[begun[1] :], work.kind, work.other))
    yield from _filled(row)


def _pairs(text: str, original: str, unit: _Unit, renamed: set[tuple[str, str]]) -> Iterator[tuple[Piece, Piece]]:
    """Equal runs and changes, in order; together they are both passages whole."""
    at, right_at = unit.start, unit.right_start
    for kind, start, end, right_start, right_end in unit.steps:
        if start < at or right_start < right_at:
            continue
        yield Piece(text[at:start]), Piece(original[right_at:right_start])
        ours, theirs = text[start:end], original[right_start:right_end]
        named = "renamed" if (_bare(theirs), _bare(ours)) in renamed else kind
        yield Piece(ours, named, theirs), Piece(theirs, named, ours)
        at, right_at = end, right_end
    yield Piece(text[at : unit.end]), Piece(original[right_at : unit.right_end])


def _bare(text: str) -> str:
    return canonicalise(text).text


def _row_ends(page: str, work: str, length: int) -> list[tuple[int, int]]:
    """Where rows end inside an equal run, as places in both texts: at a paragraph's end in either, and in long
    paragraphs after a sentence. ``length`` characters of the row stand before the run."""
    ours, theirs = canonicalise(page), canonicalise(work)
    if len(ours) != len(theirs) or not len(ours):
        return []
    paragraphs = {_next(ours, found) for found in _PARAGRAPH_END.finditer(page)}
    paragraphs |= {_next(theirs, found) for found in _PARAGRAPH_END.finditer(work)}
    sentences = {_next(ours, found) for found in _SENTENCE_END.finditer(page)}
    ends, begun = [], -length
    for at in sorted(paragraphs | sentences):
        place = _border(page, ours, at)
        if at in paragraphs or place - begun >= _LONG_ROW:
            ends.append((place, _border(work, theirs, at)))
            begun = place
    return ends


def _next(text: Canonical, found: re.Match[str]) -> int:
    """Which canonical character comes after what was found."""
    return int(np.searchsorted(text.offsets, found.end()))


def _border(raw: str, text: Canonical, at: int) -> int:
    """Where between two canonical characters a row ends: after the line end, else before an opening quote."""
    begin = int(text.offsets[at - 1]) + 1 if at else 0
    end = int(text.offsets[at]) if at < len(text) else len(raw)
    between = raw[begin:end]
    line = between.rfind("\n") + 1
    opening = _OPENING.search(between)
    return begin + (line or (opening.start() if opening else len(between)))


def _filled(row: Row) -> Iterator[Row]:
    """The row trimmed, unless nothing is left of it."""
    trimmed = Row(_trim(row.page), _trim(row.work))
    if any(piece.text.strip() for piece in (*trimmed.page, *trimmed.work)):
        yield trimmed


def _trim(pieces: Sequence[Piece]) -> list[Piece]:
    """Without empty equal runs, blank lines, and blank around the row."""
    kept = [Piece(_BLANK_LINES.sub("\n", p.text), p.kind, p.other) for p in pieces if p.text or p.kind]
    if kept and not kept[0].kind:
        kept[0] = Piece(kept[0].text.lstrip())
    if kept and not kept[-1].kind:
        kept[-1] = Piece(kept[-1].text.rstrip())
    return kept
