"""The SQLite store: the shared tests, and what is a file's own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from infringewatch.errors import PrintsMismatch
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints
from tests.prints.shared import TEXT, PrintsTests


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlitePrints]:
    made = SqlitePrints(tmp_path / "prints.sqlite3")
    yield made
    made.close()


class TestSqlite(PrintsTests):
    """The shared tests on a file."""


def test_a_second_process_finds_the_same_work(store: SqlitePrints, tmp_path: Path) -> None:
    store.add("W1", "青禾记", [WorkPart("第一章", TEXT)])
    store.close()
    assert [work.title for work in SqlitePrints(tmp_path / "prints.sqlite3").works()] == ["青禾记"]


def test_prints_of_other_parameters_are_refused(store: SqlitePrints, tmp_path: Path) -> None:
    record = json.dumps(store.header.to_record() | {"window": 99})
    store.close()
    with sqlite3.connect(tmp_path / "prints.sqlite3") as db:
        db.execute("UPDATE header SET record = ?", (record,))
    db.close()
    with pytest.raises(PrintsMismatch, match="window 99"):
        SqlitePrints(tmp_path / "prints.sqlite3")


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "junk").write_bytes(b"no database at all" * 100)
    with pytest.raises(PrintsMismatch):
        SqlitePrints(tmp_path / "junk")
