"""SIGKILL at seeded moments, one process and two, and resume: nothing is lost and nothing recorded twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.crawlers.crawling import Crawl, shop
from tests.crawlers.loopback import Site, serving

pytestmark = pytest.mark.services  # dozens of real processes: too long for the quick suite

LAMPS = 60
EVERY = {f"Morning Lamp {n}" for n in range(1, LAMPS + 1)}


def two_shops(stack: ExitStack, folder: Path) -> Crawl:
    sites = [stack.enter_context(serving(Site(shop(LAMPS)))) for _ in range(2)]
    profiles = [
        {"name": f"lamps{n}", "hosts": [site.url[7:]], "start": [f"{site.url}/"], "rate": 100}
        for n, site in enumerate(sites)
    ]
    return Crawl(folder, {"profiles": profiles})


def kill_again_and_again(crawl: Crawl, seed: int, kills: int, processes: int, **environment: str) -> int:
    """Start, kill after a random while, and so on; the number of processes that died before the crawl was through."""
    chance = random.Random(seed)
    killed = 0
    for _ in range(kills):
        started = [crawl.start(**environment) for _ in range(processes)]
        time.sleep(0.7 + chance.random() * 0.5)
        for process in started:
            process.send_signal(signal.SIGKILL)
            _reap(process)
            killed += process.returncode == -signal.SIGKILL
    crawl.run(**environment)
    return killed


def _reap(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=20)


def assert_whole(crawl: Crawl) -> None:
    rows: list[tuple[Any, ...]] = crawl.rows("SELECT url, title FROM item WHERE title LIKE 'Morning Lamp %'")
    hosts = {url.split("/")[2] for url, _ in rows}
    assert len(hosts) == 2
    for host in hosts:
        titles = [title for url, title in rows if url.split("/")[2] == host and "/p/" in url]
        assert set(titles) == EVERY
        assert len(titles) == len(EVERY)


def test_killed_crawls_lose_nothing_on_sqlite(tmp_path: Path) -> None:
    with ExitStack() as stack:
        crawl = two_shops(stack, tmp_path)
        assert kill_again_and_again(crawl, seed=1, kills=2, processes=2) > 0
    assert_whole(crawl)


@pytest.fixture
def empty_postgres(postgres_url: str) -> Iterator[str]:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("DROP SCHEMA IF EXISTS frontier CASCADE")
    yield postgres_url


@pytest.mark.parametrize("processes", [1, 2])
def test_killed_crawls_lose_nothing_on_postgresql(tmp_path: Path, processes: int, empty_postgres: str) -> None:
    with ExitStack() as stack:
        crawl = two_shops(stack, tmp_path)
        killed = kill_again_and_again(crawl, 7 * processes, 10, processes, DATABASE_URL=empty_postgres)
        assert killed > 0
    assert_whole(crawl)


def test_three_processes_keep_the_pace_of_a_host_together(tmp_path: Path) -> None:
    site = Site(shop(12))
    with serving(site):
        profile = {"name": "lamps", "hosts": [site.url[7:]], "start": [f"{site.url}/"], "rate": 5, "concurrency": 1}
        crawl = Crawl(tmp_path, {"profiles": [profile]})
        for process in [crawl.start() for _ in range(3)]:
            _reap(process)
    at = sorted(asked.at for asked in site.asked if asked.path != "/robots.txt")
    assert len(crawl.titles()) == 12
    assert len(at) == len(set(site.paths)) - 1
    assert min(later - before for before, later in pairwise(at)) > 0.15
