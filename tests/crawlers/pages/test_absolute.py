"""Links become whole addresses as browsers make them, also on the short way that plain paths take."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from crawlers.pages.source import PageSource

_HREFS = (
    *("a", "a/b.html", "/a/b", "/", "/a/", "a/", "a?b=1", "/a/b.html?c=d&e=%20", "?page=2", "a//b", "/a//b", "../a"),
    *(
        "./a",
        "a/../b",
        "/.a",
        "a/.b",
        "//other.example/a",
        "http://other.example/a",
        "a;b",
        "a?",
        "中文/页",
        "a b",
        "%7Ea",
    ),
    *("1:2", "a:b", "~me/x.y.z", "-", "a/..", "a...b/c"),
)
_BASES = (
    *(
        "http://shop.example",
        "http://shop.example/",
        "http://shop.example/list/2.html",
        "https://shop.example:8443/a/b/?c=d/e",
    ),
    *("http://shop.example/a//b/c", "http://shop.example/a/../b/c"),
)


@pytest.mark.parametrize("base", _BASES)
def test_an_address_is_joined_by_the_rules(base: str) -> None:
    source = PageSource(base, b"<html></html>")
    for href in _HREFS:
        joined = urljoin(base, href)
        assert source.absolute(href) == (joined if joined.startswith("http") else ""), href


def test_a_base_that_is_no_web_address_makes_none() -> None:
    assert PageSource("file:///tmp/a.html", b"").absolute("b.html") == ""
