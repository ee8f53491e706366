from __future__ import annotations

from datetime import date

import pytest

from infringewatch.model import AllowRow, Item, ItemKind, Right, RightKind
from infringewatch.permissions import find_permission, is_licensed_address, is_same_seller

DAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("allowed", "url", "covered"),
    [
        ("books.example", "https://books.example/a", True),
        ("books.example", "https://evilbooks.example/a", False),
        ("books.example", "https://m.books.example/a", False),
        ("books.example", "http://books.example:8080/a", True),
        ("books.example", "http://books.example:no/a", False),
        ("books.example", "", False),
        ("*.books.example", "https://books.example/a", False),
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
    [
        ("Velmora 中国", "ＶＥＬＭＯＲＡ中国", True),
        ("Velmora", "Velmora outlet", False),
        ("Velmora", "", False),
        (" ", " ", False),
    ],
)
def test_a_seller_is_known_by_its_whole_name(allowed: str, seller: str, same: bool) -> None:
    assert is_same_seller(allowed, seller) is same


@pytest.mark.parametrize(("day", "allowed"), [(date(2026, 6, 30), True), (date(2026, 7, 1), False)])
def test_a_permission_holds_on_its_days_only(day: date, allowed: bool) -> None:
    row = AllowRow("T1/licensed_hosts/a.example", "licensed_hosts", "a.example", date(2026, 1, 1), date(2026, 6, 30))
    right = Right(RightKind.COPYRIGHT, "书", "T1", allow=(row,))
    found = find_permission(Item("1", ItemKind.BOOK, url="https://a.example/1"), right, day)
    assert (found is row) is allowed


@pytest.mark.parametrize("field", ["seller", "shop", "channel", "publisher", "author"])
def test_a_seller_is_known_by_any_name_field_whatever_its_width_and_case(field: str) -> None:
    row = AllowRow("T1/authorised_sellers/Lan Shop", "authorised_sellers", "Lan Shop")
    right = Right(RightKind.TRADEMARK, "蓝", "T1", allow=(row,))
    item = Item.from_record({"id": "1", "kind": "listing", field: "ＬＡＮ shop"})
    assert find_permission(item, right, DAY) is row
