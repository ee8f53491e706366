"""The probe of a new site, from its command line to the draft."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infringewatch.ruleset import load_profile
from tests.crawlers.crawling import ROOT, shop
from tests.crawlers.loopback import Site, serving


def probe(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "INFRINGEWATCH_CHROMIUM": ""}
    command = [sys.executable, "-m", "crawlers.probe", url, *options]
    return subprocess.run(command, env=env, text=True, capture_output=True, check=False, timeout=60)


def test_a_probe_shows_items_and_drafts_a_profile(tmp_path: Path) -> None:
    site = Site(shop(6))
    site.pages["/"] = (
        str(site.pages["/"]) + '<a href="http://elsewhere.example/">partner</a><a href="/login">log in</a>'
    )
    with serving(site):
        done = probe(f"{site.url}/", "--allow-private", "--out", str(tmp_path / "draft.yaml"))
    assert done.returncode == 0, done.stderr
    assert "link not followed: outside the scope" in done.stderr
    assert "link not followed: an action, not a page" in done.stderr
    assert "page with items found by: item" in done.stderr
    assert "Morning Lamp 1" in done.stderr
    assert load_profile(tmp_path / "draft.yaml").hosts == (site.url[7:],)


def test_a_private_address_is_probed_only_when_that_is_allowed() -> None:
    with serving(Site(shop(2))) as site:
        done = probe(f"{site.url}/")
    assert done.returncode == 2
    assert "a private address" in done.stderr
    assert site.asked == []
