from __future__ import annotations

import pytest

from infringewatch.permissions import is_licensed_address, is_same_seller


@pytest.mark.parametrize(
    ("allowed", "url", "covered"),
    [
        ("books.example", "https://books.example/a", True),
        ("books.example", "https://evilbooks.example/a", False),
        ("*.books.example", "https://m.books.example/a", True),
        ("*.books.example", "https://books.example.evil/a", False),
        ("books.example:8080", "http://books.example:8080/a", True),
        ("books.example:8080", "http://books.example/a", False),
        ("books.example:443", "https://books.example/a", True),
        ("books.example/official/", "https://books.example/official/1", True),
        ("books.example/official/", "https://books.example/officially/1", False),
        ("books.example/official/", "https://books.example/official/../x", False),
    ],
)
def test_a_licence_covers_its_host_and_path_by_whole_segments(allowed: str, url: str, covered: bool) -> None:
    assert is_licensed_address(allowed, url) is covered


@pytest.mark.parametrize(
    ("allowed", "seller", "same"),
    [("Velmora 中国", "ＶＥＬＭＯＲＡ中国", True), ("Velmora", "Velmora outlet", False), ("Velmora", "", False)],
)
def test_a_seller_is_known_by_its_whole_name(allowed: str, seller: str, same: bool) -> None:
    assert is_same_seller(allowed, seller) is same
