"""What the crawl report says beside outcomes: how pages were found, what they were read from, what a profile missed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawlers.answer import Answer
from infringewatch.frontier import Engine, Job
from infringewatch.model import Item
from infringewatch.ruleset import SiteProfile

FOUND_BY = "page with items found by"
READ_FROM = "page read from"
MISSED = "profile field found nothing"
EMPTIED = "field that used to be filled is empty"
LOST = "part of a page not read"
ENGINE = "page fetched by"


def tallies_of(job: Job, answer: Answer, profile: SiteProfile | None) -> dict[str, Mapping[str, int]]:
    """By topic and name, each counting this one page."""
    found = {FOUND_BY: [job.role]} if answer.page.items else {}
    names = found | {
        READ_FROM: list(answer.reading.sources_used),
        LOST: list(answer.reading.lost),
        ENGINE: [str(Engine.BROWSER)] if job.engine is Engine.BROWSER else [],
        MISSED: _missed(answer.page.items, answer.page.canonical_url, profile),
        EMPTIED: _emptied(answer.page.items, answer.page.canonical_url, profile),
    }
    return {topic: Counter(values) for topic, values in names.items() if values}


def _missed(items: tuple[Item, ...], url: str, profile: SiteProfile | None) -> list[str]:
    """The fields for which the profile has a selector and the page's own item no value from it."""
    own = [item for item in items if item.url == url]
    if profile is None or not own:
        return []
    return [name for name in profile.selectors_for(own[0].kind) if not getattr(own[0], name, None)]


def _emptied(items: tuple[Item, ...], url: str, profile: SiteProfile | None) -> list[str]:
    """The fields that the profile says items of this kind have always had, and the page's own item has not."""
    own = [item for item in items if item.url == url]
    if profile is None or not own:
        return []
    item = own[0]
    return [
        f"{item.kind} {name}" for name in profile.filled.get(item.kind, ()) if getattr(item, name) in (None, "", ())
    ]
