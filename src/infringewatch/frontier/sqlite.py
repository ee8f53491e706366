"""The frontier in one SQLite file of its own, so that a crawl's writes never hold up the review store."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infringewatch.errors import ServiceUnavailable, StopRun
from infringewatch.frontier.sql import SqlFrontier
from infringewatch.frontier.statements import SCHEMA, Statements

_NONE: Mapping[str, Any] = {}


class SqliteFrontier(SqlFrontier):
    """Leased crawl requests in ``path``, for processes of one machine.

    Raises ServiceUnavailable where the file cannot be opened, StopRun where it cannot be written later.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._transaction() as db:
                for statement in SCHEMA:
                    db.execute(statement.format(identity="INTEGER PRIMARY KEY"))
        except (OSError, sqlite3.Error, StopRun) as error:
            raise ServiceUnavailable(f"the frontier {path} cannot be opened: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[Statements]:
        """The write lock is taken at once: a deferred transaction would fail when two processes meet."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield _SqliteStatements(self._db)
                    self._db.execute("COMMIT")
                finally:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
            except sqlite3.Error as error:
                raise StopRun(f"the frontier cannot be written: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._db.close()


class _SqliteStatements:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def execute(self, statement: str, values: Mapping[str, Any] = _NONE) -> int:
        return self._db.execute(statement, values).rowcount

    def many(self, statement: str, values: Sequence[Mapping[str, Any]]) -> int:
        return self._db.executemany(statement, values).rowcount if values else 0

    def rows(self, statement: str, values: Mapping[str, Any] = _NONE) -> list[Any]:
        return self._db.execute(statement, values).fetchall()
