"""Looking things up in schema.org-like objects, whichever markup they came from.

An object is a plain ``dict`` with ``@type``; a value may be a text, a number, an object, or a list of these.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup

from crawlers.pages.source import squeeze

MAX_OBJECTS = 3000
MAX_NESTING = 30
_TAGS = re.compile(r"<[^<>]{1,500}>")
_MOST_MENDED = 20_000  # characters; the parser's time grows with them


@dataclass(frozen=True, slots=True)
class Thing:
    """One object with the markup it came from. ``inside`` is the key under which it stands in its parent, if any."""

    data: dict[str, Any]
    types: frozenset[str]
    markup: str
    inside: str = ""

    def get(self, *names: str) -> Any:
        """The first of the properties ``names`` that holds something."""
        return get(self.data, *names)

    def text(self, *names: str) -> str:
        return first_text(self.get(*names))


def iter_things(values: list[Any], markup: str) -> Iterator[Thing]:
    """Every typed object in ``values``, outer before inner, at most MAX_OBJECTS."""
    stack: list[tuple[Any, str, int]] = [(value, "", 0) for value in reversed(values)]
    count = 0
    while stack and count < MAX_OBJECTS:
        value, inside, depth = stack.pop()
        count += 1
        if isinstance(value, list):
            stack.extend((part, inside, depth + 1) for part in reversed(value[:500]) if depth < MAX_NESTING)
        elif isinstance(value, dict):
            types = types_of(value)
            if types:
                yield Thing(value, types, markup, inside)
            if depth < MAX_NESTING:
                parts = [(part, str(key), depth + 1) for key, part in value.items() if isinstance(part, (dict, list))]
                stack.extend(reversed(parts))


def types_of(value: dict[str, Any]) -> frozenset[str]:
    """The short type names in lower case: ``http://schema.org/Product`` and ``schema:Product`` are ``product``."""
    named = value.get("@type") or value.get("type") or ()
    names = named if isinstance(named, list) else [named]
    return frozenset(re.split(r"[/#:]", name.rstrip("/"))[-1].lower() for name in names if isinstance(name, str))


def get(data: Any, *names: str) -> Any:
    """The first property of ``names`` that holds something, with or without the ``schema:`` prefix."""
    if not isinstance(data, dict):
        return None
    for name in names:
        for key in (name, f"schema:{name}", f"http://schema.org/{name}"):
            value = data.get(key)
            if value not in (None, "", [], {}):
                return value
    return None


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def first_text(value: Any) -> str:
    """The first readable text in ``value``: a text or number itself, else a name or value inside an object."""
    for part in as_list(value):
        if isinstance(part, str) and clean_text(part):
            return clean_text(part)
        if isinstance(part, (int, float)) and not isinstance(part, bool):
            return str(part)
        if isinstance(part, dict) and (
            found := get(part, "name", "@value", "value", "legalName", "text", "alternateName")
        ):
            return first_text(found)
    return ""


def all_texts(value: Any) -> list[str]:
    return [text for part in as_list(value) if (text := first_text(part))]


def first_url(value: Any) -> str:
    """The first address in ``value``: a text itself, else url, contentUrl or @id inside an object."""
    for part in as_list(value):
        if isinstance(part, str) and part.strip():
            return html.unescape(part.strip())
        if isinstance(part, dict) and (found := get(part, "contentUrl", "url", "@id")):
            return first_url(found)
    return ""


def all_urls(value: Any) -> list[str]:
    return [url for part in as_list(value) if (url := first_url(part))]


def clean_text(text: str) -> str:
    """One line of plain text: entities (also doubled ones) resolved, tags taken out, white space squeezed."""
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    return squeeze(_without_tags(text) if "<" in text else text)


def _without_tags(fragment: str) -> str:
    """Shops put cut-off HTML into their data; BeautifulSoup mends it, scripts left out. Long ones lose their tags only."""
    if len(fragment) > _MOST_MENDED or not _TAGS.search(fragment):
        return _TAGS.sub(" ", fragment)
    soup = BeautifulSoup(fragment, "html.parser")
    for unseen in soup(["script", "style"]):
        unseen.decompose()
    return soup.get_text(" ")
