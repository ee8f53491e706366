"""The one pipeline: pages go to intake in batches, off the reactor thread; then children and acknowledgement together.

Records first: a process that dies in between fetches the page again, and the second writing does no harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from scrapy.crawler import Crawler

from crawlers.doors import engine_of, session_of, spider_of, stats_of
from crawlers.fetched import Fetched
from crawlers.scheduler import FrontierScheduler, scheduler_of
from crawlers.session import Session
from infringewatch.errors import StaleState, StopRun
from infringewatch.faultpoints import fault_point
from infringewatch.frontier import Ending, JobState
from infringewatch.model import Outcome

_BATCH = 32
_GATHER_SECONDS = 0.1  # a batch costs as much as five pages: waiting this long for more makes a fast crawl cheap
_MAX_FAILURES = 3
_STOPPING = (StopRun, StaleState)  # evidence cannot be written; the run was taken over by another process

logger = logging.getLogger(__name__)


class IntakePipeline:
    """``process_item`` returns when the page is recorded and acknowledged, which also slows the crawl to what the
    store can take."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._waiting: list[tuple[Fetched, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> IntakePipeline:
        return cls(crawler)

    @property
    def _session(self) -> Session:
        return session_of(self._crawler)

    @property
    def _scheduler(self) -> FrontierScheduler:
        return scheduler_of(self._crawler)

    async def process_item(self, item: Fetched) -> Fetched:
        written = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting())
        await written
        return item

    async def close_spider(self) -> None:
        if self._writing is not None:
            await self._writing

    async def _write_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if len(self._waiting) < _BATCH and engine_of(self._crawler).downloader.active:
                await asyncio.sleep(_GATHER_SECONDS)
            batch, self._waiting = self._waiting[:_BATCH], self._waiting[_BATCH:]
            try:
                await loop.run_in_executor(self._session.writer, self._write, [item for item, _ in batch])
            except _STOPPING as error:
                logger.error("the run stops: %s", error)
                self._scheduler.stop(f"stopped: {error}")
            except Exception:  # the loop must live on: the leases run out and the pages are fetched again
                logger.exception("a batch of %d pages could not be written", len(batch))
            for _, written in batch:
                if not written.done():
                    written.set_result(None)
            self._scheduler.note_ended(item.ending.job for item, _ in batch)

    # --- in the writing thread ---------------------------------------------------------------------

    def _write(self, batch: Sequence[Fetched]) -> None:
        try:
            self._take_in(batch)
        except _STOPPING:
            raise
        except Exception:  # one page that cannot be recorded must not take its neighbours with it
            logger.exception("a batch of %d pages was refused; each is tried alone", len(batch))
            batch = [self._write_alone(item) for item in batch]
        fault_point("before_acknowledgement")
        endings = [item.ending for item in batch]
        if self._session.frontier.finish_many(self._session.owner, endings) == len(endings):
            spider_of(self._crawler).note_acknowledged(endings)
        self._count(batch)

    def _write_alone(self, item: Fetched) -> Fetched:
        try:
            self._take_in([item])
        except _STOPPING:
            raise
        except Exception as error:
            logger.exception("the page of job %d cannot be recorded", item.ending.job.id)
            return replace(item, ending=_unrecorded(item.ending, error))
        return item

    def _take_in(self, batch: Sequence[Fetched]) -> None:
        session = self._session
        pages = [item.page for item in batch if item.page is not None and not item.capture]
        if pages:
            taken = session.intake.take_in(session.run, pages)
            stats_of(self._crawler).inc_value("intake/hits", taken.hits)
        targets = {target.id: target for target in session.run.captures}
        for item in batch:
            if item.capture and item.page is not None:
                session.intake.take_capture(session.run, targets[item.capture], item.page)

    def _count(self, batch: Sequence[Fetched]) -> None:
        stats = stats_of(self._crawler)
        for item in batch:
            if item.page is None:
                continue
            stats.inc_value("intake/pages")
            stats.inc_value(f"intake/outcome/{item.page.outcome}")
            stats.inc_value("intake/items", len(item.page.items))
            stats.inc_value("intake/bytes", item.size)
            if item.page.outcome is Outcome.ERROR:
                stats.inc_value("intake/errors")


def _unrecorded(ending: Ending, error: Exception) -> Ending:
    """Another try later, with its children still unknown; after some tries the page ends as an error."""
    reason = f"cannot be recorded ({type(error).__name__})"
    if ending.job.failures + 1 < _MAX_FAILURES:
        return Ending(ending.job, JobState.QUEUED, reason=reason, wait_s=5.0, failed=True)
    return replace(ending, state=JobState.DONE, outcome=str(Outcome.ERROR), reason=reason)
