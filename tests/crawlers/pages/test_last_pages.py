"""The last page of a list may show one thing only, and is a list none the less."""

from __future__ import annotations

import pytest

from crawlers.pages import read_page
from crawlers.pages.links import guess_role
from crawlers.pages.reading import LinkRole, PageKind

_CARD = "<article class='product'><h3><a href='/p/lamp-22.html'>Halo lamp 22</a></h3><p class='price'>€ 22.00</p><button>Add to basket</button></article>"
_MARKED = (
    "<div itemscope itemtype='https://schema.org/Product'><a itemprop='url' href='/p/lamp-22.html'>"
    "<span itemprop='name'>Halo lamp 22</span></a><span itemprop='offers' itemscope itemtype='https://schema.org/Offer'>"
    "<meta itemprop='price' content='22.00'><meta itemprop='priceCurrency' content='EUR'></span></div>"
)
_LATER = ("/?page=8", "/catalogue/?page=8", "/shop/?paged=8", "/shop/page/8/", "/products?page=8&sort=new")


@pytest.mark.parametrize("card", [_CARD, _MARKED])
@pytest.mark.parametrize("path", _LATER)
def test_a_later_page_with_one_card_is_a_list(path: str, card: str) -> None:
    page = f"<html><head><title>Halo lamps</title></head><body><h1>Halo lamps</h1>{card}<a href='?page=7'>previous</a>"
    reading = read_page(f"https://shop.example{path}", page.encode())
    assert reading.page_kind is PageKind.LIST
    assert reading.items == ()
    assert "https://shop.example/p/lamp-22.html" in {link.url for link in reading.links}


@pytest.mark.parametrize("card", [_CARD, _MARKED])
def test_the_second_page_of_a_things_reviews_is_the_thing(card: str) -> None:
    own = card.replace("<h3><a href='/p/lamp-22.html'>Halo lamp 22</a></h3>", "").replace("/p/lamp-22.html", "?page=2")
    page = f"<html><head><title>Halo lamp 22</title></head><body><h1>Halo lamp 22</h1>{own}<a href='?page=1'>1</a>"
    assert read_page("https://shop.example/p/lamp-22.html?page=2", page.encode()).page_kind is PageKind.LISTING


@pytest.mark.parametrize("path", ["/catalogue/?page=2", "/shop/?page=2", "/products/?page=3", "/shop/page/8/"])
def test_a_link_to_a_numbered_page_of_a_list_leads_to_a_list(path: str) -> None:
    assert guess_role(f"https://shop.example{path}", "2") is LinkRole.LIST


def test_a_link_to_the_second_page_of_a_thing_leads_to_the_thing() -> None:
    assert guess_role("https://shop.example/products/halo-lamp?page=2", "2") is LinkRole.ITEM
