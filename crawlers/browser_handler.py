"""Scrapy's download handler for jobs that need a browser; robots.txt goes through the plain one."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import HtmlResponse, Response

from crawlers.answer import RENDERED
from crawlers.browser import OutOfScope, ScopedBrowser
from crawlers.doors import session_of
from crawlers.middlewares import Refused
from infringewatch.settings import get_settings

_CODED = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class BrowserHandler(BaseDownloadHandler):
    """Scrapy makes one handler for each scheme; they share the session's browser."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._plain = HTTP11DownloadHandler(crawler)

    async def download_request(self, request: Request) -> Response:
        if "job" not in request.meta:
            return await self._plain.download_request(request)
        session = session_of(self.crawler)
        profile = session.profile_of(request.url)
        plan = profile.browser if profile else None
        try:
            visit = await self._started().visit(
                request.url,
                plan if plan and _says_something(plan) else None,
                pictures="capture" in request.meta["job"].meta,
            )
        except OutOfScope as error:
            raise Refused(f"the page leads to an address {error}") from error
        except PlaywrightTimeout as error:
            raise DownloadTimeoutError(str(error)) from error
        except PlaywrightError as error:
            raise _translated(error) from error
        request.meta["captures"] = [*request.meta["captures"], *visit.captures]
        request.meta["files"] = visit.files
        request.meta["snapshots"] = visit.snapshots
        return HtmlResponse(
            visit.url,
            status=visit.status,
            headers=[(name, value) for name, value in visit.headers if name.lower() not in _CODED],
            body=visit.html.encode(),
            encoding="utf-8",
            flags=[RENDERED],
        )

    def _started(self) -> ScopedBrowser:
        session = session_of(self.crawler)
        if session.browser is None:
            executable = get_settings().chromium or ""
            session.browser = ScopedBrowser(executable, session.scope, self.crawler.settings["USER_AGENT"])
        return session.browser

    async def close(self) -> None:
        session = session_of(self.crawler)
        if session.browser is not None:
            browser, session.browser = session.browser, None
            await browser.close()
        await self._plain.close()


def _says_something(plan: object) -> bool:
    """A profile whose plan only says ``always`` leaves the steps to us."""
    return any(getattr(plan, name) for name in ("scroll", "click", "wait_for", "wait_seconds"))


def _translated(error: PlaywrightError) -> Exception:
    text = str(error)
    if "ERR_NAME_NOT_RESOLVED" in text:
        return CannotResolveHostError(text)
    if "ERR_CONNECTION_REFUSED" in text:
        return DownloadConnectionRefusedError(text)
    return DownloadFailedError(text)
