"""A site's kept pages: recorded by one command, and every change named by page and field."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.answer import Answer
from crawlers.fixtures import ITEMS, PAGES, check_fixture
from crawlers.pages.reading import PageKind, PageReading
from crawlers.tallies import EMPTIED, tallies_of
from infringewatch.errors import InputError
from infringewatch.frontier import Engine, Job
from infringewatch.model import Item, ItemKind, Outcome, PageResult
from infringewatch.ruleset import load_profile, parse_profile
from tests.crawlers.crawling import ROOT, shop
from tests.crawlers.loopback import Site, serving


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded") / "fixture"
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "INFRINGEWATCH_CHROMIUM": ""}
    with serving(Site(shop(6))) as site:
        command = [sys.executable, "-m", "crawlers.fixtures", "record", f"{site.url}/", "--out", str(folder)]
        done = subprocess.run(
            [*command, "--allow-private"], env=env, text=True, capture_output=True, check=False, timeout=60
        )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(recorded: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    for file in recorded.rglob("*"):
        if file.is_file():
            copy = tmp_path / file.relative_to(recorded)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    return tmp_path


def test_a_fresh_fixture_has_not_changed(folder: Path) -> None:
    assert check_fixture(folder) == []


def test_it_keeps_a_few_pages_of_each_kind(folder: Path) -> None:
    assert 1 <= len((folder / PAGES).read_text().splitlines()) <= 8


def test_the_drafted_profile_says_which_fields_items_have(folder: Path) -> None:
    filled = load_profile(folder / "profile.yaml").filled
    assert [set(names) >= {"title", "price"} for names in filled.values()] == [True]


def test_a_field_that_used_to_be_filled_is_named_with_its_page(folder: Path) -> None:
    row = json.loads((folder / PAGES).read_text().splitlines()[0])
    (folder / row["path"]).write_bytes(
        b"<html><head><title>Morning Lamp</title></head><body><h1>Soon back</h1></body></html>"
    )
    changes = check_fixture(folder)
    assert {change.page for change in changes} == {row["url"]}
    assert "item" in {change.field for change in changes}


def test_a_changed_value_is_shown_beside_the_old_one(folder: Path) -> None:
    lines = (folder / ITEMS).read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[0])
    record["title"], record["brand"] = "Evening Lamp", "Halonia"
    (folder / ITEMS).write_text("\n".join([json.dumps(record), *lines[1:]]), encoding="utf-8")
    told = [str(change) for change in check_fixture(folder)]
    assert any("was “Evening Lamp”" in line for line in told)
    assert any("brand: is empty, was “Halonia”" in line for line in told)


def test_a_folder_that_is_no_fixture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        check_fixture(tmp_path)


def test_a_crawl_counts_fields_that_used_to_be_filled_and_are_empty() -> None:
    text = "name: s\nhosts: [shop.example]\nstart: ['http://shop.example/']\nfilled: {listing: [title, brand]}"
    url = "http://shop.example/p/1"
    item = Item(url, ItemKind.LISTING, url, title="Morning Lamp")
    page = PageResult("1", url, url, Outcome.OK, datetime(2026, 3, 1, tzinfo=UTC), items=(item,))
    answer = Answer(page, PageReading(url, url, PageKind.LISTING, (item,)), url, b"", 0)
    job = Job(1, 1, url, "auto", "item", 60, 1, "shop.example", Engine.PLAIN, 1, 0, 0, {})
    assert tallies_of(job, answer, parse_profile(text, "s"))[EMPTIED] == {"listing brand": 1}
