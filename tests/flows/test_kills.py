"""A real crawl by the real path, killed with SIGKILL at each named point and resumed: the same hits, none twice."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from infringewatch.faultpoints import FAULT_POINTS
from tests.crawlers.loopback import Site, serving

pytestmark = pytest.mark.services  # real crawler processes and a browser: too long for the quick suite

_GOODS = 12
_PLANTED = range(0, _GOODS, 2)


def shop(goods: int) -> Site:
    """Every other thing for sale is an infringement."""
    links = "".join(f'<a href="/item/{n}">goods {n}</a> ' for n in range(goods))
    pages = {"/": f"<title>shop</title><h1>Shop</h1>{links}"}
    for number in range(goods):
        name = f"Velmora handbag {number}" if number % 2 == 0 else f"plain canvas bag {number}"
        data = {"@type": "Product", "name": name, "offers": {"price": "30", "priceCurrency": "CNY"}}
        script = f'<script type="application/ld+json">{json.dumps(data)}</script>'
        pages[f"/item/{number}"] = f"<title>{name}</title>{script}<h1>{name}</h1><p>¥30</p>"
    return Site(pages)


def _run(home: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "infringewatch", *command],
        env={**os.environ, "INFRINGEWATCH_HOME": str(home), "INFRINGEWATCH_ALLOW_PRIVATE": "1",
             "INFRINGEWATCH_CHROMIUM": "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )  # fmt: skip


def _hits(home: Path) -> list[str]:
    with sqlite3.connect(home / "store.sqlite3") as db:
        return sorted(row[0] for row in db.execute("SELECT canonical_url FROM store_hit"))


@pytest.mark.parametrize("point", FAULT_POINTS)
def test_a_kill_loses_no_hit_and_repeats_none(tmp_path: Path, point: str) -> None:
    watchlist = tmp_path / "list.csv"
    watchlist.write_text("kind,name,registration_no,reference_price,currency\ntrademark,Velmora,T-1,4200,CNY\n")
    home = tmp_path / "home"
    with serving(shop(_GOODS)) as site:
        scan = ("scan", f"{site.url}/", "--watchlist", str(watchlist), "--out", str(tmp_path / "hits.jsonl"))
        killed = _run(home, *scan, "--allow-private", INFRINGEWATCH_FAULT=f"{point}:2")
        found = re.search(r"crawl --resume (\d+)", killed.stderr)
        assert found is not None, killed.stderr
        resumed = _run(home, "crawl", "--resume", found[1])
        assert resumed.returncode == 0, resumed.stderr
        assert _hits(home) == sorted(f"{site.url}/item/{number}" for number in _PLANTED)
