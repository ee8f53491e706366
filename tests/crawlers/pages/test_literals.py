"""Objects that a page's scripts hold, in JSON or in JavaScript's own way of writing them."""

from __future__ import annotations

from decimal import Decimal

from crawlers.pages import read_page
from crawlers.pages.markup.embedded import read_embedded
from crawlers.pages.source import PageSource

URL = "https://shop.example/lamp"


def read(script: str) -> list[object]:
    return read_embedded(PageSource(URL, f"<html><script>{script}</script></html>".encode()))


def test_a_script_literal_is_read_token_by_token() -> None:
    script = "var product = {id: 1, 'name': 'Halo \\'L\\' lamp', /* old */ price: undefined, sizes: ['S', \"M\",],};"
    assert read(script)[0] == {"id": 1, "name": "Halo 'L' lamp", "price": None, "sizes": ["S", "M"]}


def test_what_would_have_to_be_run_is_left_out() -> None:
    assert read("var product = {name: makeName(), price: 3};") == []


def test_an_amount_in_cents_is_known_by_the_price_that_is_shown() -> None:
    page = (
        "<html><head><title>Halo lamp</title></head><body><h1>Halo lamp</h1><div class=price>$12.99</div>"
        '<script>var meta = {"product": {"name": "Halo lamp", "price": 1299, "vendor": "Halonia"}}</script></body></html>'
    )
    item = read_page(URL, page.encode()).items[0]
    assert (item.price, item.currency, item.brand) == (Decimal("12.99"), "USD", "Halonia")
