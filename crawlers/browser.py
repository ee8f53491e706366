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
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright, Request, Route, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Response as BrowserResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawlers.more import MORE_BUTTON
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
_VIEWPORT = {"width": 1280, "height": 900}
_OPEN_MS = 30_000
_QUIET_MS = 4_000
_STEP_MS = 600
_MAX_STEPS = 30
_MAX_SHOT_HEIGHT = 12_000
_MAX_TRAFFIC = 200
_MAX_BODY = 8 * 1024 * 1024
_MAX_TRAFFIC_BYTES = 32 * 1024 * 1024
_UNWANTED = frozenset({"media", "websocket", "eventsource", "manifest"})
_BUTTONS = "button, a:not([href]), a[href='#'], a[href^='javascript:'], [role=button]"
_FREE_PLAN = BrowserPlan(scroll=8)


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
            traffic = _Traffic(page)
            document = await self._open(page, url, traffic)
            snapshots = await _follow_plan(page, plan, wanted=not pictures)
            files = await _pictures(page) if pictures else ()
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

    async def _open(self, page: Page, url: str, traffic: _Traffic) -> BrowserResponse:
        try:
            document = await page.goto(url, wait_until="domcontentloaded", timeout=_OPEN_MS)
        except PlaywrightError as error:
            if reason := self._scope.refusal(traffic.navigated_to or url):
                raise OutOfScope(reason) from error
            raise
        if document is None:
            raise OutOfScope("no document came")
        with contextlib.suppress(PlaywrightTimeout):
            await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)
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
        answers = socket.getaddrinfo(name, None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return ""
    addresses = [str(answer[4][0]) for answer in answers]
    usable = [address for address in addresses if allow_private or not is_private(address)]
    return usable[0] if usable else ""


@contextlib.asynccontextmanager
async def _context(browser: Browser, user_agent: str) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        user_agent=user_agent,
        viewport=_VIEWPORT,  # type: ignore[arg-type]
        locale="zh-CN",
        accept_downloads=False,
        service_workers="block",
    )
    try:
        yield context
    finally:
        with contextlib.suppress(PlaywrightError):
            await context.close()


# --- what is done on a page ------------------------------------------------------------------------


async def _follow_plan(page: Page, plan: BrowserPlan | None, *, wanted: bool) -> tuple[str, ...]:
    """Scroll, click, wait. Returns the states of the page before each click."""
    steps = plan or (_FREE_PLAN if wanted else BrowserPlan())
    if steps.wait_for:
        with contextlib.suppress(PlaywrightTimeout):
            await page.wait_for_selector(steps.wait_for, timeout=_OPEN_MS)
    if steps.wait_seconds:
        await page.wait_for_timeout(steps.wait_seconds * 1000)
    await _scroll(page, steps.scroll)
    snapshots: list[str] = []
    for selector in steps.click:
        snapshots += await _click_on(page, selector)
    if wanted and not steps.click:
        snapshots += await _click_for_more(page)
    return tuple(snapshots)


async def _scroll(page: Page, times: int) -> None:
    """Go to the end as long as that makes the page longer."""
    height = -1
    for _ in range(min(times, _MAX_STEPS)):
        now = int(await page.evaluate("document.documentElement.scrollHeight"))
        if now == height:
            return
        height = now
        await page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        await _settle(page)


async def _click_on(page: Page, selector: str) -> list[str]:
    """Click what the profile names until it is gone or changes nothing."""
    snapshots: list[str] = []
    for _ in range(_MAX_STEPS):
        before = await page.content()
        target = page.locator(selector).first
        if not await _clicked(target) or await _unchanged(page, before):
            break
        snapshots.append(before)
    return snapshots


async def _click_for_more(page: Page) -> list[str]:
    """Without a profile: click the last thing that promises more and has no address of its own."""
    snapshots: list[str] = []
    for _ in range(_MAX_STEPS):
        before = await page.content()
        target = page.locator(_BUTTONS).filter(has_text=MORE_BUTTON).last
        if not await _clicked(target) or await _unchanged(page, before):
            break
        snapshots.append(before)
    return snapshots


async def _clicked(target: Any) -> bool:
    try:
        if not await target.is_visible() or not await target.is_enabled():
            return False
        await target.click(timeout=2_000)
    except PlaywrightError:
        return False
    return True


async def _unchanged(page: Page, before: str) -> bool:
    await _settle(page)
    return await page.content() == before


async def _settle(page: Page) -> None:
    await page.wait_for_timeout(_STEP_MS)
    with contextlib.suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=_QUIET_MS)


async def _pictures(page: Page) -> tuple[CapturedFile, ...]:
    """What a visitor sees at once, the whole page as far as it is bounded, and the rendered document."""
    await page.evaluate("window.scrollTo(0, 0)")
    height = int(await page.evaluate("document.documentElement.scrollHeight"))
    seen = await page.screenshot(type="png")
    clip = {"x": 0, "y": 0, "width": _VIEWPORT["width"], "height": max(1, min(height, _MAX_SHOT_HEIGHT))}
    whole = await page.screenshot(type="png", full_page=True, clip=clip)  # type: ignore[arg-type]
    rendered = (await page.content()).encode()
    return (
        CapturedFile("screenshot.png", "image/png", seen),
        CapturedFile("full-page.png", "image/png", whole),
        CapturedFile("rendered.html", "text/html; charset=utf-8", rendered),
    )


# --- what a page loaded ----------------------------------------------------------------------------


class _Traffic:
    """Remembers the answers that a page received; their bodies are read at the end, within bounds."""

    def __init__(self, page: Page) -> None:
        self._answers: list[tuple[BrowserResponse, datetime]] = []
        self.navigated_to = ""
        page.on("response", self._note)
        page.on("request", self._note_navigation)

    def _note(self, response: BrowserResponse) -> None:
        if len(self._answers) < _MAX_TRAFFIC:
            self._answers.append((response, datetime.now(UTC)))

    def _note_navigation(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self.navigated_to = request.url

    async def captures(self, document: BrowserResponse) -> tuple[Capture, ...]:
        own = await _chain(document)
        loaded = [(response, at) for response, at in self._answers if response not in own]
        times = dict(self._answers)
        ordered = [*loaded, *((response, times.get(response, datetime.now(UTC))) for response in own)]
        found: list[Capture] = []
        room = _MAX_TRAFFIC_BYTES
        for response, at in reversed(ordered):  # the document first: it must not fall to the bound
            capture = await _capture(response, at, min(room, _MAX_BODY))
            room -= len(capture.body)
            found.append(capture)
        return tuple(reversed(found))


async def _chain(document: BrowserResponse) -> list[BrowserResponse]:
    """The redirects that led to the document, in order, and the document."""
    chain = [document]
    hop = document.request.redirected_from
    while hop is not None:
        if (answer := await hop.response()) is not None:
            chain.insert(0, answer)
        hop = hop.redirected_from
    return chain


async def _capture(response: BrowserResponse, answered_at: datetime, room: int) -> Capture:
    request = response.request
    lost = ["the body is as the browser decoded it", "chunk borders of the transfer coding"]
    body = b""
    try:
        body = await asyncio.wait_for(response.body(), 10)
    except (PlaywrightError, TimeoutError):
        lost.append("the browser kept no body")
    if len(body) > room:
        body = b""
        lost.append("the body, which is above the bound")
    address = await response.server_addr()
    return Capture(
        url=response.url,
        requested_at=_started_at(request, answered_at),
        answered_at=answered_at,
        method=request.method,
        request_headers=_pairs(await request.headers_array()),
        status=response.status,
        response_headers=_pairs(await response.headers_array()),
        body=body,
        ip=address["ipAddress"] if address else "",
        tls=_tls(await response.security_details()),
        lost=tuple(lost),
    )


def _started_at(request: Any, answered_at: datetime) -> datetime:
    started = request.timing.get("startTime", 0)
    return datetime.fromtimestamp(started / 1000, UTC) if started > 0 else answered_at


def _pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((h["name"].encode("latin-1", "replace"), h["value"].encode("latin-1", "replace")) for h in headers)


def _tls(details: Any) -> str:
    return f"{details.get('protocol', 'TLS')}; issued by {details.get('issuer', 'unknown')}" if details else ""


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
