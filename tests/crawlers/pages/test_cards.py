"""Cards of a list page become items only where the profile says so."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crawlers.pages import document, read_page
from infringewatch.model import Item, ItemKind
from infringewatch.ruleset import parse_profile

PAGE = """<html><body><h1>Lamps</h1><div class="grid">
<div class="card"><a href="/p/1"><img data-src="/i/1.jpg" src="blank.gif"></a><a href="/p/1" title="Halo desk lamp, large">Halo desk…</a>
<del>€ 40</del><span class="now">€ 29,90</span><em class="shop">Lamp House</em></div>
<div class="card"><a href="/p/2">Nova lamp</a><span>€ 12</span></div><div class="card">an advert</div></div></body></html>"""
PROFILE = """
name: lamps
hosts: [shop.example]
start: ["https://shop.example/"]
"""
CARDS = """
cards: .card
card_fields:
  seller: .shop
"""


def read(profile: str) -> tuple[Item, ...]:
    return read_page("https://shop.example/lamps", PAGE.encode(), profile=parse_profile(profile, "lamps")).items


def test_without_a_word_in_the_profile_cards_are_links_only() -> None:
    assert not {item.url for item in read(PROFILE)} & {"https://shop.example/p/1", "https://shop.example/p/2"}


def test_each_card_becomes_an_item_under_the_address_that_it_leads_to() -> None:
    assert [(item.kind, item.url, item.title, item.price) for item in read(PROFILE + CARDS)] == [
        (ItemKind.LISTING, "https://shop.example/p/1", "Halo desk lamp, large", Decimal("29.90")),
        (ItemKind.LISTING, "https://shop.example/p/2", "Nova lamp", Decimal(12)),
    ]


def test_a_card_says_where_each_field_came_from() -> None:
    item = read(PROFILE + CARDS)[0]
    assert (item.seller, item.image_urls) == ("Lamp House", ("https://shop.example/i/1.jpg",))
    assert (item.sources["seller"], item.sources["price"]) == ("profile", "card")


def test_beside_cards_no_offer_of_the_pages_own_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    monkeypatch.setattr(document, "draft_product", lambda *given: looked.append(given))
    assert len(read(PROFILE + CARDS)) == 2
    assert looked == []
