"""A Scrapy scheduler over the frontier: leases addresses, hands them out host by host, and gives back what is left.

Requests that belong to a job under lease already (redirects) pass through memory.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawlers.budget import page_room
from crawlers.doors import engine_of, session_of, spider_of, stats_of
from crawlers.session import Session
from infringewatch.errors import StopRun
from infringewatch.frontier import Ending, Engine, Job, JobState, Progress

LEASE_SECONDS = 90.0
_PER_HOST = 16
_BUFFER = 48
_LOOK_AGAIN_SECONDS = 0.2
UNREACHABLE = "no answer any more from "


def progress_of(crawler: Crawler) -> Progress:
    """What this process has recorded so far, without time and rate."""
    stats = stats_of(crawler)
    names = ("pages", "items", "hits", "errors", "bytes")
    return Progress(*(int(stats.get_value(f"intake/{name}", 0)) for name in names))


def scheduler_of(crawler: Crawler) -> FrontierScheduler:
    scheduler = engine_of(crawler).scheduler
    assert isinstance(scheduler, FrontierScheduler)
    return scheduler


class FrontierScheduler(BaseScheduler):
    """Only as many requests of a host are handed to the downloader as it may ask at once, so that a host which
    asks for a pause can be left alone at once, and an interrupt need not wait for a queue."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._leased: deque[Job] = deque()
        self._redirected: deque[Request] = deque()
        self._paused: dict[str, float] = {}
        self._empty_until = 0.0
        self._open = True
        self._open_known_until = 0.0
        self._handed_out: set[int] = set()
        self._others = Progress()
        self._given_up: set[str] = set()
        self.stop_reason = ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls(crawler)

    @property
    def session(self) -> Session:
        return session_of(self._crawler)

    def open(self, spider: Spider) -> None:
        return None

    def close(self, reason: str) -> None:
        with suppress(StopRun):  # the leases run out by themselves
            self.session.frontier.release(self.session.owner)

    def is_paused(self, host: str) -> bool:
        return self._paused.get(host, 0.0) > time.monotonic()

    def pause(self, host: str, seconds: float) -> None:
        """Ask nothing of this host for so long; other processes learn it from the frontier."""
        self._paused[host] = max(self._paused.get(host, 0.0), time.monotonic() + seconds)
        self.session.frontier.pause_host(host, seconds, self.session.engine)

    def give_up(self, host: str) -> None:
        """The host does not answer any more; its jobs stay in the frontier for when the run is resumed."""
        self._given_up.add(host)

    def stop(self, reason: str) -> None:
        """Hand out nothing more; what is on its way comes to its end, then the spider closes."""
        self.stop_reason = self.stop_reason or reason

    def note_others(self, progress: Progress) -> None:
        """What the other processes of the run have recorded so far."""
        self._others = progress

    def note_ended(self, jobs: Iterable[Job]) -> None:
        """Pages were acknowledged: there may be children to claim."""
        self._handed_out.difference_update(job.id for job in jobs)
        self._empty_until = 0.0
        self._open_known_until = 0.0

    def has_pending_requests(self) -> bool:
        if self._redirected or (self._leased and not self.stop_reason and not self._given_up):
            return True
        if self.stop_reason:
            return False
        now = time.monotonic()
        if now >= self._open_known_until:
            self._stop_if_nobody_answers()
            session = self.session
            self._open = session.frontier.is_open(session.run.id, session.spider, session.engine) or (
                session.engine is Engine.PLAIN
                and session.browser_available
                and session.frontier.is_open(session.run.id, session.spider, Engine.BROWSER)
            )
            self._open_known_until = now + _LOOK_AGAIN_SECONDS
        return self._open

    def _stop_if_nobody_answers(self) -> None:
        if self._given_up:
            hosts = self.session.frontier.hosts(self.session.run.id)
            if {host.host for host in hosts if host.open} <= self._given_up:
                self.stop(f"{UNREACHABLE}{', '.join(sorted(self._given_up))}")

    def enqueue_request(self, request: Request) -> bool:
        self._redirected.append(request)
        return True

    def next_request(self) -> Request | None:
        if self._redirected:
            return self._redirected.popleft()
        if self.stop_reason or not self._has_room():
            return None
        now = time.monotonic()
        if len(self._leased) < _PER_HOST and now >= self._empty_until:
            self._claim(now)
        job = self._pick()
        if job is None:
            return None
        self._handed_out.add(job.id)
        return self._request_of(job)

    def _request_of(self, job: Job) -> Request | None:
        try:
            request: Request = spider_of(self._crawler).request_of(job)
        except ValueError:
            ending = Ending(job, JobState.REFUSED, "refused", "not an address")
            self.session.frontier.finish_many(self.session.owner, [ending])
            self.note_ended([job])
            return None
        return request

    def _has_room(self) -> bool:
        budgets = self.session.run.spec.budgets
        return page_room(budgets, progress_of(self._crawler), self._others, len(self._handed_out))

    def _claim(self, now: float) -> None:
        session = self.session
        self._empty_until = now + _LOOK_AGAIN_SECONDS
        try:
            self._leased += session.frontier.claim(
                session.run.id,
                session.owner,
                _BUFFER,
                LEASE_SECONDS,
                session.spider,
                session.engine,
                per_host=_PER_HOST,
            )
        except StopRun as error:
            self.stop(f"stopped: {error}")

    def _pick(self) -> Job | None:
        """The first leased job whose host may be asked now."""
        busy = self._busy_hosts()
        for position, job in enumerate(self._leased):
            if self.is_paused(job.host) or job.host in self._given_up:
                continue
            if busy.get(job.host, 0) < self._concurrency(job):
                del self._leased[position]
                return job
        return None

    def _concurrency(self, job: Job) -> int:
        paces = self.session.paces
        return paces.concurrency(job.host) if paces.know(job.host) else self.session.concurrency_of(job.url)

    def _busy_hosts(self) -> dict[str, int]:
        busy: dict[str, int] = {}
        for request in engine_of(self._crawler).downloader.active:
            host = request.meta.get("download_slot", "")
            busy[host] = busy.get(host, 0) + 1
        return busy
