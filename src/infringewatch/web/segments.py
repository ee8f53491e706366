"""Cuts a text into marked and plain pieces, so that a template only has to escape and print them. Pure.

Titles are hostile: no markup is ever put together here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from infringewatch.store.models import Hit

CONTEXT = 60
"""Characters shown before and after a passage of a long text."""


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    marked: bool = False


def cut(text: str, ranges: Iterable[tuple[int, int]]) -> list[Segment]:
    """``text`` in order, the ``ranges`` (code points, half open, in any order, may overlap) marked."""
    segments: list[Segment] = []
    done = 0
    for start, end in sorted(ranges):
        start, end = max(start, done), min(end, len(text))
        if start >= end:
            continue
        if start > done:
            segments.append(Segment(text[done:start]))
        segments.append(Segment(text[start:end], True))
        done = end
    if done < len(text):
        segments.append(Segment(text[done:]))
    return segments


def title_segments(hit: Hit) -> list[Segment]:
    """The hit's title, marked where the finding is about it: a book's title is not that of the chapter that was judged."""
    own = hit.item.get("title", hit.title) == hit.title
    return cut(hit.title, spans_in(hit.finding.get("spans", ()), "title") if own else ())


def spans_in(spans: Sequence[Sequence[Any]], field: str) -> list[tuple[int, int]]:
    """The ranges that a finding's spans mark in one field of its item."""
    return [(int(span[0]), int(span[1])) for span in spans if len(span) > 2 and span[2] == field]


def excerpt(text: str, start: int, end: int) -> list[Segment]:
    """One passage of a long text, marked, with a little of what stands around it."""
    left, right = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    before = [Segment("…")] if left else []
    after = [Segment("…")] if right < len(text) else []
    return [*before, *cut(text[left:right], [(start - left, end - left)]), *after]
