"""Traps: addresses that have no end."""

from __future__ import annotations

import pytest

from crawlers.traps import Shapes, chain_after, shapes_of, trap_by_depth, trap_in


@pytest.mark.parametrize(
    "url",
    [
        "http://a/p/12.html",
        "http://a/book/3/chapter/17",
        "http://a/2024/05/06/a-day",
        "http://a/list?cat=3&page=12&sort=new",
        "http://a/catalog/a-catalog-of-lamps",
        "http://a/shop/shop-windows/1/1/1",
        "http://a/search?q=%E9%95%BF%E5%BE%81",
        "http://a/catalogue/stone-basket-k87_1/",
        "http://a/p/passport-holder",
        "http://a/p/compare-and-save.html",
        "http://a/p/login-lamp",
    ],
)
def test_ordinary_addresses_are_no_traps(url: str) -> None:
    assert trap_in(url) == ""


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://a/login?next=/x", "action"),
        ("http://a/account?next=/account?next=/account", "inside an address"),
        ("http://a/x?return=http://a/y", "inside an address"),
        ("http://a/en/en/en/about", "nests"),
        ("http://a/news/lamps/news/lamps", "nests"),
        ("http://a/" + "/".join(f"d{n}" for n in range(20)), "nests"),
        ("http://a/x;jsessionid=AB12", "session"),
        ("http://a/list?a=1&b=2&c=3&d=4&e=5&f=6&g=7", "parameters"),
        ("http://a/list?f=1&f=2&f=3", "again and again"),
        ("http://a/?add-to-cart=12", "action"),
        ("http://a/basket/add/3/", "action"),
        ("http://a/wp-login.php", "action"),
        ("http://a/user/sign-in", "action"),
        ("http://a/item/7/add_to_cart", "action"),
        ("http://a/" + "x" * 2000, "without end"),
        ("http://a/cover.jpg", "no page"),
    ],
)
def test_it_says_what_is_wrong_with_a_trap(url: str, word: str) -> None:
    assert word in trap_in(url)


def test_a_page_too_many_links_deep_is_a_trap() -> None:
    assert "links deep" in trap_by_depth(99)


def test_numbers_do_not_change_the_shape_of_an_address() -> None:
    assert shapes_of("http://a/cal/2024/05?d=1") == shapes_of("http://a/cal/2031/11?d=30")


def test_a_shape_that_leads_to_itself_and_brings_nothing_new_is_left_alone() -> None:
    shapes = Shapes(limit=3)
    for month in range(1, 4):
        shapes.note(f"http://a/cal/{month}", month, fruitful=False)
    assert "nothing new" in shapes.trap("http://a/cal/99", 4)
    assert shapes.trap("http://a/p/99", 4) == ""


def test_pages_that_a_list_names_are_no_trap_however_alike() -> None:
    shapes = Shapes(limit=3)
    for number in range(9):
        shapes.note(f"http://a/book/{number}", 0, fruitful=False)
    assert shapes.trap("http://a/book/99", 0) == ""


def test_all_facets_of_one_path_share_its_credit() -> None:
    shapes = Shapes(limit=3)
    for name in "abc":
        shapes.note(f"http://a/list?{name}=1", 1, fruitful=False)
    assert "nothing new" in shapes.trap("http://a/list?d=1", 3)


def test_one_fruitful_page_gives_a_shape_new_credit() -> None:
    shapes = Shapes(limit=2)
    for fruitful in (False, True, False):
        shapes.note("http://a/p/1", 5, fruitful=fruitful)
    assert shapes.trap("http://a/p/2", 5) == ""


def test_a_chain_counts_the_steps_within_one_shape() -> None:
    assert chain_after("http://a/cal/2", "http://a/cal/1", 4) == 5
    assert chain_after("http://a/cal/2", "http://a/", 4) == 0
