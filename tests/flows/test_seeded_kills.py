"""A crawl by the real path, killed at ten seeded moments and resumed by its number: the store of an undisturbed run."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.crawlers.loopback import Asked, Page, Site, serving
from tests.flows.test_kills import shop

pytestmark = pytest.mark.services  # real processes, many of them: too long for the quick suite

_KILLS = 10
_GOODS = 60
_LIST = "kind,name,registration_no,reference_price,currency\ntrademark,Velmora,T-1,4200,CNY\n"
_QUESTIONS = {
    "hits": "SELECT canonical_url, kind, queue, level, score, title, state FROM store_hit",
    "sightings": "SELECT url, score, level FROM store_sighting",
    "observations": "SELECT canonical_url, kind, content_hash FROM store_observation",
    "visits": "SELECT canonical_url, outcome FROM store_visit",
}
Rows = dict[str, list[tuple[Any, ...]]]


class Installation:
    """A store of its own, and what a user does with it."""

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.home, self.database_url = home, database_url
        self.environment = {
            **os.environ,
            "INFRINGEWATCH_HOME": str(home),
            "INFRINGEWATCH_ALLOW_PRIVATE": "1",
            "INFRINGEWATCH_CHROMIUM": "",
            "DATABASE_URL": database_url,
        }

    def start(self, *command: str) -> subprocess.Popen[str]:
        with (self.home.parent / f"{self.home.name}.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "infringewatch", *command],
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
            )

    def scan(self, address: str) -> subprocess.Popen[str]:
        watchlist = self.home.parent / "list.csv"
        watchlist.write_text(_LIST)
        out = self.home.parent / "hits.jsonl"
        return self.start("scan", address, "--watchlist", str(watchlist), "--out", str(out), "--allow-private")

    def finish(self, process: subprocess.Popen[str]) -> None:
        assert process.wait(180) == 0, self.said
        assert re.search(r"run 1 finished", self.said)

    @property
    def said(self) -> str:
        return (self.home.parent / f"{self.home.name}.log").read_text()

    def rows(self) -> Rows:
        if self.database_url:
            with psycopg.connect(self.database_url) as db:
                return {name: sorted(db.execute(question.encode()).fetchall()) for name, question in _QUESTIONS.items()}
        with sqlite3.connect(self.home / "store.sqlite3") as db:
            return {name: sorted(db.execute(question).fetchall()) for name, question in _QUESTIONS.items()}


def _slow(site: Site, seconds: float) -> Site:
    def later(page: Page) -> Page:
        def answer(asked: Asked) -> Any:
            time.sleep(seconds)
            return page(asked) if callable(page) else page

        return answer

    site.pages = {path: later(page) for path, page in site.pages.items()}
    return site


def _items_asked(site: Site) -> int:
    return sum(path.startswith("/item/") for path in site.paths)


def _kill_after(process: subprocess.Popen[str], site: Site, items: int, seconds: float, *, parent_too: bool) -> bool:
    """SIGKILL to the crawler (and to the command that started it) some moment after so many more pages were asked
    for. Whether it was still at work."""
    wanted = _items_asked(site) + items
    while _items_asked(site) < wanted and process.poll() is None:
        time.sleep(0.005)
    time.sleep(seconds)
    crawlers = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    pids = [int(pid) for pid in crawlers.read_text().split()] if crawlers.exists() else []
    for pid in [*([process.pid] if parent_too and pids else []), *pids]:
        os.kill(pid, signal.SIGKILL)
    process.wait(60)
    return bool(pids)


def _killed_again_and_again(installation: Installation, site: Site, seed: int, kills: int) -> int:
    chance = random.Random(seed)
    process, killed = installation.scan(f"{site.url}/"), 0
    for number in range(kills):
        items, seconds = chance.randint(1, 4), chance.uniform(0, 0.12)
        killed += _kill_after(process, site, items, seconds, parent_too=bool(number % 2))
        process = installation.start("crawl", "--resume", "1")
    installation.finish(process)
    return killed


def _undisturbed(folder: Path, site: Site) -> Rows:
    installation = Installation(folder / "whole")
    installation.finish(installation.scan(f"{site.url}/"))
    return installation.rows()


def test_ten_seeded_kills_leave_no_trace_on_sqlite(tmp_path: Path) -> None:
    with serving(_slow(shop(_GOODS), 0.03)) as site:
        whole = _undisturbed(tmp_path, site)
        installation = Installation(tmp_path / "killed")
        assert _killed_again_and_again(installation, site, 2026, _KILLS) == _KILLS, installation.said
        assert installation.rows() == whole
    assert len(whole["hits"]) == _GOODS / 2


def test_seeded_kills_leave_no_trace_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("CREATE DATABASE seeded_kills")
    own = postgres_url.rpartition("/")[0] + "/seeded_kills"
    with serving(_slow(shop(_GOODS), 0.03)) as site:
        whole = _undisturbed(tmp_path, site)
        installation = Installation(tmp_path / "killed", own)
        assert _killed_again_and_again(installation, site, 7, 3) == 3, installation.said
        assert installation.rows() == whole
