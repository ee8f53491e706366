"""Pages that need a browser, and pictures of pages: with a real Chromium, on loopback only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infringewatch.settings import read_settings
from tests.crawlers.crawling import PRODUCT, Crawl, crawl_of
from tests.crawlers.loopback import Reply, Site, serving

pytestmark = pytest.mark.services

GROWING = """<html><head><title>Lamps</title></head><body><div id="app"></div><script>
let n = 0;
async function more() {
  const lamps = await (await fetch('/api?page=' + n++)).json();
  for (const lamp of lamps) {
    const box = document.createElement('div');
    box.className = 'product';
    box.innerHTML = `<a href="/p/${lamp}.html">Morning Lamp ${lamp}</a> <span class="price">¥${lamp}.00</span>`;
    document.getElementById('app').append(box);
  }
  if (!lamps.length) document.querySelector('button').remove();
}
more();
</script><button onclick="more()">加载更多</button><img src="http://127.0.0.1:1/spy.png"></body></html>"""


def script_shop() -> dict[str, Any]:
    pages: dict[str, Any] = {"/": GROWING, "/away": Reply("", 302, {"Location": "http://127.0.0.1:9/"})}
    for number in range(4):
        lamps = list(range(number * 2 + 1, number * 2 + 3)) if number < 3 else []
        pages[f"/api?page={number}"] = Reply(json.dumps(lamps), headers={"Content-Type": "application/json"})
    return pages | {f"/p/{n}.html": PRODUCT.format(n=n) for n in range(1, 7)}


def run_with_browser(crawl: Crawl) -> str:
    chromium = read_settings().chromium
    if chromium is None:
        pytest.fail("Chromium is not installed")
    return crawl.run(INFRINGEWATCH_CHROMIUM=chromium)


def test_a_list_that_grows_by_a_button_is_followed_to_its_end(tmp_path: Path) -> None:
    with serving(Site(script_shop())) as site:
        crawl = crawl_of(site, tmp_path)
        run_with_browser(crawl)
    assert {f"Morning Lamp {n}" for n in range(1, 7)} <= crawl.titles()


def test_a_picture_of_a_page_comes_with_its_traffic(tmp_path: Path) -> None:
    with serving(Site(script_shop())) as site:
        crawl = crawl_of(site, tmp_path, captures=[f"{site.url}/p/1.html"], spider="capture")
        run_with_browser(crawl)
    files = dict(crawl.rows("SELECT name, content FROM file"))
    assert {name: content[:4] for name, content in files.items() if name.endswith(".png")} == {
        "screenshot.png": b"\x89PNG",
        "full-page.png": b"\x89PNG",
    }
    assert crawl.rows("SELECT outcome, captures FROM page") == [("ok", 1)]


def test_the_browser_does_not_leave_the_scope(tmp_path: Path) -> None:
    with serving(Site(script_shop())) as site:
        crawl = crawl_of(site, tmp_path, captures=[f"{site.url}/away"], spider="capture")
        run_with_browser(crawl)
    assert crawl.outcomes()["/away"] == ("refused", "the page leads to an address outside the scope")


def test_a_browser_that_does_not_start_is_recorded_as_needs_browser(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with serving(Site(script_shop())) as site:
        crawl = crawl_of(site, tmp_path, captures=[f"{site.url}/p/1.html"], spider="capture")
        crawl.run(INFRINGEWATCH_CHROMIUM=str(broken))
    assert crawl.outcomes()["/p/1.html"][0] == "needs_browser"
