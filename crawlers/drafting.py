"""From what a short crawl of a site showed to a draft of its profile: patterns of addresses, kind, currency. Pure.

A draft says only what was seen; a person reads it, corrects it and keeps it below ``rules/sites``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

from crawlers.pages.reading import LinkRole, PageKind, PageReading
from infringewatch.frontier import authority_of
from infringewatch.model import ItemKind, Outcome

_KIND_OF_SITE = {
    ItemKind.LISTING: "marketplace",
    ItemKind.SHOP: "marketplace",
    ItemKind.BOOK: "literature",
    ItemKind.CHAPTER: "literature",
    ItemKind.VIDEO: "video",
}
_ROLE_OF_PAGE = {
    PageKind.LISTING: "item",
    PageKind.VIDEO: "item",
    PageKind.BOOK: "book",
    PageKind.CHAPTER: "chapter",
    PageKind.LIST: "list",
    PageKind.SHOP: "shop",
}
_WATCHED = (
    "title",
    "price",
    "currency",
    "brand",
    "seller",
    "shop",
    "channel",
    "author",
    "text",
    "image_urls",
    "video_path",
)
_ENOUGH = 3  # items of a kind before what they share says anything
_FEWEST = 2  # pages of one form before it becomes a pattern


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page of the look-around, as it was read. ``by_browser``: only the browser showed it. ``body`` is kept where
    the pages are to be."""

    url: str
    role: str
    outcome: Outcome
    reason: str
    reading: PageReading | None
    by_browser: bool = False
    body: bytes = b""


def draft_profile(start: str, pages: Sequence[SeenPage]) -> dict[str, Any]:
    """The keys of a site profile that the pages speak for, ready for YAML."""
    readings = [page.reading for page in pages if page.reading is not None and page.outcome is Outcome.OK]
    draft: dict[str, Any] = {
        "name": re.sub(r"[^\w.-]", "-", authority_of(start)),
        "version": 1,
        "hosts": [authority_of(start)],
        "start": [start],
        "kind": _kind(readings),
    }
    if roles := _roles(readings):
        draft["roles"] = {role: {"pattern": patterns} for role, patterns in roles.items()}
    if parameter := _page_parameter(readings):
        draft["pagination"] = {"param": parameter}
    if filled := _filled(readings):
        draft["filled"] = filled
    if currency := _most_common(item.currency for reading in readings for item in reading.items if item.currency):
        draft["currency"] = currency
    if (charset := _most_common(reading.encoding for reading in readings)) and charset.lower() not in (
        "utf-8",
        "ascii",
    ):
        draft["charset"] = charset
    if sitemaps := [page.url for page in pages if page.role in ("sitemap", "guess") and _is_sitemap(page)]:
        draft["sitemap"] = sitemaps[:1]
    if any(page.by_browser and page.reading and page.reading.items for page in pages):
        draft["browser"] = {"always": False, "scroll": 8}
    return draft


def render_draft(draft: dict[str, Any]) -> str:
    """The draft as YAML."""
    return yaml.safe_dump(draft, allow_unicode=True, sort_keys=False, width=110)


def _is_sitemap(page: SeenPage) -> bool:
    return page.outcome is Outcome.OK and page.reading is not None and page.reading.page_kind is PageKind.SITEMAP


def _kind(readings: Iterable[PageReading]) -> str:
    kinds = (_KIND_OF_SITE.get(item.kind, "") for reading in readings for item in reading.items)
    return _most_common(kind for kind in kinds if kind) or "auto"


def _filled(readings: Sequence[PageReading]) -> dict[str, list[str]]:
    """The fields that every item of a kind had, of kinds seen often enough: where one is empty later, the layout has
    changed."""
    kinds: dict[str, list[set[str]]] = defaultdict(list)
    for item in (reading.items[0] for reading in readings if reading.items):
        kinds[item.kind].append({name for name in _WATCHED if getattr(item, name) not in (None, "", ())})
    return {str(kind): sorted(set.intersection(*seen)) for kind, seen in kinds.items() if len(seen) >= _ENOUGH}


def _roles(readings: Sequence[PageReading]) -> dict[str, list[str]]:
    """For each role the forms of at least two addresses; a form that two roles share says nothing."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        if role := _ROLE_OF_PAGE.get(reading.page_kind):
            forms[role][address_pattern(reading.url)] += 1
    shared = Counter(form for counts in forms.values() for form, count in counts.items() if count >= _FEWEST)
    found = {
        role: [form for form, count in counts.most_common(4) if count >= _FEWEST and shared[form] == 1]
        for role, counts in forms.items()
    }
    return {role: patterns for role, patterns in found.items() if patterns}


def address_pattern(url: str) -> str:
    """A regular expression for addresses of the same form: numbers and the last segment's words left open."""
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    pieces = [
        _segment_pattern(segment, last=position == len(segments) - 1) for position, segment in enumerate(segments)
    ]
    names = [re.escape(key) for key, _ in parse_qsl(parts.query)]
    query = "".join(rf"[?&]{name}=[^&]+" for name in names)
    return "/" + "/".join(pieces) + ("/" if parts.path.endswith("/") and pieces else "") + (query or "$")


def _segment_pattern(segment: str, *, last: bool) -> str:
    stem, dot, ending = segment.rpartition(".")
    if last and dot and ending.isalnum() and not ending.isdigit():
        return _stem_pattern(stem) + re.escape(f".{ending}")
    return _stem_pattern(segment) if last else re.sub(r"\d+", r"\\d+", re.escape(segment).replace(r"\-", "-"))


def _stem_pattern(stem: str) -> str:
    return r"\d+" if stem.isdigit() else "[^/?]+"


def _page_parameter(readings: Iterable[PageReading]) -> str:
    """The one parameter by which the addresses of next links differ from their page's."""
    names = []
    for reading in readings:
        own = dict(parse_qsl(urlsplit(reading.url).query))
        for link in reading.links_of(LinkRole.NEXT):
            names += [k for k, v in parse_qsl(urlsplit(link.url).query) if v.isdigit() and own.get(k) != v]
    return _most_common(names)


def _most_common(values: Iterable[str]) -> str:
    counted = Counter(values).most_common(1)
    return counted[0][0] if counted else ""
