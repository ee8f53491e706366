"""Pairs of label and value on the visible page: tables, definition lists, ``Label: value`` lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawlers.pages.source import squeeze
from crawlers.pages.values.labels import field_of_label
from crawlers.pages.visible.outline import Line, Outline
from crawlers.pages.visible.regions import Region

MAX_VALUE = 160
_COLON = re.compile(r"^([^:：]{1,40}?)\s*[:：]\s*(.*)$", re.S)
_INSIDE = re.compile(r"(?:^|[\s|,;(/（])([^\s:：|,;(（][^:：|,;(（]{0,28}?)\s*[:：]\s*([^\s|,;)）]{2,60})")
_NOT_HERE = Region.RELATED | Region.COMMENTS | Region.FOOTER | Region.NAVIGATION | Region.SIDEBAR


@dataclass(frozen=True, slots=True)
class Labelled:
    """``value`` stands on line ``line`` after a label of ``field``. ``strong``: the label was an element of its own."""

    field: str
    value: str
    line: int
    strong: bool


def read_labels(outline: Outline) -> list[Labelled]:
    """Every pair whose label announces a field, in page order, menus and related boxes left out."""
    found: list[Labelled] = []
    lines = outline.lines
    for position, line in enumerate(lines):
        if line.region & _NOT_HERE or len(line.text) > 400:
            continue
        if line.region & Region.LINK and field_of_label(line.text):
            continue  # a menu's entry, whatever stands after it
        found.extend(_read_line(line, lines[position + 1] if position + 1 < len(lines) else None))
    return found


def _read_line(line: Line, following: Line | None) -> list[Labelled]:
    whole = field_of_label(line.text)
    if whole:
        if following is None or following.region & _NOT_HERE or not 0 < len(following.text) <= MAX_VALUE:
            return []
        if field_of_label(following.text):
            return []
        return [Labelled(whole, following.text.lstrip(":： "), line.number + 1, True)]
    first = squeeze(line.pieces[0].text)
    if len(line.pieces) > 1 and (name := field_of_label(first)):
        value = squeeze("".join(piece.text for piece in line.pieces[1:])).lstrip(":： ")
        if 0 < len(value) <= MAX_VALUE:
            return [Labelled(name, value, line.number, True)]
    split = _COLON.match(line.text)
    if split and (name := field_of_label(split[1])) and 0 < len(split[2]) <= MAX_VALUE:
        return [Labelled(name, split[2], line.number, False), *_inside(line, start=1)]
    return _inside(line)


def _inside(line: Line, start: int = 0) -> list[Labelled]:
    """``… Art. no: 12345 | EAN: …`` in the middle of a line."""
    if ":" not in line.text and "：" not in line.text:
        return []
    return [
        Labelled(name, match[2], line.number, False)
        for match in list(_INSIDE.finditer(line.text))[start:12]
        if (name := field_of_label(match[1]))
    ]
