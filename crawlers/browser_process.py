"""The short-lived process that fetches what needs a browser: started when such jobs wait, ended with its parent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys

from scrapy.crawler import Crawler

from crawlers.doors import session_of, spider_of
from crawlers.session import Session
from infringewatch.frontier import Engine

_MAX_FAILED_STARTS = 3
_STOP_SECONDS = 20.0
_PASSED_ON = ("INTAKE", "FRONTIER_FILE", "LOG_LEVEL", "LOG_FILE", "RETRY_WAIT")

logger = logging.getLogger(__name__)


class BrowserProcess:
    """One child at a time: the same spider with ``engine=browser``. In a session of its own, so that a Ctrl-C reaches
    it through its parent, once."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._child: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._failed_starts = 0

    def start_if_needed(self) -> None:
        """Called again and again; returns at once."""
        session = session_of(self._crawler)
        if self._starting is not None and not self._starting.done():
            return
        if self._child is not None:
            if self._child.returncode is None:
                return
            self._failed_starts = self._failed_starts + 1 if self._child.returncode else 0
            self._child = None
        if self._failed_starts >= _MAX_FAILED_STARTS:
            logger.error("the browser process failed %d times in a row; its pages stay unfetched", self._failed_starts)
            session.browser_available = False
        elif session.frontier.is_open(session.run.id, session.spider, Engine.BROWSER):
            self._starting = asyncio.ensure_future(self._start(self._command(session)))

    async def _start(self, command: list[str]) -> None:
        self._child = await asyncio.create_subprocess_exec(*command, start_new_session=True)

    def _command(self, session: Session) -> list[str]:
        command = [sys.executable, "-m", "scrapy", "crawl", spider_of(self._crawler).name]
        command += ["-a", f"run={session.run.id}", "-a", "engine=browser"]
        for name in _PASSED_ON:
            if (value := self._crawler.settings.get(name)) is not None:
                command += ["-s", f"{name}={value}"]
        return command

    async def stop(self) -> None:
        """Interrupt the child and wait until it has given back what it held."""
        if self._starting is not None:
            await self._starting
        child = self._child
        if child is None or child.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGINT)
        try:
            await asyncio.wait_for(child.wait(), _STOP_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()
