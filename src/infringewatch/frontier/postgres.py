"""The frontier in PostgreSQL, in a schema of its own, so that crawlers on several hosts can share it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg

from infringewatch.errors import ServiceUnavailable, StopRun
from infringewatch.frontier.sql import SqlFrontier
from infringewatch.frontier.statements import SCHEMA, Statements

_NONE: Mapping[str, Any] = {}
_PLACE = re.compile(r"(?<!:):([a-z_]+)")
_SCHEMA_LOCK = 0x1F_F3  # any number that nobody else on the database uses


class PostgresFrontier(SqlFrontier):
    """Leased crawl requests behind ``url``.

    Raises ServiceUnavailable where the database cannot be reached, StopRun where it fails later.
    """

    _for_update = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(clock)
        self._lock = threading.RLock()
        try:
            self._db = psycopg.connect(url, options="-c search_path=frontier", application_name="infringewatch crawler")
            with self._transaction() as db:
                # Two processes that make the schema at once would collide even with IF NOT EXISTS.
                db.rows("SELECT pg_advisory_xact_lock(:number)", {"number": _SCHEMA_LOCK})
                db.execute("CREATE SCHEMA IF NOT EXISTS frontier")
                for statement in SCHEMA:
                    db.execute(statement.format(identity="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"))
        except (psycopg.Error, StopRun) as error:
            raise ServiceUnavailable(f"the frontier's database cannot be used: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[Statements]:
        with self._lock:
            try:
                with self._db.transaction(), self._db.cursor() as cursor:
                    yield _PostgresStatements(cursor)
            except psycopg.Error as error:
                raise StopRun(f"the frontier cannot be written: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._db.close()


class _PostgresStatements:
    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    def execute(self, statement: str, values: Mapping[str, Any] = _NONE) -> int:
        return self._cursor.execute(_translated(statement), values or None).rowcount

    def many(self, statement: str, values: Sequence[Mapping[str, Any]]) -> int:
        if not values:
            return 0
        self._cursor.executemany(_translated(statement), values)
        return self._cursor.rowcount

    def rows(self, statement: str, values: Mapping[str, Any] = _NONE) -> list[Any]:
        return self._cursor.execute(_translated(statement), values or None).fetchall()


@cache
def _translated(statement: str) -> bytes:
    """``:name`` as psycopg writes it."""
    return _PLACE.sub(r"%(\1)s", statement).encode()
