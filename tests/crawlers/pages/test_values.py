"""Prices, durations, dates and article numbers as people write them: as many that must not be read as must."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crawlers.pages.values.codes import read_gtin
from crawlers.pages.values.prices import parse_price
from crawlers.pages.values.times import read_date, read_duration


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("$1,299.00", "1299", "USD"),
        ("1.299,00 €", "1299", "EUR"),
        ("￥99起", "99", "CNY"),
        ("1.2万元", "12000", "CNY"),
        ("35–60 USD", "35", "USD"),
        ("1 299,00 Kč", "1299", "CZK"),
        ("0,99 €", "0.99", "EUR"),
        ("Rs 23,450", "23450", "INR"),
        ("50% off $20", "20", "USD"),
    ],
)
def test_it_reads_a_price(text: str, amount: str, currency: str) -> None:
    price = parse_price(text)
    assert price is not None
    assert (price.amount, price.currency) == (Decimal(amount), currency)


def test_it_reads_no_price_where_no_number_stands() -> None:
    assert parse_price("free of charge") is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT1H2M3S", 3723), ("T8S", 8), ("8分30秒", 510), ("12:34", 754), ("soon", None)]
)
def test_it_reads_a_duration(text: str, seconds: float | None) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("March 5th, 2024", "2024-03-05"),
        ("25/04/2024", "2024-04-25"),
        ("03/04/2024", ""),
    ],
)
def test_it_reads_a_date_but_never_guesses_between_day_and_month(text: str, day: str) -> None:
    assert read_date(text) == day


@pytest.mark.parametrize(
    ("text", "digits"), [("4006381333931", "4006381333931"), ("4006381333932", ""), ("0000000000000", "")]
)
def test_it_takes_a_gtin_by_its_check_digit(text: str, digits: str) -> None:
    assert read_gtin(text) == digits
