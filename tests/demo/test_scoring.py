"""The score of a finished run, and that the truth speaks of pages and rights that exist."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from infringewatch.demo.content import CONTENT
from infringewatch.demo.market import Market
from infringewatch.demo.novels import Novels
from infringewatch.demo.scoring import Seen, load_truth, render_table, score
from infringewatch.demo.sites import site_addresses
from infringewatch.demo.videos import Videos
from infringewatch.watchlist import read_watchlist

TRUTH = {("a", "R"): "hit", ("b", "R"): "hit", ("c", "R"): "authorised"}


def seen(url: str, queue: str = "counterfeit") -> Seen:
    return Seen(url, "R", queue, "strong", 0.9, "云谷堂 毛尖", "“云谷堂” is the mark")


def test_it_counts_found_and_missed() -> None:
    result = score([seen("a")], TRUTH)
    assert (result.recall, result.missed) == (0.5, (("b", "R"),))


def test_a_page_that_the_truth_does_not_name_is_a_false_alarm() -> None:
    assert score([seen("a"), seen("x")], TRUTH).precision == 0.5


def test_an_authorised_page_in_a_queue_is_a_false_alarm() -> None:
    assert score([seen("c")], TRUTH).false_alarms == (("c", "R"),)


def test_an_authorised_page_recorded_as_such_is_neither() -> None:
    result = score([seen("a"), seen("b"), seen("c", "authorised")], TRUTH)
    assert (result.precision, result.recall, result.authorised) == (1.0, 1.0, 1)


def test_a_planted_page_recorded_as_authorised_is_missed() -> None:
    assert ("a", "R") in score([seen("a", "authorised")], TRUTH).missed


def test_an_empty_run_finds_nothing_and_alarms_nobody() -> None:
    result = score([], TRUTH)
    assert (result.precision, result.recall) == (1.0, 0.0)


def test_the_table_keeps_its_columns_under_wide_characters() -> None:
    header, row = render_table([seen("a")]).splitlines()
    wide = sum(1 for character in row[: row.index("“")] if ord(character) > 0x2E7F)
    assert row.index("“") + wide == header.index("why")


def test_the_table_shows_no_invisible_characters() -> None:
    assert "\u200b" not in render_table([Seen("a", "R", "imitation", "strong", 1, "极\u200b岳", "why")])


@pytest.fixture(scope="module")
def rights() -> set[str]:
    read = read_watchlist(CONTENT / "watchlist" / "watchlist.csv")
    assert read.faults == ()
    return {right.registration_no for right in read.rights}


def test_the_truth_names_rights_of_the_watch_list(rights: set[str]) -> None:
    assert {right for _, right in load_truth()} <= rights


def test_the_truth_names_pages_that_exist() -> None:
    sites = dict(zip(site_addresses().values(), (Market(), Novels(), Videos()), strict=True))
    for url, _ in load_truth():
        parts = urlsplit(url)
        answer = sites[parts.netloc].respond(parts.path, {}, f"http://{parts.netloc}")
        assert answer.status == 200
        assert "宝贝不存在".encode() not in answer.body
