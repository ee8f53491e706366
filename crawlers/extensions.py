"""What runs beside the crawl: the heartbeat of leases, live progress, budgets, the end of the run, robots' wishes."""

from __future__ import annotations

import logging
import time
from urllib.parse import urljoin

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import create_looping_call

from crawlers.browser_process import BrowserProcess
from crawlers.budget import spent_budget
from crawlers.doors import engine_of, session_of, spider_of
from crawlers.leftovers import BROWSER_FAILED, NO_BROWSER, end_browser_jobs
from crawlers.scheduler import LEASE_SECONDS, UNREACHABLE, FrontierScheduler, progress_of, scheduler_of
from crawlers.session import Session
from infringewatch.errors import InfringeWatchError, StopRun
from infringewatch.frontier import Engine, NewJob, Progress, ReportLine, authority_of
from infringewatch.model import RunState

_TICK_SECONDS = 0.25
_NOTE_SECONDS = 1.0
_MAX_CRAWL_DELAY = 60.0
_MAX_SITEMAPS = 20
_PAGES_PER_BROWSER = 60  # Chromium's and Playwright's memory grows with every page

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps the leases alive and the budgets kept, writes how far the run is, and says at the end how it went."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._started = time.monotonic()
        self._beat_at = 0.0
        self._noted_at = 0.0
        self._rates: list[tuple[float, int]] = []
        self._browser: BrowserProcess | None = None
        self._loop = create_looping_call(self._tick)
        crawler.signals.connect(self._open, signals.spider_opened)
        crawler.signals.connect(self._close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Keeper:
        return cls(crawler)

    @property
    def _session(self) -> Session:
        return session_of(self._crawler)

    @property
    def _scheduler(self) -> FrontierScheduler:
        return scheduler_of(self._crawler)

    def _open(self) -> None:
        if self._session.engine is Engine.PLAIN and self._session.browser_available:
            self._browser = BrowserProcess(self._crawler)
        self._loop.start(_TICK_SECONDS, now=False)

    def _tick(self) -> None:
        try:
            self._keep()
        except StopRun as error:
            self._scheduler.stop(f"stopped: {error}")
        self._wake()

    def _keep(self) -> None:
        now = time.monotonic()
        session = self._session
        if now - self._beat_at > LEASE_SECONDS / 6:
            self._beat_at = now
            session.frontier.heartbeat(session.owner, LEASE_SECONDS)
            session.frontier.release_dead()
        if now - self._noted_at > _NOTE_SECONDS:
            self._noted_at = now
            self._note(now)
            if self._browser is not None and not self._scheduler.stop_reason:
                self._browser.start_if_needed()

    def _note(self, now: float) -> None:
        session = self._session
        progress = self._progress(now)
        session.frontier.note_progress(session.run.id, session.owner, progress)
        others = session.frontier.progress(session.run.id, without=session.owner)
        self._scheduler.note_others(others)
        if session.is_child and progress.pages >= _PAGES_PER_BROWSER:
            self._scheduler.stop("enough pages for one browser process")
        if reason := spent_budget(session.run.spec.budgets, progress, others):
            self._scheduler.stop(reason)

    def _wake(self) -> None:
        """Let the engine ask for the next request now: its own heartbeat comes every five seconds only."""
        slot = engine_of(self._crawler)._slot
        if slot is not None and slot.closing is None:
            slot.nextcall.schedule()

    def _progress(self, now: float) -> Progress:
        progress = progress_of(self._crawler)
        self._rates = [*self._rates, (now, progress.pages)][-6:]
        since, first = self._rates[0]
        rate = (progress.pages - first) / (now - since) if now > since else 0.0
        return progress + Progress(seconds=now - self._started, rate=rate)

    async def _close(self, reason: str) -> None:
        if self._loop.running:
            self._loop.stop()
        if self._browser is not None:
            await self._browser.stop()
        session = self._session
        state, why = self._last_words(reason)
        if state is not None:
            self._close_run(state, why)
        session.writer.shutdown()
        session.frontier.close()

    def _close_run(self, state: RunState, why: str) -> None:
        session = self._session
        try:
            session.write(session.intake.close_run, session.run, state, why)
        except InfringeWatchError as error:  # another process of the run may have closed it already
            logger.warning("run %d cannot be closed as %s: %s", session.run.id, state, error)

    def _last_words(self, reason: str) -> tuple[RunState | None, str]:
        session = self._session
        try:
            session.frontier.note_progress(session.run.id, session.owner, self._progress(time.monotonic()))
            session.frontier.release(session.owner)
            if reason == "finished" and session.engine is Engine.PLAIN and not session.browser_available:
                end_browser_jobs(session, BROWSER_FAILED if self._browser else NO_BROWSER)
            state, why = self._end_state(reason)
            self._log_report(session.frontier.report(session.run.id), state, why)
        except StopRun as error:
            return RunState.FAILED, f"stopped: {error}"
        return state, why

    def _end_state(self, reason: str) -> tuple[RunState | None, str]:
        """How the run stands now; ``None`` where others still work on it."""
        stop = self._scheduler.stop_reason
        if self._session.is_child:
            return None, stop
        if stop.startswith("stopped"):
            return RunState.FAILED, stop
        if stop.startswith(UNREACHABLE):
            return RunState.INTERRUPTED, stop
        if stop:
            return RunState.FINISHED, stop
        if reason != "finished":
            return RunState.INTERRUPTED, reason
        is_open = self._session.frontier.is_open(self._session.run.id)
        return (None, "other spiders are still at work") if is_open else (RunState.FINISHED, "")

    def _log_report(self, report: list[ReportLine], state: RunState | None, why: str) -> None:
        for line in report:
            logger.info("%6d  %s  %s  %s", line.count, line.state or "link", line.outcome, line.reason)
        hint = "; start the same run again to resume it" if state is RunState.INTERRUPTED else ""
        logger.info("run %d: %s %s%s", self._session.run.id, state or "left", why, hint)


class RobotsReader:
    """Applies a robots.txt's Crawl-delay to its host and queues the sitemaps that it names."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._apply, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsReader:
        return cls(crawler)

    def _apply(self, robotparser: RobotParser, request: Request) -> None:
        rules = getattr(robotparser, "rp", None)  # Protego's own object, behind Scrapy's narrow interface
        if rules is None:
            return
        delay = rules.crawl_delay(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        if delay:
            paces = session_of(self._crawler).paces
            wanted = min(float(delay), _MAX_CRAWL_DELAY)
            paces.keep_delay(engine_of(self._crawler).downloader, authority_of(request.url), wanted)
        self._queue_sitemaps(request.url, [urljoin(request.url, found) for found in rules.sitemaps])

    def _queue_sitemaps(self, page: str, found: list[str]) -> None:
        spider = spider_of(self._crawler)
        session = session_of(self._crawler)
        wanted = [url for url in found[:_MAX_SITEMAPS] if not session.scope.refusal(url)]
        if spider.follows_sitemaps(page):
            session.add([NewJob(url, role="sitemap", priority=70, kind=spider.kind_of(url)) for url in wanted])


def pause_host(crawler: Crawler, host: str, seconds: float) -> None:
    """Leave a host alone that asked for it, and ask it more slowly from then on."""
    scheduler = scheduler_of(crawler)
    if not scheduler.is_paused(host):  # several requests on their way may get the same answer: it counts once
        session_of(crawler).paces.slow_down(engine_of(crawler).downloader, host)
    scheduler.pause(host, seconds)
