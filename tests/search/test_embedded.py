from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from infringewatch.errors import ServiceUnavailable
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.search.records import EVERYBODY, Query
from tests.search.shared import SearchBackendTests, make_hit, put


@pytest.fixture
def backend(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "search.sqlite3")


class TestEmbedded(SearchBackendTests):
    """The shared tests against SQLite."""


def test_an_index_of_another_layout_asks_for_a_rebuild(backend: EmbeddedBackend, tmp_path: Path) -> None:
    put(backend, make_hit("1"))
    with sqlite3.connect(tmp_path / "search.sqlite3") as db:
        db.execute("UPDATE catalog SET layout = 0")
    db.close()
    with pytest.raises(ServiceUnavailable, match="index rebuild"):
        backend.write([make_hit("2")])
    with pytest.raises(ServiceUnavailable, match="index rebuild"):
        backend.search(Query(EVERYBODY))
    backend.finish_rebuild(backend.begin_rebuild())
    put(backend, make_hit("2"))
    assert backend.search(Query(EVERYBODY)).total == 1


def test_a_file_that_is_no_index_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite3"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(ServiceUnavailable, match="cannot be used"):
        EmbeddedBackend(path).write([make_hit("1")])


def test_a_failed_batch_leaves_nothing_behind(backend: EmbeddedBackend) -> None:
    put(backend, make_hit("1"))
    with pytest.raises(AttributeError):
        backend.write([make_hit("2"), None])  # type: ignore[list-item]
    assert backend.search(Query(EVERYBODY)).total == 1
