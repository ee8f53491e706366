"""Addresses that a site does not link to."""

from __future__ import annotations

import pytest

from crawlers.addresses import fill_search, missing_address, page_number, with_parameter


@pytest.mark.parametrize(
    ("url", "number"), [("http://a/l?page=3", 3), ("http://a/l", 1), ("http://a/l?page=x", 1), ("http://a/l?p=3", 1)]
)
def test_the_number_of_a_page_is_read(url: str, number: int) -> None:
    assert page_number(url, "page", 1) == number


def test_the_other_parameters_stay_in_their_order() -> None:
    assert with_parameter("http://a/l?z=1&page=2&a=", "page", 3) == "http://a/l?z=1&a=&page=3"


def test_a_search_term_is_encoded() -> None:
    assert fill_search("http://a/s?q={query}", "晨光 & 灯") == "http://a/s?q=%E6%99%A8%E5%85%89%20%26%20%E7%81%AF"


def test_the_missing_address_stays_on_its_host_and_port() -> None:
    assert missing_address("http://a:81/x?y=1", 7).startswith("http://a:81/infringewatch-")
