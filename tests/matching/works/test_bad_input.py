"""Hostile pages and works: defined, and bounded in time."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from infringewatch.matching.works.copied import screen_page
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints


def _make_text(seed: int, size: int) -> str:
    codes = np.random.default_rng(seed).integers(0x4E00, 0x5E00, size, dtype=np.uint32)
    return codes.astype("<u4").tobytes().decode("utf-32-le")


_WORK = _make_text(1, 20_000)


@pytest.fixture(scope="module")
def store() -> SqlitePrints:
    made = SqlitePrints(":memory:")
    made.add("W", "W", [WorkPart("", _WORK)])
    return made


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


_JUNK = bytes(random.Random(4).randrange(256) for _ in range(200_000))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("\n \t\u3000" * 5000, id="blank"),
        pytest.param("哈" * 1_000_000, id="one character"),
        pytest.param("哈哈呵" * 300_000, id="three characters"),
        pytest.param(_JUNK.decode("latin-1"), id="binary"),
        pytest.param(_JUNK.decode("utf-8", "replace"), id="replacement characters"),
        pytest.param(_WORK.encode().decode("latin-1"), id="utf-8 read as latin-1"),
        pytest.param(_WORK[:5000].encode("gb18030").decode("utf-8", "replace"), id="gb18030 read as utf-8"),
        pytest.param("\ud800\udfff" * 1000, id="lone surrogates"),
        pytest.param("\u0301\u200d\ufe0f" * 10_000, id="marks alone"),
        pytest.param("a" + " " * 1_000_000 + "b" * 200, id="mostly gaps"),
    ],
)
def test_junk_is_quiet_and_quick(text: str, store: SqlitePrints) -> None:
    with _within(4.0):
        assert screen_page(text, store, None).works == []


def test_a_page_of_five_megabytes_is_screened_in_bounded_time(store: SqlitePrints) -> None:
    page = _make_text(7, 800_000) + _WORK[2000:12_000] + _make_text(8, 800_000)
    with _within(10.0):
        (copied,) = screen_page(page, store, None).works
    assert 9_900 < copied.covered < 10_100


def test_a_page_that_repeats_a_work_is_screened_in_bounded_time(store: SqlitePrints) -> None:
    with _within(10.0):
        (copied,) = screen_page(_WORK[:3000] * 40, store, None).works
    assert copied.share > 0.05


def test_a_work_that_repeats_itself_is_found_once() -> None:
    chapter = _make_text(5, 3000)
    repeated = SqlitePrints(":memory:")
    repeated.add("R", "R", [WorkPart("", chapter * 30)])
    with _within(5.0):
        (copied,) = screen_page(chapter, repeated, None).works
    assert copied.share == pytest.approx(1.0, abs=0.01)


def test_of_two_works_that_contain_each_other_both_are_found() -> None:
    nested = SqlitePrints(":memory:")
    nested.add("whole", "whole", [WorkPart("", _WORK)])
    nested.add("part", "part", [WorkPart("", _WORK[5000:10_000])])
    found = screen_page(_WORK[6000:9000], nested, None).works
    assert {copied.work.key for copied in found} == {"whole", "part"}
    assert all(copied.share > 0.99 for copied in found)


def test_a_work_of_a_million_characters_can_be_added_and_withdrawn() -> None:
    """Twenty million are measured by benchmarks/works_speed.py."""
    big = SqlitePrints(":memory:")
    text = _make_text(9, 1 << 20)
    with _within(10.0):
        big.add("big", "big", [WorkPart(str(number), text[number:] + text[:number]) for number in range(1)])
        found = screen_page(text[500_000:503_000], big, None).works
        assert big.remove("big")
    assert found[0].share > 0.99
    assert list(big.works()) == []
