"""What the browser does on a page: scrolls, clicks and waits as the profile says, and takes its pictures."""

from __future__ import annotations

import contextlib

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawlers.more import MORE_BUTTON
from infringewatch.model import CapturedFile
from infringewatch.ruleset import BrowserPlan

OPEN_MS = 30_000
QUIET_MS = 4_000
WIDTH, HEIGHT = 1280, 900
_STEP_MS = 600
_MAX_STEPS = 30
_MAX_SHOT_HEIGHT = 12_000
_BUTTONS = "button, a:not([href]), a[href='#'], a[href^='javascript:'], [role=button]"
_FREE_PLAN = BrowserPlan(scroll=8)


async def follow_plan(page: Page, plan: BrowserPlan | None, *, wanted: bool) -> tuple[str, ...]:
    """Scroll, click, wait. Returns the states of the page before each click."""
    steps = plan or (_FREE_PLAN if wanted else BrowserPlan())
    if steps.wait_for:
        with contextlib.suppress(PlaywrightTimeout):
            await page.wait_for_selector(steps.wait_for, timeout=OPEN_MS)
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


async def _clicked(target: Locator) -> bool:
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
        await page.wait_for_load_state("networkidle", timeout=QUIET_MS)


async def take_pictures(page: Page) -> tuple[CapturedFile, ...]:
    """What a visitor sees at once, the whole page as far as it is bounded, and the rendered document."""
    await page.evaluate("window.scrollTo(0, 0)")
    height = int(await page.evaluate("document.documentElement.scrollHeight"))
    seen = await page.screenshot(type="png")
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": max(1, min(height, _MAX_SHOT_HEIGHT))}
    whole = await page.screenshot(type="png", full_page=True, clip=clip)  # type: ignore[arg-type]
    rendered = (await page.content()).encode()
    return (
        CapturedFile("screenshot.png", "image/png", seen),
        CapturedFile("full-page.png", "image/png", whole),
        CapturedFile("rendered.html", "text/html; charset=utf-8", rendered),
    )
