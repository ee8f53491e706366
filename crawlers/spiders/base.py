"""What all spiders share: open the run, ask for a job, judge the answer, say how the job ends."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers.answer import Answer, read_answer, read_file_apart
from crawlers.doors import engine_of, stats_of
from crawlers.extensions import pause_host
from crawlers.failures import describe, may_pass
from crawlers.fetched import Fetched
from crawlers.middlewares import Refused, RobotsUnavailable
from crawlers.missing import PROBE, MissingPages
from crawlers.opening import open_session
from crawlers.outages import Outages
from crawlers.outcomes import wait_asked
from crawlers.resolver import private_names
from crawlers.scheduler import scheduler_of
from crawlers.session import Session
from infringewatch.errors import InfringeWatchError, ServiceUnavailable
from infringewatch.faultpoints import fault_point
from infringewatch.frontier import Ending, Engine, Job, JobState, NewJob
from infringewatch.model import Outcome, PageResult
from infringewatch.normalise import canonical_url

logger = logging.getLogger(__name__)

MAX_FAILURES = 3
MAX_DEFERRALS = 8
LONGEST_WAIT_SECONDS = 3600.0
_PASSING = (408, 500, 502, 504, 520, 521, 522, 523, 524)


class FrontierSpider(Spider):
    """A spider whose requests come from the frontier and whose pages go to intake.

    ``kind``: the kind of site whose jobs it claims; ``None`` claims all kinds.
    """

    kind: ClassVar[str | None] = None
    session: Session
    missing: MissingPages
    outages: Outages

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> FrontierSpider:
        run, campaign = str(kwargs.pop("run", "")), str(kwargs.pop("campaign", ""))
        asked = Engine(kwargs.pop("engine", Engine.PLAIN))
        engine = cls.choose_engine(asked)
        spider = super().from_crawler(crawler, *args, **kwargs)
        try:
            spider.session = open_session(
                crawler.settings,
                run=run,
                campaign=campaign,
                engine=engine,
                spider=cls.kind,
                is_child=asked is Engine.BROWSER,
            )
        except InfringeWatchError as error:
            _give_up(error)
        spider.missing = MissingPages(spider.session)
        spider.outages = Outages(spider.session, crawler.settings.getfloat("RETRY_WAIT"))
        if engine is Engine.BROWSER:
            crawler.settings.setdict(_BROWSER_SETTINGS, priority="spider")
        return spider

    @classmethod
    def choose_engine(cls, asked: Engine) -> Engine:
        return asked

    async def start(self) -> AsyncIterator[Any]:
        if self.session.engine is Engine.PLAIN:
            self.session.add(list(self.seeds()))
        return
        yield  # an asynchronous generator that gives nothing: all requests come from the frontier

    def seeds(self) -> Iterable[NewJob]:
        """What the run begins with. Adding it again after a restart changes nothing."""
        raise NotImplementedError

    def kind_of(self, url: str) -> str:
        profile = self.session.profile_of(url)
        return str(profile.kind) if profile else ""

    def follows_sitemaps(self, url: str) -> bool:
        """Whether sitemaps that a host's robots.txt names are read."""
        return False

    def note_acknowledged(self, endings: Iterable[Ending]) -> None:
        """These pages are recorded and their children queued. Called in the writing thread."""

    def trap_at(self, request: Request) -> str:
        """Why this address is not asked for after all, by what was learnt since its link was found."""
        return ""

    # --- one job -----------------------------------------------------------------------------------

    def request_of(self, job: Job) -> Request:
        self._be_gentle(job)
        return Request(
            job.url,
            callback=self.parse_page,
            errback=self.parse_failure,
            dont_filter=True,
            meta={"job": job, "download_slot": job.host, "captures": []},
        )

    def _be_gentle(self, job: Job) -> None:
        """Tell the downloader the pace of a host before its first request."""
        paces = self.session.paces
        if not paces.know(job.host):
            delay, concurrency = self.session.delay_of(job.url), self.session.concurrency_of(job.url)
            paces.set(engine_of(self.crawler).downloader, job.host, delay, concurrency)

    async def parse_page(self, response: Response) -> AsyncIterator[Fetched]:
        fault_point("after_fetch")
        job: Job = response.meta["job"]
        self.outages.note_answer(job.host)
        asked = self._wait_asked(response)
        if asked is not None and job.deferrals < MAX_DEFERRALS and asked <= LONGEST_WAIT_SECONDS:
            yield self._defer(job, response.status, asked)
        elif response.status in _PASSING and job.failures + 1 < MAX_FAILURES:
            yield self._try_again(job, f"the host answers {response.status}")
        else:
            self.session.paces.note_answer(engine_of(self.crawler).downloader, job.host)
            yield await self._take_safely(job, response)

    def _wait_asked(self, response: Response) -> float | None:
        headers = {"retry-after": (response.headers.get("Retry-After") or b"").decode("latin-1")}
        return wait_asked(response.status, headers, datetime.now(UTC))

    def _defer(self, job: Job, status: int, asked: float) -> Fetched:
        """The request is kept. A host that counts our requests, or names a time, is left alone as a whole for so long
        and asked more slowly from then on; a bare 503 may be the page's own."""
        wait = asked if asked >= 0 else min(self.settings.getfloat("DEFERRED_WAIT") * 2**job.deferrals, 300.0)
        if status == 429 or asked >= 0:
            pause_host(self.crawler, job.host, wait)
        stats_of(self.crawler).inc_value("politeness/deferred")
        reason = f"the host asks to come back later ({status})"
        return Fetched(Ending(job, JobState.QUEUED, reason=reason, wait_s=wait, deferred=True))

    def _try_again(self, job: Job, reason: str) -> Fetched:
        return Fetched(
            Ending(
                job,
                JobState.QUEUED,
                reason=reason,
                wait_s=self.settings.getfloat("RETRY_WAIT") * 4**job.failures,
                failed=True,
            )
        )

    async def _take_safely(self, job: Job, response: Response) -> Fetched:
        try:
            await read_file_apart(response)
            return self._take(job, response)
        except Exception as error:  # a job that no one ends would be held for ever; a page we cannot read is an outcome
            logger.exception("the page of job %d cannot be read", job.id)
            reason = f"the page cannot be read ({type(error).__name__})"
            return self.end_failure(job, Ending(job, JobState.DONE, str(Outcome.ERROR), reason), response.request)

    def _take(self, job: Job, response: Response) -> Fetched:
        if job.role == PROBE:
            more = self.missing.learn(job, response)
            return Fetched(
                Ending(job, JobState.DONE, PROBE, f"a missing page answers {response.status}", children=more)
            )
        answer = read_answer(self.session, job, response, self.missing.of(job.host))
        if answer.outcome is Outcome.NEEDS_BROWSER and self._has_browser_ahead():
            return Fetched(Ending(job, JobState.QUEUED, reason=answer.reason, engine=Engine.BROWSER))
        return self.end_page(job, answer)

    def _has_browser_ahead(self) -> bool:
        return self.session.engine is Engine.PLAIN and self.session.browser_available

    def end_page(self, job: Job, answer: Answer) -> Fetched:
        """How a page that was fetched ends. Spiders that follow links add children here."""
        ending = Ending(job, JobState.DONE, str(answer.outcome), answer.reason)
        return Fetched(ending, answer.page, size=answer.size)

    def parse_failure(self, failure: Failure) -> Iterator[Fetched]:
        fault_point("after_fetch")
        request: Request = failure.request  # type: ignore[attr-defined]
        job: Job = request.meta["job"]
        error = failure.value
        assert error is not None
        reason = describe(error)
        if urlsplit(request.url).hostname in private_names:
            error = Refused("the name points to a private address")
            reason = str(error)
        if isinstance(error, ServiceUnavailable):
            ending = Ending(job, JobState.DONE, str(Outcome.NEEDS_BROWSER), reason)
            yield self.end_failure(job, ending, request)
            return
        if may_pass(error) or isinstance(error, RobotsUnavailable):
            if pause := self.outages.note_failure(job.host):
                yield self._wait_for_host(job, reason, pause)
                return
            if job.failures + 1 < MAX_FAILURES:
                yield self._try_again(job, reason)
                return
        outcome = Outcome.REFUSED if isinstance(error, Refused) else Outcome.ERROR
        state = JobState.REFUSED if outcome is Outcome.REFUSED else JobState.DONE
        yield self.end_failure(job, Ending(job, state, str(outcome), reason), request)

    def _wait_for_host(self, job: Job, reason: str, pause: float) -> Fetched:
        """The host answered before: the page is kept, and counts no failure of its own."""
        scheduler = scheduler_of(self.crawler)
        scheduler.pause(job.host, pause)
        if self.outages.is_over(job.host):
            scheduler.give_up(job.host)
        return Fetched(Ending(job, JobState.QUEUED, reason=reason))

    def end_failure(self, job: Job, ending: Ending, request: Request | None) -> Fetched:
        if job.role == PROBE:
            return Fetched(ending)
        page = PageResult(
            job=str(job.id),
            url=job.url,
            canonical_url=canonical_url(job.url),
            outcome=Outcome(ending.outcome),
            fetched_at=datetime.now(UTC),
            reason=ending.reason,
            captures=tuple(request.meta.get("captures", ())) if request else (),
        )
        return Fetched(ending, page)


_BROWSER_SETTINGS: dict[str, Any] = {
    "DOWNLOAD_HANDLERS": {
        "http": "crawlers.browser_handler.BrowserHandler",
        "https": "crawlers.browser_handler.BrowserHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "CONCURRENT_REQUESTS": 2,
}


def _give_up(error: InfringeWatchError) -> None:
    """One sentence and exit code 2: inside Scrapy an exception would become a traceback and exit code 1."""
    print(f"infringewatch: {error}", file=sys.stderr, flush=True)
    raise SystemExit(2)
