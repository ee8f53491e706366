"""Pages that wait for a browser which does not come: each ends as ``needs_browser``, so that its run can end."""

from __future__ import annotations

from datetime import UTC, datetime

from crawlers.scheduler import LEASE_SECONDS
from crawlers.session import Session
from infringewatch.frontier import Ending, Engine, Job, JobState
from infringewatch.model import Outcome, PageResult
from infringewatch.normalise import canonical_url

NO_BROWSER = "no browser is installed"
BROWSER_FAILED = "the browser failed"
_BATCH = 200


def end_browser_jobs(session: Session, reason: str) -> int:
    """Record and acknowledge what is queued for the browser; the number of pages. Blocks: for the end of a process."""
    ended = 0
    while jobs := session.frontier.claim(
        session.run.id, session.owner, _BATCH, LEASE_SECONDS, session.spider, Engine.BROWSER, per_host=_BATCH
    ):
        session.write(session.intake.take_in, session.run, [unfetched(job, reason) for job in jobs])
        endings = [Ending(job, JobState.DONE, str(Outcome.NEEDS_BROWSER), reason) for job in jobs]
        ended += session.frontier.finish_many(session.owner, endings)
    return ended


def unfetched(job: Job, reason: str) -> PageResult:
    """The record of a page that was never asked for, for want of a browser."""
    return PageResult(
        job=str(job.id),
        url=job.url,
        canonical_url=canonical_url(job.url),
        outcome=Outcome.NEEDS_BROWSER,
        fetched_at=datetime.now(UTC),
        reason=reason,
    )
