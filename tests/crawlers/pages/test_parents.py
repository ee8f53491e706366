"""What a chapter calls its book is another page, or nothing."""

from __future__ import annotations

import json

import pytest

from crawlers.pages import read_page

_TEXT = "雨落了整整一夜，小镇的石板路上没有一个行人。老人推开门，看见远处的灯一盏一盏地灭下去。" * 20
_URL = "https://blog.example/rain/chapter-one/"


def parent_of(part_of: str, body: str = "", url: str = _URL) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": "第一章 夜雨",
        "isPartOf": {"@id": part_of},
    }
    page = (
        f"<html><head><title>第一章 夜雨</title><script type='application/ld+json'>{json.dumps(data)}</script></head>"
        f"<body><article><h1>第一章 夜雨</h1><p>{_TEXT}</p></article>{body}</body></html>"
    )
    return read_page(url, page.encode()).items[0].parent_url


@pytest.mark.parametrize(
    "own", [_URL, _URL.rstrip("/"), f"{_URL}#webpage", "http://www.blog.example/rain/chapter-one/"]
)
def test_a_page_is_never_its_own_parent(own: str) -> None:
    assert parent_of(own) == ""


def test_a_page_that_calls_itself_its_whole_has_the_index_that_it_links_to() -> None:
    assert parent_of(_URL, "<a href='/rain/'>all chapters</a>") == "https://blog.example/rain/"


def test_a_whole_that_is_another_page_is_the_parent() -> None:
    assert parent_of("https://blog.example/books/rain") == "https://blog.example/books/rain"


def test_a_whole_site_is_no_parent() -> None:
    assert parent_of("https://blog.example/#website") == ""


def test_a_months_archive_is_no_parent() -> None:
    own = "https://blog.example/2024/05/chapter-one/"
    assert parent_of(own, "<a href='/2024/05/'>May</a><a href='/2024/'>2024</a>", own) == ""
