"""From an answer to a page: read it, judge it, and make the record that goes to intake. No fetching."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.http import Response

from crawlers.following import kind_hint
from crawlers.outcomes import MissingPage, judge, page_print
from crawlers.pages.read import read_page
from crawlers.pages.reading import PageKind, PageReading
from crawlers.session import Session
from infringewatch.frontier import Job
from infringewatch.model import Item, Outcome, PageResult
from infringewatch.normalise import canonical_url

_OWN_PAGE = (PageKind.LISTING, PageKind.BOOK, PageKind.CHAPTER, PageKind.VIDEO, PageKind.ARTICLE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read and judged. ``size`` is what came over the wire, in bytes."""

    page: PageResult
    reading: PageReading
    answered_url: str
    size: int

    @property
    def outcome(self) -> Outcome:
        return self.page.outcome

    @property
    def reason(self) -> str:
        return self.page.reason


def read_answer(session: Session, job: Job, response: Response, missing: MissingPage | None) -> Answer:
    """Never raises for what is in the page: a reader that fails is an outcome with a reason."""
    now = datetime.now(UTC)
    profile = session.profile_of(response.url)
    reading = read_page(
        response.url,
        response.body,
        content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
        profile=profile,
        kind_hint=kind_hint(profile, job.role),
        seen_at=now.isoformat(timespec="seconds"),
    )
    judgement = judge(response.status, response.url, job.url, response.body, reading, missing)
    items = tuple(_complete(item, job) for item in reading.items) if judgement.outcome is Outcome.OK else ()
    captures = tuple(response.meta.get("captures", ()))
    page = PageResult(
        job=str(job.id),
        url=job.url,
        canonical_url=name_of(reading, response.url),
        outcome=judgement.outcome,
        fetched_at=now,
        reason=judgement.reason,
        status=response.status,
        content_hash=content_hash(items, response.body, response.url),
        captures=captures,
        files=tuple(response.meta.get("files", ())),
        items=items,
    )
    return Answer(page, reading, response.url, sum(len(capture.body) for capture in captures) or len(response.body))


def name_of(reading: PageReading, answered_url: str) -> str:
    """The address that names the page: what it calls itself, where it shows one thing of its own. A list names itself
    by its first page on every page, which says nothing."""
    return canonical_url(reading.canonical_url if reading.page_kind in _OWN_PAGE else answered_url)


def _complete(item: Item, job: Job) -> Item:
    """A chapter gets the book and the place that the page before it told of."""
    parent = item.parent_url or str(job.meta.get("parent", ""))
    position = item.position if item.position is not None else job.meta.get("position")
    return replace(item, parent_url=parent, position=position)


def content_hash(items: Sequence[Item], body: bytes, url: str) -> str:
    """What the page shows: its items without the time, else its text without numbers."""
    if not items:
        return page_print(body, url)
    records = [item.to_record() for item in items]
    for record in records:
        record.pop("seen_at", None)
        record.pop("sources", None)
    return hashlib.sha256(json.dumps(records, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
