"""Which addresses say by themselves to which book a chapter belongs."""

from __future__ import annotations

import pytest

from infringewatch.books import book_addresses, book_folder


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("http://n.test/book/12/3.html", "http://n.test/book/12/"),
        ("http://n.test/book/12/chapter-3.html", "http://n.test/book/12/"),
        ("http://n.test/12_12345/678_2.html", "http://n.test/12_12345/"),
        ("http://n.test/novel/wugang/3", "http://n.test/novel/wugang/"),
        ("http://n.test/official/book/15/1.html", "http://n.test/official/book/15/"),
        ("http://n.test/read.php?bookid=12&cid=3", "http://n.test/read.php?bookid=12"),
    ],
)
def test_an_address_that_names_its_book(url: str, folder: str) -> None:
    assert book_folder(url) == folder


@pytest.mark.parametrize(
    "url",
    [
        "http://n.test/3.html",
        "http://n.test/article/3.html",
        "http://n.test/2026/11/25/3.html",
        "http://n.test/news/2026/3.html",
        "http://n.test/book/12/about.html",
        "http://n.test/read.php?bookid=12",
        "http://n.test/read.php?cid=3",
        "http://n.test/",
        "",
    ],
)
def test_an_address_that_does_not_say(url: str) -> None:
    assert book_folder(url) == ""


def test_a_books_page_is_looked_for_where_sites_put_it() -> None:
    assert "http://n.test/book/12.html" in book_addresses("http://n.test/book/12/")


def test_a_query_names_one_address() -> None:
    assert book_addresses("http://n.test/read?bookid=1") == ["http://n.test/read?bookid=1"]
