"""The steps of a claim and of an ending, each one statement in an open transaction; one wording for all stores.

Values are named (``:name``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from infringewatch.frontier.jobs import MAX_ATTEMPTS, Ending, Engine, Job, JobState, NewJob
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


def insert_jobs(db: Statements, run: int, jobs: Sequence[NewJob]) -> int:
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


def take_back(db: Statements, run: int, now: float) -> None:
    """Queue the jobs of processes that died; what has outlived too many of them is poison."""
    values = {"run": run, "now": now, "most": MAX_ATTEMPTS}
    stale = "run = :run AND state = 'leased' AND lease_until < :now"
    db.execute(
        f"UPDATE job SET state = 'poison', owner = '', outcome = 'error', "  # noqa: S608 - constants
        f"reason = 'the crawler died each time it held this page' WHERE {stale} AND attempts >= :most",
        values,
    )
    db.execute(f"UPDATE job SET state = 'queued', owner = '' WHERE {stale}", values)  # noqa: S608


def find_ready_hosts(db: Statements, lease: Mapping[str, Any]) -> list[str]:
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


def take_host(db: Statements, lease: Mapping[str, Any]) -> bool:
    """Whether the host is ours now. The condition stands in the update itself: another may have been faster."""
    return bool(
        db.execute(
            "INSERT INTO host (host, engine, owner, lease_until) VALUES (:host, :engine, :owner, :until) "
            "ON CONFLICT (host, engine) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until "
            "WHERE host.owner IN ('', excluded.owner) OR host.lease_until < :now",
            lease,
        )
    )


def count_held(db: Statements, lease: Mapping[str, Any]) -> int:
    question = (
        "SELECT COUNT(*) FROM job WHERE owner = :owner AND state = 'leased' AND host = :host AND engine = :engine"
    )
    return int(db.rows(question, lease)[0][0])


def lease_jobs(db: Statements, lease: Mapping[str, Any], for_update: str) -> list[Job]:
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


def leave_hosts(db: Statements, lease: Mapping[str, Any]) -> None:
    """Let others have the hosts at which this owner holds nothing any more."""
    db.execute(
        "UPDATE host SET owner = '', lease_until = 0 WHERE owner = :owner AND engine = :engine AND NOT EXISTS ("
        "SELECT 1 FROM job WHERE job.owner = host.owner AND job.state = 'leased' AND job.host = host.host)",
        lease,
    )


def end_job(db: Statements, owner: str, ending: Ending, now: float) -> bool:
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


def note_aliases(db: Statements, endings: Sequence[Ending]) -> None:
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


def note_tallies(db: Statements, run: int, endings: Sequence[Ending]) -> None:
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
