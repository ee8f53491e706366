"""The SQLite store: what is added is found, what is withdrawn is gone, other prints are refused."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from infringewatch.errors import NotFound, PrintsMismatch
from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.fingerprints import make_prints
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints

_TEXT = "".join(map(chr, range(0x4E00, 0x5600)))
_HASHES = np.unique(make_prints(canonicalise(_TEXT).codes).hashes)


@pytest.fixture
def store(tmp_path: Path) -> SqlitePrints:
    made = SqlitePrints(tmp_path / "prints.sqlite3")
    made.add("W1", "青禾记", [WorkPart("第一章", _TEXT)])
    return made


def test_it_finds_every_print_of_a_work(store: SqlitePrints) -> None:
    assert set(store.lookup(_HASHES).queries.tolist()) == set(range(len(_HASHES)))


def test_it_gives_back_the_text(store: SqlitePrints) -> None:
    assert store.text("W1", 0) == _TEXT


def test_a_withdrawn_work_leaves_no_prints(store: SqlitePrints) -> None:
    assert store.remove("W1")
    assert len(store.lookup(_HASHES).queries) == 0
    with pytest.raises(NotFound):
        store.text("W1", 0)


def test_a_work_added_again_stands_once(store: SqlitePrints) -> None:
    store.add("W1", "青禾记", [WorkPart("第一章", _TEXT)])
    assert len(store.works()) == 1
    assert len(store.lookup(_HASHES).queries) == len(_HASHES)


def test_a_second_process_finds_the_same_work(store: SqlitePrints, tmp_path: Path) -> None:
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
