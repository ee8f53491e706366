"""Fingerprints and texts of registered works in one SQLite file: the default store.

One row a print, in a table without row ids, so that a look-up is one descent and a work is withdrawn by its own prints.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np

from infringewatch.errors import NotFound, PrintsMismatch, StopRun
from infringewatch.matching.works.canonical import Canonical, Codes, canonicalise, join
from infringewatch.matching.works.fingerprints import Hashes, Header, current_header
from infringewatch.matching.works.store import MOST_POSTINGS, PartInfo, Seeds, WorkInfo, WorkPart
from infringewatch.prints.packing import iter_prints, pack, unpack

_SCHEMA = """
CREATE TABLE IF NOT EXISTS header (record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS work (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, base INTEGER NOT NULL, length INTEGER NOT NULL, content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS part (work INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,
    file TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (work, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS block (work INTEGER NOT NULL, start INTEGER NOT NULL, part INTEGER NOT NULL,
    length INTEGER NOT NULL, raw_start INTEGER NOT NULL, packed BLOB NOT NULL, PRIMARY KEY (work, start, raw_start));
CREATE TABLE IF NOT EXISTS posting (hash INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (hash, place))
    WITHOUT ROWID;
"""
_BLOCK = 8192  # raw code points: one is read in half a millisecond
_SPACE_BETWEEN = 1 << 12
_CACHED_BLOCKS = 256


class SqlitePrints:
    """A store of prints in the file ``path`` (``:memory:`` keeps it in this process only).

    Raises PrintsMismatch when the file was made with other parameters or another table. May be used after a fork:
    each process opens its own connection.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = str(path)
        self._header = current_header()
        self._owner = -1
        self._db: sqlite3.Connection | None = None
        self._block = lru_cache(_CACHED_BLOCKS)(self._read_block)
        self._directory: tuple[int, list[WorkInfo], np.ndarray] | None = None
        self._connection()

    @property
    def header(self) -> Header:
        return self._header

    def add(self, key: str, title: str, parts: Iterable[WorkPart], *, content: str = "") -> WorkInfo:
        with self._writing() as db:
            _remove(db, self, key)
            base = db.execute("SELECT coalesce(max(base + length), 0) + ? FROM work", (_SPACE_BETWEEN,)).fetchone()[0]
            number = db.execute(
                "INSERT INTO work (key, title, base, length, content) VALUES (?, ?, ?, 0, ?)",
                (key, title, base, content),
            ).lastrowid
            if number is None:
                raise RuntimeError("SQLite gave no row id")
            codes = _write_parts(db, number, parts)
            db.execute("UPDATE work SET length = ? WHERE number = ?", (len(codes), number))
            for prints in iter_prints(codes):
                order = np.argsort(prints.hashes)
                rows = zip(prints.hashes[order].tolist(), (prints.positions[order] + base).tolist(), strict=True)
                db.executemany("INSERT INTO posting VALUES (?, ?)", rows)
        return WorkInfo(number, key, title, len(codes), content)

    def remove(self, key: str) -> bool:
        with self._writing() as db:
            return _remove(db, self, key)

    def works(self) -> Sequence[WorkInfo]:
        return self._works()[0]

    def parts(self, number: int) -> Sequence[PartInfo]:
        rows = self._connection().execute(
            "SELECT name, file, start, length FROM part WHERE work = ? ORDER BY number", (number,)
        )
        return [PartInfo(*row) for row in rows]

    def lookup(self, hashes: Hashes) -> Seeds:
        rows = self._connection().execute(
            "SELECT hash, place FROM posting WHERE hash IN (SELECT value FROM json_each(?))",
            (json.dumps(hashes.tolist()),),
        )
        found = np.array(rows.fetchall(), dtype=np.int64).reshape(-1, 2)
        queries = np.searchsorted(hashes, found[:, 0].astype(np.uint64))
        rare = np.bincount(queries, minlength=len(hashes) + 1)[queries] <= MOST_POSTINGS
        works, bases = self._works()
        queries, places = queries[rare], found[rare, 1]
        owners = np.searchsorted(bases, places, side="right") - 1
        numbers = np.array([work.number for work in works], dtype=np.int64)
        if not len(numbers):
            return Seeds(queries[:0], places[:0], places[:0])
        return Seeds(queries, numbers[owners], places - bases[owners])

    def stretch(self, number: int, start: int, end: int) -> Canonical:
        start = max(start, 0)
        rows = self._connection().execute(
            "SELECT start, raw_start FROM block WHERE work = ? AND start < ? AND start + length > ? ORDER BY start",
            (number, end, start),
        )
        pieces = []
        for first, raw_start in rows.fetchall():
            block = self._block(number, first, raw_start)
            pieces.append(block.cut(max(start - first, 0), end - first))
        return join(pieces)

    def text(self, key: str, part: int) -> str:
        rows = self._connection().execute(
            "SELECT packed FROM block WHERE work = (SELECT number FROM work WHERE key = ?) AND part = ?"
            " ORDER BY start, raw_start",
            (key, part),
        )
        blocks = [unpack(row[0]) for row in rows]
        if not blocks:
            raise NotFound(f"no part {part} of the work {key!r} is registered")
        return "".join(blocks)

    def codes(self, number: int, length: int) -> Codes:
        """The whole canonical text of a work."""
        return self.stretch(number, 0, length).codes

    def prints_size(self) -> int:
        """Bytes that the prints take in the file, the texts apart."""
        row = self._connection().execute("SELECT sum(pgsize) FROM dbstat WHERE name = 'posting' AND aggregate = TRUE")
        return int(row.fetchone()[0] or 0)

    def close(self) -> None:
        if self._db is not None and self._owner == os.getpid():
            self._db.close()
        self._db = None

    def _works(self) -> tuple[list[WorkInfo], np.ndarray]:
        """Works by their place in the common count of characters; read anew when another process wrote."""
        db = self._connection()
        version = db.execute("PRAGMA data_version").fetchone()[0] * (1 << 32) + db.total_changes
        if self._directory is None or self._directory[0] != version:
            rows = db.execute("SELECT number, key, title, length, content, base FROM work ORDER BY base").fetchall()
            bases = np.array([row[5] for row in rows], dtype=np.int64)
            self._directory = (version, [WorkInfo(*row[:5]) for row in rows], bases)
        return self._directory[1], self._directory[2]

    def _read_block(self, number: int, start: int, raw_start: int) -> Canonical:
        row = self._connection().execute(
            "SELECT packed FROM block WHERE work = ? AND start = ? AND raw_start = ?", (number, start, raw_start)
        )
        return canonicalise(unpack(row.fetchone()[0]), start=raw_start)

    def _connection(self) -> sqlite3.Connection:
        if self._db is None or self._owner != os.getpid():  # a connection must not cross a fork
            self._db, self._owner = self._open(), os.getpid()
        return self._db

    def _open(self) -> sqlite3.Connection:
        try:
            db = sqlite3.connect(self._path, isolation_level=None, timeout=60, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA mmap_size = 17179869184")
            db.execute("PRAGMA cache_size = -65536")
            db.executescript(_SCHEMA)
            row = db.execute("SELECT record FROM header").fetchone()
            if row is None:
                db.execute("INSERT INTO header VALUES (?)", (json.dumps(self._header.to_record()),))
        except sqlite3.DatabaseError as error:
            raise PrintsMismatch(f"{self._path} cannot be used as a store of prints: {error}") from error
        if row is not None:
            self._header.refuse_other(json.loads(row[0]), self._path)
        return db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise StopRun(f"{self._path}: {error}") from error
            raise


def _remove(db: sqlite3.Connection, store: SqlitePrints, key: str) -> bool:
    row = db.execute("SELECT number, base, length FROM work WHERE key = ?", (key,)).fetchone()
    if row is None:
        return False
    number, base, length = row
    for prints in iter_prints(store.codes(number, length)):
        order = np.argsort(prints.hashes)
        rows = zip(prints.hashes[order].tolist(), (prints.positions[order] + base).tolist(), strict=True)
        db.executemany("DELETE FROM posting WHERE hash = ? AND place = ?", rows)
    for table in ("block", "part"):
        db.execute(f"DELETE FROM {table} WHERE work = ?", (number,))  # noqa: S608 - two names of our own
    db.execute("DELETE FROM work WHERE number = ?", (number,))
    return True


def _write_parts(db: sqlite3.Connection, work: int, parts: Iterable[WorkPart]) -> Codes:
    """Keep the texts in packed blocks; returns the canonical text of the whole."""
    pieces: list[Codes] = [canonicalise("").codes]
    total = 0
    for number, part in enumerate(parts):
        begun = total
        for cut in range(0, max(len(part.text), 1), _BLOCK):
            text = part.text[cut : cut + _BLOCK]
            codes = canonicalise(text).codes
            row = (work, total, number, len(codes), part.start + cut, pack(text))
            db.execute("INSERT INTO block VALUES (?, ?, ?, ?, ?, ?)", row)
            pieces.append(codes)
            total += len(codes)
        chapter = (work, number, part.name, part.file, begun, total - begun)
        db.execute("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)", chapter)
    return np.concatenate(pieces)
