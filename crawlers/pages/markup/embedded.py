"""JSON that a page carries for its own scripts: __NEXT_DATA__, window.__STATE__, data layers, data attributes.

Nothing is executed. A script's object literal is read where it is JSON, or becomes it token by token.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from crawlers.pages.source import PageSource

MAX_SCRIPT = 1_500_000
MAX_STARTS = 40
_DECODER = json.JSONDecoder(strict=False)
_WORTH_READING = re.compile(r"price|sku|brand|product|chapter|novel|video|duration|article", re.I)
_START = re.compile(r"(?:=|:|\(|,)\s*(?=[{\[]\s*[\"{\[])")
MAX_LITERAL = 200_000
_TOKEN = re.compile(
    r"""\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])|(?P<key>[A-Za-z_$][\w$]*(?=\s*:))|[A-Za-z_$][\w$]*""",
    re.S,
)
_ESCAPE = re.compile(r"\\(['\"/])")
_PARSE_CALL = re.compile(r"JSON\.parse\(\s*([\"'])(.{20,400000}?)\1\s*\)", re.S)


def read_embedded(source: PageSource) -> list[Any]:
    """The JSON values of the page's data scripts and data attributes, in page order."""
    found: list[Any] = []
    for node in source.tree.css("script:not([src])"):
        kind = (node.attributes.get("type") or "").lower()
        raw = node.text()
        if not raw or len(raw) > MAX_SCRIPT or "ld+json" in kind or not _WORTH_READING.search(raw):
            continue
        if "json" in kind:
            found.extend(_whole(raw))
        else:
            found.extend(_iter_literals(raw))
    for node in source.tree.css(
        "[data-product], [data-item], [data-props], [data-page], [data-state], [data-gtm-product]"
    )[:30]:
        for key, value in node.attributes.items():
            if key.startswith("data-") and value and value.lstrip()[:1] in ("{", "["):
                found.extend(_whole(value))
    return found


def _whole(raw: str) -> list[Any]:
    text = raw.strip()
    if text.startswith("&") or "&quot;" in text[:20]:
        text = html.unescape(text)
    try:
        return [_DECODER.raw_decode(text)[0]]
    except (ValueError, RecursionError):
        return []


def _iter_literals(script: str) -> Iterator[Any]:
    """Object literals that are JSON: after an assignment, or as an argument."""
    for call in _PARSE_CALL.finditer(script):
        yield from _whole(call[2].encode("ascii", "backslashreplace").decode("unicode_escape", "replace"))
    found = False
    for value in _iter_json(script):
        found = True
        yield value
    if not found and len(script) <= MAX_LITERAL and _WORTH_READING.search(script):
        yield from _iter_json(_TOKEN.sub(_as_json, script))


def _iter_json(script: str) -> Iterator[Any]:
    position, tries = 0, 0
    while tries < MAX_STARTS and (start := _START.search(script, position)):
        tries += 1
        try:
            value, position = _DECODER.raw_decode(script, start.end())
        except (ValueError, RecursionError):
            position = start.end()
            continue
        if isinstance(value, (dict, list)) and value:
            yield value


def _as_json(token: re.Match[str]) -> str:
    """One token of a script as JSON has it: names of keys and texts in double quotes, no comments, no ``undefined``."""
    text = token[0]
    if text[0] == "'":
        return json.dumps(_ESCAPE.sub(r"\1", text[1:-1]), ensure_ascii=False)
    if text[0] == "/":
        return " "
    if text[0] == ",":
        return ""
    if token["key"]:
        return f'"{text}"'
    return "null" if text in ("undefined", "NaN", "Infinity") else text


def plain_key(key: str) -> str:
    """``productName``, ``product_name`` and ``product-name`` are one key."""
    return re.sub(r"[^a-z0-9]", "", key.lower())
