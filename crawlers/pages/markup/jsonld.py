"""JSON-LD as it is found: HTML entities, raw line breaks, trailing commas, comments, several objects in a row."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from crawlers.pages.source import PageSource

MAX_BLOCKS = 60
MAX_BLOCK_CHARACTERS = 1_500_000
_DECODER = json.JSONDecoder(strict=False)  # raw line breaks and tabs inside strings are taken as they are
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|\]\]>)[\s;/*]*$")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_LINE_COMMENT = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/", re.M | re.S)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_MISSING_COMMA = re.compile(r"([}\]\"])(\s*\n\s*)(\"[\w@:-]+\"\s*:)")
_NEXT_VALUE = re.compile(r"[\[{]")


def read_jsonld(source: PageSource) -> list[Any]:
    """Every JSON-LD value of the page, in page order, as plain JSON. What cannot be mended is left out."""
    blocks = source.tree.css('script[type*="ld+json" i]')[:MAX_BLOCKS]
    found: list[Any] = []
    for node in blocks:
        raw = node.text()
        if raw and len(raw) <= MAX_BLOCK_CHARACTERS:
            found.extend(read_sloppy_json(raw))
    return found


def read_sloppy_json(raw: str) -> list[Any]:
    """The JSON values in ``raw``: strictly first, then with the usual mistakes mended one after the other."""
    text = _WRAPPING.sub("", raw).strip().lstrip("\ufeff").rstrip(";")
    for mend in (_as_it_is, _without_commas, _with_commas, _without_comments, _unescaped):
        text = mend(text)
        try:
            return _decode_all(text)
        except (ValueError, RecursionError):
            continue
    return _decode_what_stands(text)


def _decode_all(text: str) -> list[Any]:
    """One value, or several in a row (some sites forget the array around them)."""
    values: list[Any] = []
    position = 0
    while position < len(text):
        value, position = _DECODER.raw_decode(text, position)
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def _decode_what_stands(text: str) -> list[Any]:
    """The first value that decodes, from where it starts; rubbish around it is passed over."""
    for start in list(_NEXT_VALUE.finditer(text))[:20]:
        try:
            return [_DECODER.raw_decode(text, start.start())[0]]
        except (ValueError, RecursionError):
            continue
    return []


def _as_it_is(text: str) -> str:
    return text


def _without_commas(text: str) -> str:
    return _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub(r"\1", text))


def _with_commas(text: str) -> str:
    return _MISSING_COMMA.sub(r"\1,\2\3", text)


def _without_comments(text: str) -> str:
    return _LINE_COMMENT.sub("", text)


def _unescaped(text: str) -> str:
    return html.unescape(text)
