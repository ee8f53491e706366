"""Saved pages in folders (page.html, url, expected.json), one check for each field that is expected."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawlers.pages import PageReading, read_page

_SITES = Path(__file__).parent / "sites"
_EXPECTED = {folder.name: json.loads((folder / "expected.json").read_text("utf-8")) for folder in _SITES.iterdir()}
_FIELDS = [(name, field) for name, expected in sorted(_EXPECTED.items()) for field in expected["item"]]


def _read(name: str) -> PageReading:
    folder = _SITES / name
    return read_page((folder / "url").read_text("utf-8"), (folder / "page.html").read_bytes(), thorough=True)


@pytest.mark.parametrize(("name", "field"), _FIELDS)
def test_it_reads_a_field(name: str, field: str) -> None:
    record: dict[str, Any] = _read(name).items[0].to_record()
    assert record.get(field) == _EXPECTED[name]["item"][field]


@pytest.mark.parametrize("name", sorted(_EXPECTED))
def test_it_tells_what_kind_of_page_it_is(name: str) -> None:
    assert _read(name).page_kind == _EXPECTED[name]["page_kind"]


@pytest.mark.parametrize("name", [name for name in sorted(_EXPECTED) if "text_holds" in _EXPECTED[name]])
def test_it_takes_the_main_text_and_not_the_boxes_beside_it(name: str) -> None:
    text = _read(name).items[0].text
    assert [part for part in _EXPECTED[name]["text_holds"] if part not in text] == []
    assert [part for part in _EXPECTED[name]["text_lacks"] if part in text] == []


@pytest.mark.parametrize("name", [name for name in sorted(_EXPECTED) if "links" in _EXPECTED[name]])
def test_it_gives_links_their_roles(name: str) -> None:
    roles = {link.url: link.role.value for link in _read(name).links}
    assert {url: roles.get(url) for url in _EXPECTED[name]["links"]} == _EXPECTED[name]["links"]


def test_it_distrusts_a_wrong_declared_charset() -> None:
    reading = _read("shop_plain_gbk")  # its own meta element says UTF-8
    assert reading.encoding == "gb18030"
