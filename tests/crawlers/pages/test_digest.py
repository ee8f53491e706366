"""The front page of a blog shows many openings, and is none of them."""

from __future__ import annotations

from crawlers.pages.read import read_page
from crawlers.pages.reading import PageKind

_TEXT = "<p>" + "山中无历日，寒尽不知年。" * 40 + "</p>"


def _page(*pieces: str) -> bytes:
    return (
        f"<html><head><meta property='og:type' content='article'></head><body>{''.join(pieces)}</body></html>".encode()
    )


def _piece(number: int, href: str) -> str:
    return f"<article><h2><a href='{href}'>第{number}章</a></h2>{_TEXT}</article>"


def test_a_page_of_several_openings_has_no_item_of_its_own() -> None:
    reading = read_page("http://a.example/page/2/", _page(_piece(1, "/1.html"), _piece(2, "/2.html")))
    assert reading.page_kind is PageKind.LIST
    assert reading.items == ()


def test_a_page_whose_own_text_comes_first_is_that_text() -> None:
    own = f"<article><h1>第3章</h1>{_TEXT}</article>"
    reading = read_page("http://a.example/3.html", _page(own, _piece(1, "/1.html"), _piece(2, "/2.html")))
    assert reading.page_kind is PageKind.CHAPTER


def test_a_piece_that_links_to_itself_is_the_page() -> None:
    pieces = [_piece(3, "/3.html"), _piece(1, "/1.html"), _piece(2, "/2.html")]
    assert read_page("http://a.example/3.html", _page(*pieces)).page_kind is PageKind.ARTICLE
