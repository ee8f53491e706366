"""How `scan` and `crawl` end where they cannot go on: one clear sentence, the right exit code, nothing half written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crawlers.loopback import Asked, Reply, Site, serving
from tests.flows.test_kills import shop

pytestmark = pytest.mark.services  # real processes: too long for the quick suite

_LIST = "kind,name,registration_no\ntrademark,Velmora,T-1\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ends")
    (folder / "list.csv").write_text(_LIST)
    return folder


def _start(folder: Path, *command: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "INFRINGEWATCH_HOME": str(folder / "home"),
        "INFRINGEWATCH_CHROMIUM": "",
        "DATABASE_URL": "",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "infringewatch", *command],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code, and the last line said."""
    _, said = process.communicate(timeout=120)
    return process.returncode, said.strip().splitlines()[-1] if said.strip() else ""


def _run(folder: Path, *command: str) -> tuple[int, str]:
    return _end(_start(folder, *command))


def _scan(folder: Path, address: str, *options: str) -> tuple[int, str]:
    return _run(folder, "scan", address, "--watchlist", "list.csv", "--out", "hits.jsonl", *options)


@pytest.mark.parametrize(
    ("address", "options", "words"),
    [
        ("http://127.0.0.1:1/", ["--allow-private"], "no page could be read: the host refuses connections"),
        ("http://no-such-shop.invalid/", [], "no page could be read: the name cannot be resolved"),
        ("http://127.0.0.1:1/", [], "a private address (http://127.0.0.1:1/); --allow-private permits it"),
    ],
)
def test_a_site_that_gives_no_page_is_no_success(folder: Path, address: str, options: list[str], words: str) -> None:
    code, last = _scan(folder, address, *options)
    assert (code, words in last) == (2, True), last
    assert not (folder / "hits.jsonl").exists()


@pytest.mark.parametrize(
    ("option", "name", "content", "words"),
    [
        ("--watchlist", "bad.csv", "kind,name\ntrademark,x\n", "nothing was stored"),
        ("--profile", "bad.yaml", "name: x\nhosts: [a.example]\nstart: [http://a.example/]\nratee: 1\n", "1 mistake"),
    ],
)
def test_a_malformed_file_is_named_before_anything_is_asked(
    folder: Path, option: str, name: str, content: str, words: str
) -> None:
    (folder / name).write_text(content)
    with serving(Site({"/": "<title>x</title>"})) as site:
        code, last = _scan(folder, site.url, "--allow-private", option, name)
        assert (code, name in last, words in last) == (2, True, True), last
        assert site.paths == []


def test_a_malformed_campaign_is_named(folder: Path) -> None:
    (folder / "bad-campaign.yaml").write_text("id: [\n")
    code, last = _run(folder, "crawl", "bad-campaign.yaml")
    assert (code, last) == (2, "infringewatch: bad-campaign.yaml has 1 mistake")


def test_a_wrong_run_number_is_called_so(folder: Path) -> None:
    assert _run(folder, "crawl", "--resume", "999") == (2, "infringewatch: there is no run 999")


def test_an_interrupted_scan_says_how_to_go_on_and_goes_on(folder: Path) -> None:
    with serving(shop(24)) as site:
        page = str(site.pages["/item/1"])

        def slow(_: Asked) -> Reply:
            time.sleep(1.5)
            return Reply(page)

        site.pages["/item/1"] = slow
        started = ["scan", site.url, "--watchlist", "list.csv", "--out", "some.jsonl", "--allow-private"]
        process = _start(folder, *started)
        while "/item/1" not in site.paths:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        code, last = _end(process)
        assert code == 1
        command = last.partition("go on with: infringewatch ")[2].split()
        assert command[:2] == ["crawl", "--resume"], last

        code, last = _run(folder, *command[:3])
        assert (code, last.endswith("give --allow-private")) == (2, True), last

        code, _ = _run(folder, *command)
        assert code == 0
        assert {f"/item/{number}" for number in range(24)} <= set(site.paths)

        code, last = _run(folder, *command)
        assert (code, last.endswith("(finished); there is nothing to go on with")) == (2, True), last


def test_without_a_browser_its_pages_are_recorded_as_such(folder: Path) -> None:
    scripted = "<title>shop</title><div id=app></div><script src=/app.js></script>" + "<script>let a=1</script>" * 40
    with serving(Site({"/": '<title>s</title><a href="/app">goods</a><p>goods</p>', "/app": scripted})) as site:
        process = _start(folder, "scan", site.url, "--watchlist", "list.csv", "--out", "app.jsonl", "--allow-private")
        _, said = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "needs_browser" in said
