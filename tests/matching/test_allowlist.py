from __future__ import annotations

from datetime import date

import pytest

from infringewatch.matching.allowlist import covers_url, find_permission
from infringewatch.model import AllowRow, Right, RightKind
from tests.matching.judging import DAY, make_item


@pytest.mark.parametrize(
    ("allowed", "url", "covered"),
    [
        ("books.example", "https://books.example/1", True),
        ("books.example", "https://m.books.example/1", False),
        ("*.books.example", "https://m.books.example/1", True),
        ("*.books.example", "https://books.example/1", False),
        ("books.example/official/", "https://books.example/official/1", True),
        ("books.example/official/", "https://books.example/officials/1", False),
        ("books.example:8080", "http://books.example:8080/", True),
        ("books.example:8080", "http://books.example/", False),
        ("books.example", "http://books.example:8080/", True),
        ("books.example", "", False),
        ("books.example", "http://evilbooks.example/", False),
    ],
)
def test_a_licensed_host_covers_what_it_names(allowed: str, url: str, covered: bool) -> None:
    assert covers_url(allowed, url) is covered


def test_a_permission_holds_on_its_days_only() -> None:
    row = AllowRow("T1/licensed_hosts/a.example", "licensed_hosts", "a.example", date(2026, 1, 1), date(2026, 6, 30))
    right = Right(RightKind.COPYRIGHT, "书", "T1", allow=(row,))
    item = make_item("书", url="https://a.example/1")
    assert find_permission(item, right, date(2026, 6, 30)) is row
    assert find_permission(item, right, DAY) is None


@pytest.mark.parametrize("field", ["seller", "shop", "channel", "publisher", "author"])
def test_a_seller_is_known_by_any_name_field_whatever_its_width_and_case(field: str) -> None:
    row = AllowRow("T1/authorised_sellers/Lan Shop", "authorised_sellers", "Lan Shop")
    right = Right(RightKind.TRADEMARK, "蓝", "T1", allow=(row,))
    assert find_permission(make_item("x", **{field: "ＬＡＮ shop"}), right, DAY) is row
