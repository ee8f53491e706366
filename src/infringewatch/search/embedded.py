"""Search in one SQLite file, with FTS5 over grams that we make: no server, and the same finds as Elasticsearch.

Each index is a pair of tables, ``hit_N`` and ``gram_N``; ``catalog`` says which N is served and which is being built.
"""

# ruff: noqa: S608 - only our own names and numbers of tables and columns are put into a statement, never a value
from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from infringewatch.errors import ServiceUnavailable, StaleState
from infringewatch.search.backend import LAYOUT, LONGEST_FACET, wrong_layout
from infringewatch.search.grams import make_grams
from infringewatch.search.records import (
    Facet,
    FacetCount,
    IndexStatus,
    Match,
    Page,
    Query,
    SearchDocument,
    Tombstone,
    Written,
    decode_cursor,
    make_page,
)
from infringewatch.search.terms import Term, read_terms

_SERVING, _BUILDING = "serving", "building"
_COLUMNS = ("tenant", "right_name", *map(str, Facet), "score")
_CATALOG = """
CREATE TABLE IF NOT EXISTS catalog (
  role TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  layout INTEGER NOT NULL
)"""
# `texts` holds what the grams were made of: FTS5 without a copy of its text must be told the old one to forget it.
_TABLES = (
    """CREATE TABLE hit_{n} (
      id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, deleted INTEGER NOT NULL,
      texts TEXT NOT NULL, tenant TEXT, right_name TEXT, {facets}, score REAL)""",
    "CREATE INDEX hit_{n}_risk ON hit_{n} (score DESC, key)",
    # The ascii tokenizer takes every character beyond ASCII for a letter; our grams hold no ASCII sign.
    "CREATE VIRTUAL TABLE gram_{n} USING fts5 (loose, exact, content='', tokenize='ascii')",
)


class EmbeddedBackend:
    """SearchBackend in the file ``path``. A connection lives as long as one call, so threads need no care."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, changes: Sequence[SearchDocument | Tombstone]) -> Written:
        with self._writing() as db:
            numbers = [number for role, (number, layout) in _catalog(db).items() if layout == LAYOUT]
            if not numbers:
                raise wrong_layout(str(self._path))
            results = [_write_into(db, number, changes) for number in numbers]
        return results[-1]

    def refresh(self) -> None:
        """Nothing to do: a committed row is seen at once."""

    def search(self, query: Query) -> Page:
        with self._reading() as (db, number):
            if number is None:
                return Page((), 0)
            where, values = _build_where(query, number)
            total = db.execute(f"SELECT count(*) FROM hit_{number} WHERE {where}", values).fetchone()[0]
            if query.after:
                last = decode_cursor(query.after)
                where += " AND (score < ? OR (score = ? AND key > ?))"
                values += [last.score, last.score, last.key]
            sql = f"SELECT key, score FROM hit_{number} WHERE {where} ORDER BY score DESC, key LIMIT ?"
            found = [Match(*row) for row in db.execute(sql, [*values, query.size + 1])]
        return make_page(found, total, query.size)

    def facets(self, query: Query) -> Mapping[Facet, tuple[FacetCount, ...]]:
        with self._reading() as (db, number):
            if number is None:
                return dict.fromkeys(Facet, ())
            return {facet: tuple(_count_values(db, number, query, facet)) for facet in Facet}

    def begin_rebuild(self) -> str:
        with self._writing() as db:
            catalog = _catalog(db)
            if _BUILDING in catalog:
                _drop(db, catalog[_BUILDING][0])
            return str(_make_tables(db, _BUILDING, 1 + max(number for number, _ in catalog.values())))

    def fill(self, documents: Sequence[SearchDocument]) -> Written:
        with self._writing() as db:
            catalog = _catalog(db)
            if _BUILDING not in catalog:
                raise StaleState("another rebuild has taken this one's place")
            return _write_into(db, catalog[_BUILDING][0], documents)

    def finish_rebuild(self, name: str) -> None:
        with self._writing() as db:
            catalog = _catalog(db)
            if str(catalog.get(_BUILDING, ("",))[0]) != name:
                raise StaleState("another rebuild has taken this one's place")
            _drop(db, catalog[_SERVING][0])
            db.execute("DELETE FROM catalog WHERE role = ?", [_SERVING])
            db.execute("UPDATE catalog SET role = ? WHERE role = ?", [_SERVING, _BUILDING])

    def status(self) -> IndexStatus | None:
        with self._reading(any_layout=True) as (db, number):
            if number is None:
                return None
            catalog = _catalog(db)
            documents = db.execute(f"SELECT count(*) FROM hit_{number} WHERE NOT deleted").fetchone()[0]
        building = str(catalog[_BUILDING][0]) if _BUILDING in catalog else ""
        return IndexStatus(f"SQLite in {self._path}", str(number), catalog[_SERVING][1], documents, building)

    @contextmanager
    def _reading(self, *, any_layout: bool = False) -> Iterator[tuple[sqlite3.Connection, int | None]]:
        """A connection that sees one state, and the number of the index that is served, if there is one."""
        with self._open() as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'catalog'").fetchone():
                yield db, None
                return
            db.execute("BEGIN")  # a flip between two statements must not show
            number, layout = _catalog(db)[_SERVING]
            if layout != LAYOUT and not any_layout:
                raise wrong_layout(str(self._path))
            yield db, number
            db.execute("COMMIT")

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection in one write transaction; makes the first index where there is none."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute(_CATALOG)
            if _SERVING not in _catalog(db):
                _make_tables(db, _SERVING, 1)
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
                _use_wal(db)
                db.execute("PRAGMA synchronous = NORMAL")  # a lost tail is drained again: the outbox is the store's
                yield db
        except (sqlite3.Error, OSError) as error:
            raise ServiceUnavailable(f"the search index {self._path} cannot be used: {error}") from error


def _use_wal(db: sqlite3.Connection) -> None:
    """The mode stays with the file. While it is being set, SQLite refuses a second connection at once, whatever the
    time-out of the connection says; so ask again."""
    for _ in range(100):
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(0.05)
    db.execute("PRAGMA journal_mode = WAL")


def _catalog(db: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Role -> number and layout, the served index last."""
    return {role: (number, layout) for role, number, layout in db.execute("SELECT * FROM catalog ORDER BY role")}


def _make_tables(db: sqlite3.Connection, role: str, number: int) -> int:
    for statement in _TABLES:
        db.execute(statement.format(n=number, facets=", ".join(f'"{facet}" TEXT' for facet in Facet)))
    db.execute("INSERT OR REPLACE INTO catalog VALUES (?, ?, ?)", [role, number, LAYOUT])
    return number


def _drop(db: sqlite3.Connection, number: int) -> None:
    db.execute(f"DROP TABLE hit_{number}")
    db.execute(f"DROP TABLE gram_{number}")


def _write_into(db: sqlite3.Connection, number: int, changes: Sequence[SearchDocument | Tombstone]) -> Written:
    written = sum(_write_one(db, number, change) for change in changes)
    return Written(written, len(changes) - written)


def _write_one(db: sqlite3.Connection, number: int, change: SearchDocument | Tombstone) -> bool:
    """Whether ``change`` was newer than what the index had."""
    known = db.execute(f"SELECT id, revision, texts FROM hit_{number} WHERE key = ?", [change.key]).fetchone()
    if known is not None:
        row_id, revision, texts = known
        if revision >= change.revision:
            return False
        forget = f"INSERT INTO gram_{number} (gram_{number}, rowid, loose, exact) VALUES ('delete', ?, ?, ?)"
        db.execute(forget, [row_id, *make_grams(json.loads(texts))])
        db.execute(f"DELETE FROM hit_{number} WHERE id = ?", [row_id])
    row = _make_row(change)
    names = ", ".join(f'"{name}"' for name in row)
    sql = f"INSERT INTO hit_{number} ({names}) VALUES ({', '.join('?' * len(row))})"
    row_id = db.execute(sql, list(row.values())).lastrowid
    texts = change.texts if isinstance(change, SearchDocument) else ()
    insert = f"INSERT INTO gram_{number} (rowid, loose, exact) VALUES (?, ?, ?)"
    db.execute(insert, [row_id, *make_grams(texts)])
    return True


def _make_row(change: SearchDocument | Tombstone) -> dict[str, Any]:
    row: dict[str, Any] = {"key": change.key, "revision": change.revision, "deleted": 0, "texts": "[]"}
    if isinstance(change, Tombstone):
        return row | {"deleted": 1}
    values = {name: getattr(change, name) for name in _COLUMNS}
    values["found_on"] = change.found_on.isoformat()
    texts = json.dumps(change.texts)  # in ASCII: a lone surrogate has no UTF-8 form
    return row | {name: _storable(value) for name, value in values.items()} | {"texts": texts}


def _storable(value: Any) -> Any:
    return value.encode("utf-8", "ignore").decode() if isinstance(value, str) else value


def _build_where(query: Query, number: int, *, but: Facet | None = None) -> tuple[str, list[Any]]:
    """The conditions of ``query``, without the choice in the facet ``but``, and their values."""
    conditions = ["NOT deleted"]
    values: list[Any] = []
    choices = [(str(facet), chosen) for facet, chosen in query.chosen.items() if facet is not but]
    if query.scope.tenants is not None:
        choices.append(("tenant", tuple(sorted(query.scope.tenants))))
    for column, chosen in choices:
        conditions.append(f'"{column}" IN ({", ".join("?" * len(chosen))})')
        values.extend(chosen)
    for sign, day in ((">=", query.found_from), ("<=", query.found_until)):
        if day is not None:
            conditions.append(f"found_on {sign} ?")
            values.append(day.isoformat())
    if terms := read_terms(query.text):
        conditions.append(f"id IN (SELECT rowid FROM gram_{number} WHERE gram_{number} MATCH ?)")
        values.append(" AND ".join(map(build_term, terms)))
    return " AND ".join(conditions), values


def build_term(term: Term) -> str:
    """The term in FTS5's language. Grams hold no quotation mark, so none can end the phrase early."""
    return f'{term.field} : "{term.grams}"' + (" *" if term.is_prefix else "")


def _count_values(db: sqlite3.Connection, number: int, query: Query, facet: Facet) -> Iterator[FacetCount]:
    where, values = _build_where(query, number, but=facet)
    label = "max(right_name)" if facet is Facet.RIGHT else "''"
    order = "1 DESC" if facet is Facet.DATE else "2 DESC, 1"
    sql = (
        f'SELECT "{facet}", count(*), {label} FROM hit_{number} WHERE {where} AND "{facet}" <> \'\' '
        f"GROUP BY 1 ORDER BY {order} LIMIT {LONGEST_FACET}"
    )
    return (FacetCount(*row) for row in db.execute(sql, values))
