"""Which addresses lie on a host as people write it."""

from __future__ import annotations

import pytest

from infringewatch.hosts import holds


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("books.example", "https://books.example/1"),
        ("books.example", "http://www.books.example:8080/1"),
        ("books.example:8080", "http://books.example:8080/1"),
        ("books.example:443", "https://books.example/1"),
        ("*.books.example", "http://a.b.books.example/"),
        ("书.example", "http://xn--1jq.example/"),
        ("[2001:db8::1]:81", "http://[2001:db8::1]:81/"),
    ],
)
def test_an_address_lies_on_its_host(host: str, url: str) -> None:
    assert holds(host, url)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("books.example", "http://notbooks.example/"),
        ("books.example", "http://a.books.example/"),
        ("books.example:81", "http://books.example/"),
        ("books.example", "http://books.example.evil.example/"),
        ("books.example", "http://[broken"),
    ],
)
def test_other_hosts_are_not_taken_for_it(host: str, url: str) -> None:
    assert not holds(host, url)
