"""A page as a browser shows it: fetched inside the scope, scrolled and clicked as the profile says, with its traffic.

Chromium is the only user of Playwright here. Names are pinned to addresses that were checked before it starts, so it
resolves nothing by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Route, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Response as BrowserResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawlers.browser_steps import HEIGHT, OPEN_MS, QUIET_MS, WIDTH, follow_plan, take_pictures
from crawlers.browser_traffic import Traffic
from crawlers.scope import Scope, is_private
from infringewatch.errors import ServiceUnavailable
from infringewatch.model import Capture, CapturedFile
from infringewatch.ruleset import BrowserPlan

_LAUNCH = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--js-flags=--max-old-space-size=256",
)
_UNWANTED = frozenset({"media", "websocket", "eventsource", "manifest"})


@dataclass(frozen=True, slots=True)
class Visit:
    """What the browser saw. ``snapshots`` are earlier states of the page that a click replaced.

    ``captures`` holds what the page loaded, then the redirects, and the document itself last.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    html: str
    snapshots: tuple[str, ...]
    captures: tuple[Capture, ...]
    files: tuple[CapturedFile, ...]


class OutOfScope(Exception):
    """The page led the browser to an address that may not be asked for."""


class ScopedBrowser:
    """One Chromium, started with the first visit. ``close`` ends it."""

    def __init__(self, executable: str, scope: Scope, user_agent: str) -> None:
        self._executable = executable
        self._scope = scope
        self._user_agent = user_agent
        self._lock = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def visit(self, url: str, plan: BrowserPlan | None, *, pictures: bool = False) -> Visit:
        """Open ``url``, do what ``plan`` says (without one: scroll, and click what brings more), and keep the result.

        Raises ServiceUnavailable where Chromium does not start, OutOfScope, and Playwright's errors.
        """
        browser = await self._started()
        async with _context(browser, self._user_agent) as context:
            await context.route("**/*", self._guard)
            await context.route_web_socket("**/*", lambda socket: socket.close())
            page = await context.new_page()
            traffic = Traffic(page)
            document = await self._open(page, url, traffic)
            snapshots = await follow_plan(page, plan, wanted=not pictures)
            files = await take_pictures(page) if pictures else ()
            if reason := self._scope.refusal(page.url):
                raise OutOfScope(reason)
            return Visit(
                url=page.url,
                status=document.status,
                headers=tuple((h["name"], h["value"]) for h in await document.headers_array()),
                html=await page.content(),
                snapshots=snapshots,
                captures=await traffic.captures(document),
                files=files,
            )

    async def _open(self, page: Page, url: str, traffic: Traffic) -> BrowserResponse:
        try:
            document = await page.goto(url, wait_until="domcontentloaded", timeout=OPEN_MS)
        except PlaywrightError as error:
            if reason := self._scope.refusal(traffic.navigated_to or url):
                raise OutOfScope(reason) from error
            raise
        if document is None:
            raise OutOfScope("no document came")
        with contextlib.suppress(PlaywrightTimeout):
            await page.wait_for_load_state("networkidle", timeout=QUIET_MS)
        return document

    async def _guard(self, route: Route) -> None:
        refused = self._scope.refusal(route.request.url) or route.request.resource_type in _UNWANTED
        with contextlib.suppress(PlaywrightError):  # the page may be closed meanwhile
            await (route.abort("blockedbyclient") if refused else route.continue_())

    async def _started(self) -> Browser:
        async with self._lock:
            if self._browser is None or not self._browser.is_connected():
                self._playwright = self._playwright or await async_playwright().start()
                rules = await asyncio.to_thread(resolver_rules, self._scope)
                try:
                    self._browser = await self._playwright.chromium.launch(
                        executable_path=self._executable, args=[*_LAUNCH, f"--host-resolver-rules={rules}"]
                    )
                except PlaywrightError as error:
                    raise ServiceUnavailable(f"the browser does not start: {_first_line(error)}") from error
            return self._browser

    async def close(self) -> None:
        if self._browser is not None:
            with contextlib.suppress(PlaywrightError):
                await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()


def resolver_rules(scope: Scope) -> str:
    """Chromium's rules that pin each host of the scope, on its ports, to an address that may be asked; nothing else
    resolves. A host with a wildcard is pinned by its bare name only."""
    rules = []
    for site in scope.sites:
        for name in (site.host, f"www.{site.host}"):
            address = _checked_address(name, scope.allow_private)
            for port in (80, 443) if site.port is None else (site.port,):
                if address:
                    rules.append(f"MAP {name}:{port} {address}:{port}")
    return ",".join([*rules, "MAP * ~NOTFOUND"])


def _checked_address(name: str, allow_private: bool) -> str:
    try:
        answers = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError:
        return ""
    addresses = sorted((str(answer[4][0]) for answer in answers), key=lambda address: ":" in address)  # IPv4 first
    usable = [address for address in addresses if allow_private or not is_private(address)]
    return "" if not usable else f"[{usable[0]}]" if ":" in usable[0] else usable[0]


@contextlib.asynccontextmanager
async def _context(browser: Browser, user_agent: str) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        user_agent=user_agent,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="zh-CN",
        accept_downloads=False,
        service_workers="block",
    )
    try:
        yield context
    finally:
        with contextlib.suppress(PlaywrightError):
            await context.close()


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
