"""Links that stand only in a page's data, for its own scripts to show: named things with an address of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crawlers.pages.links import guess_role
from crawlers.pages.reading import Link, LinkRole
from crawlers.pages.view import PageView

MAX_LINKS = 500
_MAX_OBJECTS = 20_000
_NAMES = ("name", "title", "productName", "headline", "label")
_ADDRESSES = ("url", "href", "link", "permalink", "path", "canonicalUrl", "canonical_url", "detailUrl", "detail_url")


def links_in_data(view: PageView) -> tuple[Link, ...]:
    """What the page's JSON names with an address inside it; a call of the site's API is no page, and left out."""
    found: dict[str, Link] = {}
    for thing in _iter_objects(view.embedded):
        name, address = _text(thing, _NAMES), _text(thing, _ADDRESSES)
        if not name or not address.startswith(("/", "http://", "https://", "./")) or "/api/" in address:
            continue
        url = view.source.absolute(address)
        if url and url not in found:
            role = guess_role(url, name)
            priced = any("price" in key.lower() for key in thing if isinstance(key, str))
            found[url] = Link(url, LinkRole.ITEM if priced and role is LinkRole.OTHER else role, name)
        if len(found) >= MAX_LINKS:
            break
    return tuple(found.values())


def _text(thing: dict[str, Any], keys: tuple[str, ...]) -> str:
    return next((value for key in keys if isinstance(value := thing.get(key), str) and value), "")


def _iter_objects(roots: list[Any]) -> Iterator[dict[str, Any]]:
    waiting, seen = list(reversed(roots)), 0
    while waiting and seen < _MAX_OBJECTS:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [inner for inner in reversed(list(value.values())) if isinstance(inner, (dict, list))]
        elif isinstance(value, list):
            waiting += [inner for inner in reversed(value) if isinstance(inner, (dict, list))]
