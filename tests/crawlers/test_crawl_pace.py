"""How a crawl waits: pauses that a host asks for, delays, outages, budgets, slow files."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.crawlers.crawling import PRODUCT, crawl_of, shop
from tests.crawlers.loopback import Asked, Reply, Site, serving

pytestmark = pytest.mark.services  # real processes that wait and are stopped: too long for the quick suite


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_pause_gets_it_and_loses_no_page(tmp_path: Path, status: int) -> None:
    pages = shop()
    answers: list[float] = []

    def limited(asked: Asked) -> str | Reply:
        answers.append(asked.at)
        return Reply("slowly", status, {"Retry-After": "1"}) if len(answers) == 1 else PRODUCT.format(n=2)

    pages["/p/2.html"] = limited
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert answers[1] - answers[0] >= 0.95
    assert not [asked for asked in site.asked if answers[0] + 0.5 < asked.at < answers[0] + 0.95]
    assert "Morning Lamp 2" in crawl.titles()
    assert crawl.rows("SELECT outcome FROM page WHERE url LIKE '%/p/2.html'") == [("ok",)]


def test_a_books_file_is_read_while_other_pages_are_asked_for(tmp_path: Path) -> None:
    pages = shop(4)
    pages["/"] = '<a href="/whole.txt">whole book</a>' + pages["/"]
    line = "The keeper of the lamps walked down to the shore and counted the boats, and there were nine. "
    pages["/whole.txt"] = Reply(line * 8_000, headers={"Content-Type": "text/plain"})
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    ended = [url.rpartition("/")[2] for (url,) in crawl.rows("SELECT url FROM page ORDER BY rowid")]
    assert {"whole", "Morning Lamp 4"} <= crawl.titles()
    assert ended.index("whole.txt") > ended.index("1.html")


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    pages = shop(2)
    pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 0.3\n", headers={"Content-Type": "text/plain"})
    with serving(Site(pages)) as site:
        crawl_of(site, tmp_path).run()
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"][1:]
    # the mean, not the least: on a busy machine one request may arrive late and the next on time
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.25


def test_an_outage_costs_no_page(tmp_path: Path) -> None:
    site = Site(shop(12))
    with serving(site):
        crawl = crawl_of(site, tmp_path, profile={"rate": 20})
        process = crawl.start()
        while len(site.asked) < 8:
            time.sleep(0.02)
    process.communicate(timeout=60)
    assert crawl.rows("SELECT state FROM ended") == [("interrupted",)]
    with serving(site, port=int(site.url.rpartition(":")[2])):
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 13)} <= crawl.titles()


def test_a_page_budget_is_not_passed(tmp_path: Path) -> None:
    with serving(Site(shop(20))) as site:
        crawl = crawl_of(site, tmp_path, budgets={"pages": 5})
        crawl.run()
    assert crawl.rows("SELECT COUNT(*) FROM page") == [(5,)]
    assert crawl.rows("SELECT * FROM ended") == [("finished", "budget: 5 pages")]
