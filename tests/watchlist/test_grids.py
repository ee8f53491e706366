"""Workbooks and JSON: the same rows as a CSV, and no harm from hostile files."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from infringewatch.errors import WatchListError
from infringewatch.watchlist import read_watchlist

Write = Callable[..., Path]


def write_book(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def test_a_workbook_gives_numbers_and_dates_as_they_were_typed(tmp_path: Path) -> None:
    day = datetime(2020, 5, 1)  # noqa: DTZ001 - a workbook knows no zone
    rows = [["kind", "name", "registration_no", "nice_classes", "valid_from", "famous"]]
    path = write_book(tmp_path / "list.xlsx", [*rows, ["trademark", "Velorin", 1234567, 25, day, True]])
    right = read_watchlist(path).rights[0]
    assert (right.registration_no, right.nice_classes, right.famous) == ("1234567", (25,), True)
    assert right.valid_from == date(2020, 5, 1)


def test_empty_rows_of_a_workbook_are_counted(tmp_path: Path) -> None:
    path = write_book(tmp_path / "list.xlsx", [["kind", "name", "registration_no"], [], [], ["trademark", "a", ""]])
    assert [fault.line for fault in read_watchlist(path).faults] == [4]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 40_000_000)
    with pytest.raises(WatchListError, match="which is refused"):
        read_watchlist(path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(WatchListError, match="no readable XLSX"):
        read_watchlist(path)


@pytest.mark.parametrize("wrap", [lambda rights: rights, lambda rights: {"rights": rights}])
def test_json_cells_may_be_lists(write_list: Write, wrap: Callable[[object], object]) -> None:
    record = {"kind": "trademark", "name": "V", "registration_no": 7, "aliases": ["a;b", "c"], "nice_classes": [25, 9]}
    right = read_watchlist(write_list(json.dumps(wrap([record])), "list.json")).rights[0]
    assert (right.registration_no, right.aliases, right.nice_classes) == ("7", ("a;b", "c"), (25, 9))


def test_json_entries_of_a_wrong_shape_are_faults_of_their_row(write_list: Write) -> None:
    good = {"kind": "trademark", "name": "V", "registration_no": "1"}
    entries = [good, "text", {**good, "registration_no": "2", "notes": {"a": 1}}, {**good, "name": ["a"]}]
    read = read_watchlist(write_list(json.dumps(entries), "list.json"))
    assert {fault.line for fault in read.faults} == {3, 4, 5}


def test_deep_json_is_refused(write_list: Write) -> None:
    with pytest.raises(WatchListError, match="no valid JSON"):
        read_watchlist(write_list("[" * 200_000, "list.json"))


def test_a_zip_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("list.csv", "kind,name\n")
    with pytest.raises(WatchListError, match="is a ZIP: unpack it"):
        read_watchlist(path)
