"""The frontier's statements, one wording for SQLite and PostgreSQL. Values are named (``:name``); a store says how
a transaction begins and what rows are locked with."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol
from urllib.parse import urlsplit

from infringewatch.frontier.jobs import (
    MAX_ATTEMPTS,
    Ending,
    Engine,
    HostState,
    Job,
    JobState,
    NewJob,
    Progress,
    ReportLine,
)
from infringewatch.frontier.owners import dead_owners
from infringewatch.normalise import canonical_url

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS job (
        id {identity}, run BIGINT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL,
        kind TEXT NOT NULL, role TEXT NOT NULL, priority INTEGER NOT NULL, depth INTEGER NOT NULL,
        host TEXT NOT NULL, engine TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
        lease_until DOUBLE PRECISION NOT NULL DEFAULT 0, not_before DOUBLE PRECISION NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, deferrals INTEGER NOT NULL DEFAULT 0,
        outcome TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', meta TEXT NOT NULL DEFAULT '{{}}',
        UNIQUE (run, key))""",
    # Jobs that a killed process held come after the untouched ones: a page that kills cannot block the rest.
    "CREATE INDEX IF NOT EXISTS job_ready ON job (run, state, engine, host, attempts, priority DESC, id)",
    "CREATE INDEX IF NOT EXISTS job_owner ON job (owner) WHERE state = 'leased'",
    """CREATE TABLE IF NOT EXISTS host (
        host TEXT NOT NULL, engine TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
        lease_until DOUBLE PRECISION NOT NULL DEFAULT 0, not_before DOUBLE PRECISION NOT NULL DEFAULT 0,
        PRIMARY KEY (host, engine))""",
    """CREATE TABLE IF NOT EXISTS fact (
        run BIGINT NOT NULL, host TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (run, host, name))""",
    """CREATE TABLE IF NOT EXISTS tally (
        run BIGINT NOT NULL, topic TEXT NOT NULL, name TEXT NOT NULL, count BIGINT NOT NULL,
        PRIMARY KEY (run, topic, name))""",
    """CREATE TABLE IF NOT EXISTS progress (
        run BIGINT NOT NULL, owner TEXT NOT NULL, pages BIGINT, items BIGINT, hits BIGINT, errors BIGINT,
        size BIGINT, seconds DOUBLE PRECISION, rate DOUBLE PRECISION, noted_at DOUBLE PRECISION,
        PRIMARY KEY (run, owner))""",
)

_COLUMNS = "id, run, url, kind, role, priority, depth, host, engine, attempts, failures, deferrals, meta"
_LEFT = "link not followed"


class Statements(Protocol):
    """An open transaction."""

    def execute(self, statement: str, values: Mapping[str, Any] = ...) -> int:
        """Do it; the number of rows that it touched."""

    def many(self, statement: str, values: Sequence[Mapping[str, Any]]) -> int: ...

    def rows(self, statement: str, values: Mapping[str, Any] = ...) -> list[Any]: ...


class SqlFrontier:
    """All of the frontier but the connection. The clock gives seconds since the epoch; hosts that share a frontier
    need clocks that agree within a fraction of a lease."""

    _for_update = ""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def _transaction(self) -> AbstractContextManager[Statements]:
        raise NotImplementedError

    # --- the way of a job --------------------------------------------------------------------------

    def add(self, run: int, jobs: Sequence[NewJob]) -> int:
        with self._transaction() as db:
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
        lease = {"run": run, "owner": owner, "engine": engine, "spider": spider, "now": now}
        lease["until"] = now + lease_seconds
        claimed: list[Job] = []
        with self._transaction() as db:
            _take_back(db, run, now)
            for host in _ready_hosts(db, lease):
                if len(claimed) >= limit or not _take_host(db, {**lease, "host": host}):
                    continue
                room = min(limit - len(claimed), per_host - _held(db, {**lease, "host": host}))
                claimed += _lease(db, {**lease, "host": host, "limit": room}, self._for_update) if room > 0 else []
            _leave_hosts(db, lease)
        return claimed

    def finish(self, job: Job, state: JobState, reason: str = "", children: Sequence[NewJob] = ()) -> bool:
        """End one leased job, whoever holds it; whether it was held."""
        with self._transaction() as db:
            (owner,) = db.rows("SELECT owner FROM job WHERE id = :id", {"id": job.id})[0]
        return bool(self.finish_many(owner, [Ending(job, state, reason=reason, children=tuple(children))]))

    def finish_many(self, owner: str, endings: Sequence[Ending]) -> int:
        now = self._clock()
        ended: list[Ending] = []
        with self._transaction() as db:
            for ending in endings:
                if _end(db, owner, ending, now):
                    ended.append(ending)  # else the lease was lost: who holds the job now brings the same children
            for run in {ending.job.run for ending in ended}:
                own = [ending for ending in ended if ending.job.run == run]
                _insert(db, run, [child for ending in own for child in ending.children])
                _note_aliases(db, own)
                _note_tallies(db, run, own)
        return len(ended)

    def heartbeat(self, owner: str, lease_seconds: float) -> int:
        values = {"until": self._clock() + lease_seconds, "owner": owner}
        with self._transaction() as db:
            db.execute("UPDATE host SET lease_until = :until WHERE owner = :owner", values)
            return db.execute("UPDATE job SET lease_until = :until WHERE owner = :owner AND state = 'leased'", values)

    def release(self, owner: str) -> int:
        with self._transaction() as db:
            db.execute("UPDATE host SET owner = '', lease_until = 0 WHERE owner = :owner", {"owner": owner})
            return db.execute(
                "UPDATE job SET state = 'queued', owner = '', "
                "attempts = CASE WHEN attempts > 0 THEN attempts - 1 ELSE 0 END "
                "WHERE owner = :owner AND state = 'leased'",
                {"owner": owner},
            )

    def release_dead(self) -> int:
        """Take back at once what processes of this machine held that no longer live; the number of jobs."""
        with self._transaction() as db:
            rows = db.rows("SELECT DISTINCT owner FROM job WHERE state = 'leased'")
            rows += db.rows("SELECT DISTINCT owner FROM host WHERE owner <> ''")
            taken = 0
            for owner in dead_owners(row[0] for row in rows):
                db.execute("UPDATE host SET owner = '', lease_until = 0 WHERE owner = :owner", {"owner": owner})
                taken += db.execute(
                    "UPDATE job SET lease_until = 0 WHERE owner = :owner AND state = 'leased'", {"owner": owner}
                )
        return taken

    def pause_host(self, host: str, seconds: float, engine: Engine = Engine.PLAIN) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT INTO host (host, engine, not_before) VALUES (:host, :engine, :until) "
                "ON CONFLICT (host, engine) DO UPDATE SET not_before = excluded.not_before "
                "WHERE host.not_before < excluded.not_before",
                {"host": host, "engine": engine, "until": self._clock() + seconds},
            )

    def forget(self, run: int) -> None:
        """Drop all that is known of a run: only when nobody wants its report any more."""
        with self._transaction() as db:
            for table in ("job", "fact", "tally", "progress"):
                db.execute(f"DELETE FROM {table} WHERE run = :run", {"run": run})  # noqa: S608 - constants

    # --- what is known of a run --------------------------------------------------------------------

    def counts(self, run: int) -> dict[str, int]:
        with self._transaction() as db:
            question = "SELECT state, COUNT(*) FROM job WHERE run = :run AND role <> 'alias' GROUP BY state"
            return {str(state): int(count) for state, count in db.rows(question, {"run": run})}

    def hosts(self, run: int) -> list[HostState]:
        """Each host of the run: what is open, done, failed, and how long it wants to be left alone."""
        now = self._clock()
        with self._transaction() as db:
            rows = db.rows(
                "SELECT job.host, SUM(CASE WHEN state IN ('queued', 'leased') THEN 1 ELSE 0 END), "
                "SUM(CASE WHEN state NOT IN ('queued', 'leased') THEN 1 ELSE 0 END), "
                "SUM(CASE WHEN outcome = 'error' THEN 1 ELSE 0 END), MAX(COALESCE(host.not_before, 0)) "
                "FROM job LEFT JOIN host ON host.host = job.host AND host.engine = 'plain' "
                "WHERE run = :run AND role <> 'alias' GROUP BY job.host ORDER BY job.host",
                {"run": run},
            )
        return [HostState(host, int(o), int(d), int(e), max(0.0, pause - now)) for host, o, d, e, pause in rows]

    def is_open(self, run: int, spider: str | None = None, engine: Engine | None = None) -> bool:
        statement = "SELECT 1 FROM job WHERE run = :run AND state IN ('queued', 'leased')"
        statement += " AND engine = :engine" if engine is not None else ""
        statement += " AND kind = :spider" if spider is not None else ""
        with self._transaction() as db:
            return bool(db.rows(statement + " LIMIT 1", {"run": run, "spider": spider, "engine": engine}))

    def remember(self, run: int, host: str, name: str, value: str) -> None:
        with self._transaction() as db:
            db.execute(
                "INSERT INTO fact VALUES (:run, :host, :name, :value) "
                "ON CONFLICT (run, host, name) DO UPDATE SET value = excluded.value",
                {"run": run, "host": host, "name": name, "value": value},
            )

    def recall(self, run: int, host: str, name: str) -> str | None:
        question = "SELECT value FROM fact WHERE run = :run AND host = :host AND name = :name"
        with self._transaction() as db:
            rows = db.rows(question, {"run": run, "host": host, "name": name})
        return str(rows[0][0]) if rows else None

    def note_progress(self, run: int, owner: str, progress: Progress) -> None:
        names = ("pages", "items", "hits", "errors", "size", "seconds", "rate")
        values = {name: getattr(progress, name) for name in names}
        columns = ", ".join(["run", "owner", *names, "noted_at"])
        updates = ", ".join(f"{name} = excluded.{name}" for name in (*names, "noted_at"))
        places = ", ".join(f":{name}" for name in columns.split(", "))
        with self._transaction() as db:
            db.execute(
                f"INSERT INTO progress ({columns}) VALUES ({places}) "  # noqa: S608 - constants
                f"ON CONFLICT (run, owner) DO UPDATE SET {updates}",
                {**values, "run": run, "owner": owner, "noted_at": self._clock()},
            )

    def progress(self, run: int, *, without: str = "") -> Progress:
        """The rate is that of the processes that wrote in the last ten seconds."""
        with self._transaction() as db:
            rows = db.rows(
                "SELECT pages, items, hits, errors, size, seconds, "
                "CASE WHEN noted_at > :lately THEN rate ELSE 0 END FROM progress WHERE run = :run AND owner <> :without",
                {"lately": self._clock() - 10, "run": run, "without": without},
            )
        return sum((Progress(*row) for row in rows), Progress())

    def report(self, run: int) -> list[ReportLine]:
        with self._transaction() as db:
            pages = db.rows(
                "SELECT state, outcome, reason, COUNT(*), MIN(url) FROM job WHERE run = :run AND role <> 'alias' "
                "GROUP BY state, outcome, reason ORDER BY COUNT(*) DESC",
                {"run": run},
            )
            tallies = db.rows(
                "SELECT topic, name, count FROM tally WHERE run = :run ORDER BY topic, count DESC", {"run": run}
            )
        return [ReportLine(*row) for row in pages] + [ReportLine("", *row) for row in tallies]


def _insert(db: Statements, run: int, jobs: Sequence[NewJob]) -> int:
    """In the order of their keys: two processes that insert the same rows must not wait for each other in a ring."""
    rows = sorted((_row_of(run, job) for job in jobs), key=lambda row: str(row["key"]))
    return db.many(
        "INSERT INTO job (run, key, url, kind, role, priority, depth, host, engine, state, meta) VALUES "
        "(:run, :key, :url, :kind, :role, :priority, :depth, :host, :engine, 'queued', :meta) "
        "ON CONFLICT (run, key) DO NOTHING",
        rows,
    )


def _row_of(run: int, job: NewJob) -> dict[str, Any]:
    name = canonical_url(job.url)
    return {
        "run": run,
        "key": job.key or name,
        "url": job.url,
        "kind": job.kind,
        "role": job.role,
        "priority": job.priority,
        "depth": job.depth,
        "host": urlsplit(name).netloc,
        "engine": job.engine,
        "meta": json.dumps(dict(job.meta), ensure_ascii=False),
    }


def _take_back(db: Statements, run: int, now: float) -> None:
    """Queue the jobs of processes that died; what has outlived too many of them is poison."""
    values = {"run": run, "now": now, "most": MAX_ATTEMPTS}
    stale = "run = :run AND state = 'leased' AND lease_until < :now"
    db.execute(
        f"UPDATE job SET state = 'poison', owner = '', outcome = 'error', "  # noqa: S608 - constants
        f"reason = 'the crawler died each time it held this page' WHERE {stale} AND attempts >= :most",
        values,
    )
    db.execute(f"UPDATE job SET state = 'queued', owner = '' WHERE {stale}", values)  # noqa: S608


def _ready_hosts(db: Statements, lease: Mapping[str, Any]) -> list[str]:
    """Hosts with queued jobs, found by jumping through the index: a run may have a million rows and ten hosts."""
    queued = "run = :run AND state = 'queued' AND engine = :engine"
    rows = db.rows(
        f"""WITH RECURSIVE ready(host) AS (
            SELECT MIN(host) FROM job WHERE {queued}
            UNION ALL
            SELECT (SELECT MIN(job.host) FROM job WHERE {queued} AND job.host > ready.host)
            FROM ready WHERE ready.host IS NOT NULL)
        SELECT ready.host FROM ready LEFT JOIN host ON host.host = ready.host AND host.engine = :engine
        WHERE ready.host IS NOT NULL AND COALESCE(host.not_before, 0) <= :now
          AND (COALESCE(host.owner, '') IN ('', :owner) OR host.lease_until < :now)""",  # noqa: S608 - constants
        lease,
    )
    return [str(row[0]) for row in rows]


def _take_host(db: Statements, lease: Mapping[str, Any]) -> bool:
    """Whether the host is ours now. The condition stands in the update itself: another may have been faster."""
    return bool(
        db.execute(
            "INSERT INTO host (host, engine, owner, lease_until) VALUES (:host, :engine, :owner, :until) "
            "ON CONFLICT (host, engine) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until "
            "WHERE host.owner IN ('', excluded.owner) OR host.lease_until < :now",
            lease,
        )
    )


def _held(db: Statements, lease: Mapping[str, Any]) -> int:
    question = (
        "SELECT COUNT(*) FROM job WHERE owner = :owner AND state = 'leased' AND host = :host AND engine = :engine"
    )
    return int(db.rows(question, lease)[0][0])


def _lease(db: Statements, lease: Mapping[str, Any], for_update: str) -> list[Job]:
    of_kind = "AND kind = :spider" if lease["spider"] is not None else ""
    rows = db.rows(
        f"""UPDATE job SET state = 'leased', owner = :owner, lease_until = :until, attempts = attempts + 1
        WHERE id IN (SELECT id FROM job WHERE run = :run AND state = 'queued' AND engine = :engine AND host = :host
            AND not_before <= :now {of_kind} ORDER BY attempts, priority DESC, id LIMIT :limit {for_update})
        RETURNING {_COLUMNS}""",  # noqa: S608 - constants
        lease,
    )
    return sorted(map(_job_of, rows), key=lambda job: (job.attempts, -job.priority, job.id))


def _job_of(row: Any) -> Job:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    return Job(**values | {"engine": Engine(values["engine"]), "meta": json.loads(values["meta"])})


def _leave_hosts(db: Statements, lease: Mapping[str, Any]) -> None:
    """Let others have the hosts at which this owner holds nothing any more."""
    db.execute(
        "UPDATE host SET owner = '', lease_until = 0 WHERE owner = :owner AND engine = :engine AND NOT EXISTS ("
        "SELECT 1 FROM job WHERE job.owner = host.owner AND job.state = 'leased' AND job.host = host.host)",
        lease,
    )


def _end(db: Statements, owner: str, ending: Ending, now: float) -> bool:
    again = ending.state is JobState.QUEUED
    return bool(
        db.execute(
            "UPDATE job SET state = :state, outcome = :outcome, reason = :reason, owner = '', lease_until = 0, "
            "not_before = :not_before, engine = :engine, attempts = CASE WHEN :again = 1 THEN 0 ELSE attempts END, "
            "failures = failures + :failed, deferrals = deferrals + :deferred "
            "WHERE id = :id AND owner = :owner AND state = 'leased'",
            {
                "state": ending.state,
                "outcome": ending.outcome,
                "reason": ending.reason,
                "not_before": now + ending.wait_s if again else 0.0,
                "engine": ending.engine or ending.job.engine,
                "again": int(again),
                "failed": int(ending.failed),
                "deferred": int(ending.deferred),
                "id": ending.job.id,
                "owner": owner,
            },
        )
    )


def _note_aliases(db: Statements, endings: Sequence[Ending]) -> None:
    """The other names of a page that was fetched: a link to them need not be followed."""
    rows = [
        {"key": key, **{name: getattr(ending.job, name) for name in ("run", "url", "kind", "depth", "host", "engine")}}
        for ending in endings
        for key in ending.aliases
    ]
    db.many(
        "INSERT INTO job (run, key, url, kind, role, priority, depth, host, engine, state, outcome) "
        "VALUES (:run, :key, :url, :kind, 'alias', 0, :depth, :host, :engine, 'done', 'alias') "
        "ON CONFLICT (run, key) DO NOTHING",
        sorted(rows, key=lambda row: str(row["key"])),
    )


def _note_tallies(db: Statements, run: int, endings: Sequence[Ending]) -> None:
    counts: dict[tuple[str, str], int] = {}
    for ending in endings:
        for topic, names in {_LEFT: ending.refusals, **ending.tallies}.items():
            for name, count in names.items():
                counts[topic, name] = counts.get((topic, name), 0) + count
    db.many(
        "INSERT INTO tally VALUES (:run, :topic, :name, :count) "
        "ON CONFLICT (run, topic, name) DO UPDATE SET count = tally.count + excluded.count",
        [{"run": run, "topic": topic, "name": name, "count": counts[topic, name]} for topic, name in sorted(counts)],
    )
