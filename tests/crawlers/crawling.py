"""Runs a spider as its users do, as a process of its own, against the twin of intake, and reads what it brought."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crawlers.loopback import Reply, Site

ROOT = Path(__file__).parents[2]

PRODUCT = """<html><head><title>Morning Lamp {n}</title>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Product","name":"Morning Lamp {n}",
"offers":{{"@type":"Offer","price":"{n}.00","priceCurrency":"CNY"}}}}</script></head>
<body><h1>Morning Lamp {n}</h1><p>A lamp for the morning, number {n}.</p></body></html>"""


@dataclass
class Crawl:
    """One run in ``folder``; starting it again resumes it."""

    folder: Path
    described: dict[str, Any]
    spider: str = "site"

    def start(self, *options: str, **environment: str) -> subprocess.Popen[str]:
        (self.folder / "run.json").write_text(json.dumps(self.described))
        command = [sys.executable, "-m", "scrapy", "crawl", self.spider, "-a", "run=1", "-s", "RETRY_WAIT=0.02"]
        command += ["-s", "INTAKE=tests.crawlers.twin", "-s", f"FRONTIER_FILE={self.frontier_file}", *options]
        env = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "SCRAPY_SETTINGS_MODULE": "crawlers.settings",
            "INFRINGEWATCH_HOME": str(self.folder / "home"),
            "INFRINGEWATCH_ALLOW_PRIVATE": "1",
            "INFRINGEWATCH_CHROMIUM": "",
            "INFRINGEWATCH_CONTACT": "desk@watch.example",
            "TWIN_RUN": str(self.folder / "run.json"),
            "TWIN_FILE": str(self.folder / "twin.sqlite3"),
            **environment,
        }
        return subprocess.Popen(command, cwd=self.folder, env=env, text=True, stderr=subprocess.PIPE)

    def run(self, *options: str, timeout: float = 60, **environment: str) -> str:
        """The log of a whole crawl. The process is killed where it does not end by itself."""
        process = self.start(*options, **environment)
        try:
            _, log = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            raise AssertionError(f"the crawl did not end:\n{process.communicate()[1]}") from None
        self.code = process.returncode
        return log

    @property
    def frontier_file(self) -> Path:
        return self.folder / "frontier.sqlite3"

    def rows(self, question: str) -> list[Any]:
        with sqlite3.connect(self.folder / "twin.sqlite3") as db:
            return db.execute(question).fetchall()

    def outcomes(self) -> dict[str, tuple[str, str]]:
        """Path → outcome and reason of each recorded page."""
        rows = self.rows("SELECT url, outcome, reason FROM page")
        return {"/" + url.split("/", 3)[3]: (outcome, reason) for url, outcome, reason in rows}

    def titles(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT title FROM item")}


def shop(count: int = 6) -> dict[str, Any]:
    half = count // 2
    cards = [f'<div class="product"><a href="/p/{n}.html">Morning Lamp {n}</a> ¥{n}</div>' for n in range(1, count + 1)]
    pages: dict[str, Any] = {
        "/": "<html><head><link rel=next href='/?page=2'></head><body>" + "".join(cards[:half]),
        "/?page=2": "<html><body>" + "".join(cards[half:]),
        "/robots.txt": Reply("User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"}),
    }
    return pages | {f"/p/{n}.html": PRODUCT.format(n=n) for n in range(1, count + 1)}


def crawl_of(site: Site, folder: Path, **described: Any) -> Crawl:
    host = site.url.partition("//")[2]
    profile = {"name": "lamps", "hosts": [host], "start": [f"{site.url}/"], "rate": 100} | described.pop("profile", {})
    return Crawl(folder, {"profiles": [profile], **described}, described.pop("spider", "site"))
