"""How a crawl ends before its time, and goes on."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.crawlers.crawling import crawl_of, shop
from tests.crawlers.loopback import Asked, Site, serving

pytestmark = pytest.mark.services  # real processes that wait and are stopped: too long for the quick suite


def _slowly(page: str) -> Any:
    def answer(asked: Asked) -> str:
        time.sleep(0.1)
        return page

    return answer


def test_an_interrupt_ends_cleanly_and_the_run_resumes(tmp_path: Path) -> None:
    pages = shop(20)
    for path in [path for path in pages if path.startswith("/p/")]:
        pages[path] = _slowly(pages[path])
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        process = crawl.start()
        while len(site.asked) < 8:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert crawl.rows("SELECT state FROM ended") == [("interrupted",)]
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 21)} <= crawl.titles()
    assert site.paths.count("/p/1.html") == 1


@pytest.mark.parametrize("fault", ["after_fetch:4", "before_acknowledgement:5"])
def test_a_killed_crawl_loses_nothing_when_it_is_resumed(tmp_path: Path, fault: str) -> None:
    with serving(Site(shop(12))) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run(INFRINGEWATCH_FAULT=fault)
        assert crawl.code == -signal.SIGKILL
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 13)} <= crawl.titles()
    assert crawl.rows("SELECT state FROM ended") == [("finished",)]


def test_a_full_disk_stops_the_run_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    with serving(Site(shop(4))) as site:
        crawl = crawl_of(site, tmp_path)
        log = crawl.run(TWIN_FULL="1")
        assert "the run stops: the disk is full" in log
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 5)} <= crawl.titles()
