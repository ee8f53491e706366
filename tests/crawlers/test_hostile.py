"""A hostile server: every case ends in a recorded state, nothing outside the scope is asked, memory stays bounded."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.crawlers.crawling import crawl_of
from tests.crawlers.hostile import cases, hostile_site
from tests.crawlers.loopback import Site, serving

PATHS = tuple(cases("http://127.0.0.1:1"))


# Time-outs of one second mean something only where nothing else runs: with the services, one test at a time.
pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    outside = Site()
    with serving(outside):
        site = hostile_site(outside.url)
        with serving(site):
            crawl = crawl_of(site, tmp_path_factory.mktemp("hostile"), profile={"concurrency": 12})
            settings = (
                "-s",
                "DOWNLOAD_TIMEOUT=1",
                "-s",
                "DEFERRED_WAIT=0.01",
                "-s",
                "MEMUSAGE_CHECK_INTERVAL_SECONDS=0.5",
            )
            crawl.log = crawl.run(*settings, timeout=120)  # type: ignore[attr-defined]
            crawl.site, crawl.outside = site, outside  # type: ignore[attr-defined]
            crawl.ended = crawl.outcomes()  # type: ignore[attr-defined]
    return crawl


@pytest.mark.parametrize("path", PATHS)
def test_it_ends_in_a_recorded_state(crawled: Any, path: str) -> None:
    outcome, reason = crawled.ended[path]
    assert outcome in cases("")[path].outcomes, reason
    assert reason or outcome == "ok"


def test_nothing_outside_the_scope_is_asked(crawled: Any) -> None:
    assert crawled.outside.asked == []


def test_memory_stays_bounded(crawled: Any) -> None:
    (most,) = re.findall(r"'memusage/max': (\d+)", crawled.log)
    assert int(most) < 400 * 1024 * 1024


@pytest.mark.parametrize("trap", ["/cal/", "/session", "/nested/", "/facets", "/enter"])
def test_a_trap_is_left_after_a_bounded_number_of_pages(crawled: Any, trap: str) -> None:
    assert sum(path.startswith(trap) for path in crawled.site.paths) <= 120


def test_no_cookie_is_sent_back(crawled: Any) -> None:
    assert not any("Cookie" in asked.headers for asked in crawled.site.asked)


def test_text_under_a_wrong_charset_comes_out_right(crawled: Any) -> None:
    texts = [row[0] for row in crawled.rows("SELECT text FROM item WHERE url LIKE '%gbk-as-utf-8'")]
    assert texts and all("�" not in text for text in texts)


def test_the_crawl_ends_by_itself(crawled: Any) -> None:
    assert crawled.rows("SELECT state FROM ended") == [("finished",)]
    assert "Traceback" not in crawled.log
