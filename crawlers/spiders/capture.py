"""Captures: a browser shows the page of a hit, and its picture and traffic go to intake. No link is followed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

from scrapy import Request

from crawlers.answer import Answer
from crawlers.fetched import Fetched
from crawlers.leftovers import NO_BROWSER, unfetched
from crawlers.scheduler import LEASE_SECONDS
from crawlers.spiders.base import FrontierSpider
from infringewatch.frontier import Ending, Engine, Job, JobState, NewJob
from infringewatch.model import Outcome


class CaptureSpider(FrontierSpider):
    """Fulfils the capture requests of a run. Without a browser each is recorded as ``needs_browser``."""

    name = "capture"
    kind = "capture"

    @classmethod
    def choose_engine(cls, asked: Engine) -> Engine:
        return Engine.BROWSER

    async def start(self) -> AsyncIterator[Any]:
        self.session.add(list(self.seeds()))
        if not self.session.browser_available:
            for job in self._claim_all():
                yield _without_browser(job)

    def seeds(self) -> Iterable[NewJob]:
        for target in self.session.run.captures:
            yield NewJob(
                target.url,
                kind=self.name,
                role="capture",
                engine=Engine.BROWSER,
                meta={"capture": target.id},
                key=f"capture:{target.id}",
            )

    def _claim_all(self) -> list[Job]:
        session = self.session
        return session.frontier.claim(
            session.run.id, session.owner, 10_000, LEASE_SECONDS, self.kind, session.engine, per_host=10_000
        )

    def end_page(self, job: Job, answer: Answer) -> Fetched:
        return replace(super().end_page(job, answer), capture=int(job.meta["capture"]))

    def end_failure(self, job: Job, ending: Ending, request: Request | None) -> Fetched:
        return replace(super().end_failure(job, ending, request), capture=int(job.meta["capture"]))


def _without_browser(job: Job) -> Fetched:
    ending = Ending(job, JobState.DONE, str(Outcome.NEEDS_BROWSER), NO_BROWSER)
    return Fetched(ending, unfetched(job, NO_BROWSER), capture=int(job.meta["capture"]))
