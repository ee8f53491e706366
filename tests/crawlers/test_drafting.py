"""Drafts of profiles: what a few pages of a site say about the rest of it."""

from __future__ import annotations

import re

import pytest

from crawlers.drafting import SeenPage, address_pattern, draft_profile, render_draft
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading
from infringewatch.model import Item, ItemKind, Outcome
from infringewatch.ruleset import parse_profile

SHOP = "http://shop.example"


def seen(path: str, kind: PageKind, items: tuple[Item, ...] = (), links: tuple[Link, ...] = ()) -> SeenPage:
    reading = PageReading(SHOP + path, SHOP + path, kind, items=items, links=links, encoding="gb18030")
    return SeenPage(SHOP + path, "other", Outcome.OK, "", reading)


def listing(number: int) -> SeenPage:
    url = f"{SHOP}/goods/{number}.html"
    return seen(f"/goods/{number}.html", PageKind.LISTING, (Item(url, ItemKind.LISTING, url, currency="CNY"),))


PAGES = [
    seen("/list/3?page=1", PageKind.LIST, links=(Link(f"{SHOP}/list/3?page=2", LinkRole.NEXT),)),
    seen("/list/4?page=1", PageKind.LIST),
    *map(listing, range(3)),
]


@pytest.mark.parametrize(
    ("url", "other", "stranger"),
    [
        ("http://a/goods/12.html", "http://a/goods/7.html", "http://a/help/12.html"),
        ("http://a/book/12/chapter-3", "http://a/book/9/chapter-71", "http://a/book/9"),
        ("http://a/item.php?id=3", "http://a/item.php?id=88", "http://a/item.php"),
        ("http://a/products/morning-lamp", "http://a/products/evening-lamp", "http://a/products/a/b"),
    ],
)
def test_a_pattern_holds_for_its_siblings_and_not_for_strangers(url: str, other: str, stranger: str) -> None:
    pattern = address_pattern(url)
    assert re.search(pattern, url)
    assert re.search(pattern, other)
    assert not re.search(pattern, stranger)


def test_a_draft_says_what_was_seen() -> None:
    draft = draft_profile(f"{SHOP}/", PAGES)
    assert draft["kind"] == "marketplace"
    assert draft["currency"] == "CNY"
    assert draft["charset"] == "gb18030"
    assert draft["pagination"] == {"param": "page"}
    assert draft["roles"]["item"] == {"pattern": [r"/goods/\d+\.html$"]}


def test_a_draft_is_a_valid_profile() -> None:
    profile = parse_profile(render_draft(draft_profile(f"{SHOP}/", PAGES)), "draft.yaml")
    assert profile.hosts == ("shop.example",)


def test_nothing_seen_gives_a_profile_with_the_least() -> None:
    profile = parse_profile(render_draft(draft_profile(f"{SHOP}/", [])), "draft.yaml")
    assert profile.kind == "auto"
