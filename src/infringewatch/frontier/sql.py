"""All of the frontier but the connection, over the statements that SQLite and PostgreSQL share."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from infringewatch.frontier.jobs import Ending, Engine, HostState, Job, JobState, NewJob, Progress, ReportLine
from infringewatch.frontier.owners import dead_owners
from infringewatch.frontier.statements import (
    Statements,
    count_held,
    end_job,
    find_ready_hosts,
    insert_jobs,
    lease_jobs,
    leave_hosts,
    note_aliases,
    note_tallies,
    take_back,
    take_host,
)


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
            return insert_jobs(db, run, jobs)

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
            take_back(db, run, now)
            for host in find_ready_hosts(db, lease):
                if len(claimed) >= limit or not take_host(db, {**lease, "host": host}):
                    continue
                room = min(limit - len(claimed), per_host - count_held(db, {**lease, "host": host}))
                claimed += lease_jobs(db, {**lease, "host": host, "limit": room}, self._for_update) if room > 0 else []
            leave_hosts(db, lease)
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
                if end_job(db, owner, ending, now):
                    ended.append(ending)  # else the lease was lost: who holds the job now brings the same children
            for run in {ending.job.run for ending in ended}:
                own = [ending for ending in ended if ending.job.run == run]
                insert_jobs(db, run, [child for ending in own for child in ending.children])
                note_aliases(db, own)
                note_tallies(db, run, own)
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
