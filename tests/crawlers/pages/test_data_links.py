"""Things that a page names only in its data are found there."""

from __future__ import annotations

import json

from crawlers.pages.read import read_page
from crawlers.pages.reading import LinkRole


def _page(data: object, body: str = "") -> bytes:
    script = f"<script id=__NEXT_DATA__ type=application/json>{json.dumps(data)}</script>"
    return f"<html><title>Lamps</title><body>{body}<div id=app></div>{script}</body></html>".encode()


def _items(page: bytes) -> set[str]:
    reading = read_page("http://shop.example/lamps", page)
    return {link.url for link in reading.links_of(LinkRole.ITEM)}


def test_priced_things_with_an_address_are_items() -> None:
    things = [{"name": f"Lamp {n}", "price": n, "url": f"/lamp-{n}"} for n in (1, 2)]
    assert _items(_page({"props": {"products": things}})) == {
        "http://shop.example/lamp-1",
        "http://shop.example/lamp-2",
    }


def test_calls_of_an_api_and_things_without_a_name_are_no_pages() -> None:
    data = {"product": {"name": "x", "price": 1, "url": "/api/lamps/1"}, "more": {"price": 2, "url": "/lamp-9"}}
    assert _items(_page(data)) == set()


def test_links_that_can_be_seen_go_before_data() -> None:
    seen = '<div class="product"><a href="/p/7.html">Lamp 7</a> ¥70</div>'
    data = {"product": {"name": "Lamp 8", "price": 8, "url": "/lamp-8"}}
    assert _items(_page(data, seen)) == {"http://shop.example/p/7.html"}
