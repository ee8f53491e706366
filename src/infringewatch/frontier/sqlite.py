"""The frontier in one SQLite file of its own, so that a crawl's writes never hold up the review store.

A claim is a conditional update; the end of a job and its children are one transaction; leases outlive no process for long.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infringewatch.errors import ServiceUnavailable, StopRun
from infringewatch.frontier.jobs import (
    MAX_ATTEMPTS,
    Ending,
    Engine,
    Job,
    JobState,
    NewJob,
    Progress,
    ReportLine,
)
from infringewatch.frontier.owners import dead_owners

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS job (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL,
        kind TEXT NOT NULL, role TEXT NOT NULL, priority INTEGER NOT NULL, depth INTEGER NOT NULL,
        host TEXT NOT NULL, engine TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
        lease_until REAL NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, deferrals INTEGER NOT NULL DEFAULT 0,
        outcome TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', meta TEXT NOT NULL DEFAULT '{}',
        UNIQUE (run, key))""",
    # Jobs that a killed process held come after the untouched ones: a page that kills cannot block the rest.
    "CREATE INDEX IF NOT EXISTS job_ready ON job (run, state, engine, host, attempts, priority DESC, id)",
    "CREATE INDEX IF NOT EXISTS job_owner ON job (owner) WHERE state = 'leased'",
    """CREATE TABLE IF NOT EXISTS host (
        host TEXT NOT NULL, engine TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
        lease_until REAL NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0, PRIMARY KEY (host, engine))""",
    """CREATE TABLE IF NOT EXISTS fact (
        run INTEGER NOT NULL, host TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (run, host, name))""",
    """CREATE TABLE IF NOT EXISTS refusal (
        run INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (run, reason))""",
    """CREATE TABLE IF NOT EXISTS progress (
        run INTEGER NOT NULL, owner TEXT NOT NULL, pages INTEGER, items INTEGER, hits INTEGER, errors INTEGER,
        size INTEGER, seconds REAL, rate REAL, noted_at REAL, PRIMARY KEY (run, owner))""",
)

_COLUMNS = "id, run, url, kind, role, priority, depth, host, engine, attempts, failures, deferrals, meta"


class SqliteFrontier:
    """Leased crawl requests in ``path``. Raises ServiceUnavailable where the file cannot be opened."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            with self._write() as db:
                for statement in _SCHEMA:
                    db.execute(statement)
        except (OSError, sqlite3.Error) as error:
            raise ServiceUnavailable(f"the frontier {path} cannot be opened: {error}") from error

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One transaction that takes the write lock at once: a deferred one would fail when two processes meet."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise StopRun(f"the frontier cannot be written: {error}") from error
            try:
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                self._roll_back()
                raise StopRun(f"the frontier cannot be written: {error}") from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    # --- the way of a job --------------------------------------------------------------------------

    def add(self, run: int, jobs: Sequence[NewJob]) -> int:
        with self._write() as db:
            return _insert(db, run, jobs)

    def claim(
        self,
        run: int,
        owner: str,
        limit: int,
        lease_seconds: float,
        spider: str | None = None,
        engine: Engine = Engine.PLAIN,
        *,
        per_host: int = 4,
    ) -> list[Job]:
        now = self._clock()
        claimed: list[Job] = []
        with self._write() as db:
            self._take_back(db, run, now)
            for host in _ready_hosts(db, run, engine, owner, now):
                room = min(limit - len(claimed), per_host - _held(db, owner, host, engine))
                if room <= 0:
                    continue
                jobs = _lease(db, run, host, engine, spider, owner, now, now + lease_seconds, room)
                if jobs:
                    _take_host(db, host, engine, owner, now + lease_seconds)
                    claimed += jobs
            _leave_hosts(db, owner, engine)
        return claimed

    def _take_back(self, db: sqlite3.Connection, run: int, now: float) -> None:
        """Queue the jobs of processes that died; what has outlived too many of them is poison."""
        stale = "run = ? AND state = 'leased' AND lease_until < ?"
        db.execute(
            f"UPDATE job SET state = 'poison', owner = '', outcome = 'error', "  # noqa: S608 - no outside text
            f"reason = 'the crawler died each time it held this page' WHERE {stale} AND attempts >= ?",
            (run, now, MAX_ATTEMPTS),
        )
        db.execute(f"UPDATE job SET state = 'queued', owner = '' WHERE {stale}", (run, now))  # noqa: S608

    def finish(self, job: Job, state: JobState, reason: str = "", children: Sequence[NewJob] = ()) -> bool:
        """End one job that this thread's owner holds; whether the lease was still held."""
        (owner,) = self._read("SELECT owner FROM job WHERE id = ?", (job.id,))[0]
        return bool(self.finish_many(owner, [Ending(job, state, reason=reason, children=tuple(children))]))

    def finish_many(self, owner: str, endings: Sequence[Ending]) -> int:
        now = self._clock()
        ended = 0
        with self._write() as db:
            for ending in endings:
                if not _end(db, owner, ending, now):
                    continue  # the lease was lost: whoever holds the job now will bring the same children
                ended += 1
                _insert(db, ending.job.run, ending.children)
                _note_aliases(db, ending)
                _note_refusals(db, ending)
        return ended

    def heartbeat(self, owner: str, lease_seconds: float) -> int:
        until = self._clock() + lease_seconds
        with self._write() as db:
            db.execute("UPDATE host SET lease_until = ? WHERE owner = ?", (until, owner))
            return db.execute(
                "UPDATE job SET lease_until = ? WHERE owner = ? AND state = 'leased'", (until, owner)
            ).rowcount

    def release(self, owner: str) -> int:
        with self._write() as db:
            db.execute("UPDATE host SET owner = '', lease_until = 0 WHERE owner = ?", (owner,))
            return db.execute(
                "UPDATE job SET state = 'queued', owner = '', attempts = MAX(attempts - 1, 0) "
                "WHERE owner = ? AND state = 'leased'",
                (owner,),
            ).rowcount

    def release_dead(self) -> int:
        """Take back at once what processes of this machine held that no longer live; the number of jobs."""
        owners = [row[0] for row in self._read("SELECT DISTINCT owner FROM job WHERE state = 'leased'")]
        owners += [row[0] for row in self._read("SELECT DISTINCT owner FROM host WHERE owner <> ''")]
        taken = 0
        with self._write() as db:
            for owner in dead_owners(owners):
                db.execute("UPDATE host SET owner = '', lease_until = 0 WHERE owner = ?", (owner,))
                taken += db.execute(
                    "UPDATE job SET lease_until = 0 WHERE owner = ? AND state = 'leased'", (owner,)
                ).rowcount
        return taken

    def pause_host(self, host: str, seconds: float, engine: Engine = Engine.PLAIN) -> None:
        with self._write() as db:
            db.execute(
                "INSERT INTO host (host, engine, not_before) VALUES (?, ?, ?) "
                "ON CONFLICT (host, engine) DO UPDATE SET not_before = MAX(not_before, excluded.not_before)",
                (host, engine, self._clock() + seconds),
            )

    # --- what is known of a run --------------------------------------------------------------------

    def counts(self, run: int) -> dict[str, int]:
        return dict(
            self._read("SELECT state, COUNT(*) FROM job WHERE run = ? AND role <> 'alias' GROUP BY state", (run,))
        )

    def is_open(self, run: int, spider: str | None = None, engine: Engine | None = None) -> bool:
        statement = "SELECT 1 FROM job WHERE run = ? AND state IN ('queued', 'leased')"
        values: list[Any] = [run]
        for column, value in (("engine", engine), ("kind", spider)):
            if value is not None:
                statement += f" AND {column} = ?"
                values.append(value)
        return bool(self._read(statement + " LIMIT 1", values))

    def remember(self, run: int, host: str, name: str, value: str) -> None:
        with self._write() as db:
            db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?)", (run, host, name, value))

    def recall(self, run: int, host: str, name: str) -> str | None:
        rows = self._read("SELECT value FROM fact WHERE run = ? AND host = ? AND name = ?", (run, host, name))
        return str(rows[0][0]) if rows else None

    def note_progress(self, run: int, owner: str, progress: Progress) -> None:
        with self._write() as db:
            db.execute(
                "INSERT OR REPLACE INTO progress VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    run,
                    owner,
                    progress.pages,
                    progress.items,
                    progress.hits,
                    progress.errors,
                    progress.size,
                    progress.seconds,
                    progress.rate,
                    self._clock(),
                ),
            )

    def progress(self, run: int, *, without: str = "") -> Progress:
        """The rate is that of the processes that wrote in the last ten seconds."""
        rows = self._read(
            "SELECT pages, items, hits, errors, size, seconds, "
            "CASE WHEN noted_at > ? THEN rate ELSE 0 END FROM progress WHERE run = ? AND owner <> ?",
            (self._clock() - 10, run, without),
        )
        return sum((Progress(*row) for row in rows), Progress())

    def report(self, run: int) -> list[ReportLine]:
        pages = self._read(
            "SELECT state, outcome, reason, COUNT(*), MIN(url) FROM job WHERE run = ? AND role <> 'alias' "
            "GROUP BY state, outcome, reason ORDER BY COUNT(*) DESC",
            (run,),
        )
        links = self._read("SELECT reason, count FROM refusal WHERE run = ? ORDER BY count DESC", (run,))
        return [ReportLine(*row) for row in pages] + [
            ReportLine("", "not asked for", reason, count) for reason, count in links
        ]

    def close(self) -> None:
        with self._lock:
            self._db.close()


def _insert(db: sqlite3.Connection, run: int, jobs: Sequence[NewJob]) -> int:
    rows = [_row_of(run, job) for job in jobs]
    return db.executemany(
        "INSERT INTO job (run, key, url, kind, role, priority, depth, host, engine, state, meta) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?) ON CONFLICT (run, key) DO NOTHING",
        rows,
    ).rowcount


def _row_of(run: int, job: NewJob) -> tuple[Any, ...]:
    meta = json.dumps(dict(job.meta), ensure_ascii=False)
    return (run, job.unique_key, job.url, job.kind, job.role, job.priority, job.depth, job.host, job.engine, meta)


def _ready_hosts(db: sqlite3.Connection, run: int, engine: Engine, owner: str, now: float) -> list[str]:
    """Hosts with queued jobs, found by jumping through the index: a run may have a million rows and ten hosts."""
    rows = db.execute(
        """WITH RECURSIVE ready(host) AS (
            SELECT MIN(host) FROM job WHERE run = :run AND state = 'queued' AND engine = :engine
            UNION ALL
            SELECT (SELECT MIN(job.host) FROM job
                    WHERE run = :run AND state = 'queued' AND engine = :engine AND job.host > ready.host)
            FROM ready WHERE ready.host IS NOT NULL)
        SELECT ready.host FROM ready LEFT JOIN host ON host.host = ready.host AND host.engine = :engine
        WHERE ready.host IS NOT NULL AND COALESCE(host.not_before, 0) <= :now
          AND (COALESCE(host.owner, '') IN ('', :owner) OR host.lease_until < :now)""",
        {"run": run, "engine": engine, "owner": owner, "now": now},
    )
    return [str(row[0]) for row in rows]


def _held(db: sqlite3.Connection, owner: str, host: str, engine: Engine) -> int:
    row = db.execute(
        "SELECT COUNT(*) FROM job WHERE owner = ? AND state = 'leased' AND host = ? AND engine = ?",
        (owner, host, engine),
    ).fetchone()
    return int(row[0])


def _lease(
    db: sqlite3.Connection,
    run: int,
    host: str,
    engine: Engine,
    spider: str | None,
    owner: str,
    now: float,
    until: float,
    limit: int,
) -> list[Job]:
    rows = db.execute(
        f"""UPDATE job SET state = 'leased', owner = :owner, lease_until = :until, attempts = attempts + 1
        WHERE id IN (SELECT id FROM job WHERE run = :run AND state = 'queued' AND engine = :engine AND host = :host
            AND not_before <= :now AND (:spider IS NULL OR kind = :spider)
            ORDER BY attempts, priority DESC, id LIMIT :limit)
        RETURNING {_COLUMNS}""",  # noqa: S608 - a constant
        {
            "owner": owner,
            "until": until,
            "run": run,
            "engine": engine,
            "host": host,
            "now": now,
            "spider": spider,
            "limit": limit,
        },
    ).fetchall()
    return sorted(map(_job_of, rows), key=lambda job: (job.attempts, -job.priority, job.id))


def _job_of(row: Any) -> Job:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Job(**values | {"engine": Engine(values["engine"]), "meta": json.loads(values["meta"])})


def _take_host(db: sqlite3.Connection, host: str, engine: Engine, owner: str, until: float) -> None:
    db.execute(
        "INSERT INTO host (host, engine, owner, lease_until) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (host, engine) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until",
        (host, engine, owner, until),
    )


def _leave_hosts(db: sqlite3.Connection, owner: str, engine: Engine) -> None:
    """Let others have the hosts at which this owner holds nothing any more."""
    db.execute(
        "UPDATE host SET owner = '', lease_until = 0 WHERE owner = ? AND engine = ? AND NOT EXISTS ("
        "SELECT 1 FROM job WHERE job.owner = host.owner AND job.state = 'leased' AND job.host = host.host)",
        (owner, engine),
    )


def _end(db: sqlite3.Connection, owner: str, ending: Ending, now: float) -> bool:
    again = ending.state is JobState.QUEUED
    return bool(
        db.execute(
            "UPDATE job SET state = ?, outcome = ?, reason = ?, owner = '', lease_until = 0, not_before = ?, "
            "engine = ?, attempts = CASE WHEN ? THEN 0 ELSE attempts END, failures = failures + ?, "
            "deferrals = deferrals + ? WHERE id = ? AND owner = ? AND state = 'leased'",
            (
                ending.state,
                ending.outcome,
                ending.reason,
                now + ending.wait_s if again else 0,
                ending.engine or ending.job.engine,
                again,
                ending.failed,
                ending.deferred,
                ending.job.id,
                owner,
            ),
        ).rowcount
    )


def _note_aliases(db: sqlite3.Connection, ending: Ending) -> None:
    """The other names of a page that was fetched: a link to them need not be followed."""
    job = ending.job
    db.executemany(
        "INSERT INTO job (run, key, url, kind, role, priority, depth, host, engine, state, outcome) "
        "VALUES (?, ?, ?, ?, 'alias', 0, ?, ?, ?, 'done', 'alias') ON CONFLICT (run, key) DO NOTHING",
        [(job.run, key, job.url, job.kind, job.depth, job.host, job.engine) for key in ending.aliases],
    )


def _note_refusals(db: sqlite3.Connection, ending: Ending) -> None:
    db.executemany(
        "INSERT INTO refusal VALUES (?, ?, ?) ON CONFLICT (run, reason) DO UPDATE SET count = count + excluded.count",
        [(ending.job.run, reason, count) for reason, count in ending.refusals.items()],
    )
