"""From an answer to a page: read it, judge it, and make the record that goes to intake. No fetching."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Response

from crawlers.downloads import read_download, read_download_apart
from crawlers.feeds import read_feed
from crawlers.outcomes import PROBED, Judgement, MissingPage, judge, page_print
from crawlers.pages.read import read_page
from crawlers.pages.reading import LinkRole, PageKind, PageReading
from crawlers.pages.source import plain_address
from crawlers.session import Session
from infringewatch.frontier import Job
from infringewatch.model import Item, Outcome, PageResult
from infringewatch.normalise import canonical_url

RENDERED = "rendered"
"""The flag of a response whose body is what a browser made of the page."""
_MEDIA_TYPES = ("image/", "video/", "audio/", "font/")
_MEDIA_STARTS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"ID3",
    b"OggS",
    b"\x7fELF",
    b"MZ\x90",
    b"\x1a\x45\xdf\xa3",
)
BOOK_FACTS = ("author", "publisher", "seller", "shop", "channel")
"""What holds for all chapters and files of a book, and decides whether they are licensed."""
_OWN_PAGE = (PageKind.LISTING, PageKind.BOOK, PageKind.CHAPTER, PageKind.VIDEO, PageKind.ARTICLE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read and judged. ``size`` is what came over the wire, in bytes."""

    page: PageResult
    reading: PageReading
    answered_url: str
    body: bytes
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
    reading = _read(session, job, response, now)
    judgement = judge(response.status, response.url, job.url, response.body, reading, missing)
    if judgement.outcome in (Outcome.OK, Outcome.SOFT_404) and _says_missing(session, response, reading):
        judgement = Judgement(Outcome.SOFT_404, f"{PROBED}shows the words that the profile names for a missing page")
    items = tuple(_complete(item, job) for item in _own_items(job, reading)) if judgement.outcome is Outcome.OK else ()
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
    size = sum(len(capture.body) for capture in captures) or len(response.body)
    return Answer(page, reading, response.url, response.body, size)


async def read_file_apart(response: Response) -> None:
    """Read a book's file that may take long, before `read_answer` takes it from ``meta["book_file"]``."""
    if RENDERED not in response.flags:
        seen_at = datetime.now(UTC).isoformat(timespec="seconds")
        reading = await read_download_apart(response.url, response.body, _content_type(response), seen_at)
        response.meta["book_file"] = reading


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def _read(session: Session, job: Job, response: Response, now: datetime) -> PageReading:
    profile = session.profile_of(response.url)
    content_type = _content_type(response)
    rendered = RENDERED in response.flags
    if rendered:  # the browser has decoded the page already
        content_type = "text/html; charset=utf-8"
        profile = replace(profile, charset="") if profile else None
    if _is_media(content_type, response.body):
        return PageReading(response.url, response.url, PageKind.OTHER)
    if not rendered:
        seen_at = now.isoformat(timespec="seconds")
        found = (
            response.meta.get("book_file")
            or read_download(response.url, response.body, content_type, seen_at)
            or read_feed(response.url, response.body)
        )
        if found is not None:
            return found
    bodies = [response.body, *(html.encode() for html in response.meta.get("snapshots", ()))]
    readings = [
        read_page(
            response.url,
            body,
            content_type=content_type,
            profile=profile,
            seen_at=now.isoformat(timespec="seconds"),
        )
        for body in bodies
    ]
    return _joined(readings) if rendered else readings[0]


def _is_media(content_type: str, body: bytes) -> bool:
    """A picture, film, sound or program behind an address that did not say so: nothing to read."""
    return content_type.lower().startswith(_MEDIA_TYPES) or body.startswith(_MEDIA_STARTS) or body[4:8] == b"ftyp"


def _says_missing(session: Session, response: Response, reading: PageReading) -> bool:
    profile = session.profile_of(response.url)
    if profile is None or not profile.missing_text:
        return False
    try:
        text = response.body.decode(reading.encoding, "replace")
    except LookupError:
        text = response.body.decode("utf-8", "replace")
    return any(words in text for words in profile.missing_text)


def _joined(readings: Sequence[PageReading]) -> PageReading:
    """A page that a browser clicked through: what its earlier states showed counts too, and it has had its browser."""
    last = readings[0]
    items = {(item.url, item.title): item for reading in reversed(readings) for item in reading.items}
    links = dict.fromkeys(link for reading in readings for link in reading.links)
    signals = tuple(signal for signal in last.soft_signals if signal.outcome is not Outcome.NEEDS_BROWSER)
    return replace(last, items=tuple(items.values()), links=tuple(links), soft_signals=signals)


def name_of(reading: PageReading, answered_url: str) -> str:
    """The address that names the page: what it calls itself, where it shows one thing of its own. A list names itself
    by its first page on every page, which says nothing."""
    return canonical_url(reading.canonical_url if reading.page_kind in _OWN_PAGE else answered_url)


def _own_items(job: Job, reading: PageReading) -> tuple[Item, ...]:
    """A search page repeats the asked term and shows what it found: it is no item of its own, unless it led to one."""
    if job.role == LinkRole.SEARCH and canonical_url(reading.url) == canonical_url(job.url):
        return tuple(item for item in reading.items if item.url != name_of(reading, reading.url))
    return reading.items


def _complete(item: Item, job: Job) -> Item:
    """A chapter or file gets what the page before it told: its book, its place, and who wrote and published it."""
    known = job.meta.get("book", {})
    told: dict[str, Any] = {name: str(known[name]) for name in BOOK_FACTS if name in known and not getattr(item, name)}
    if job.role == LinkRole.DOWNLOAD and "title" in known:  # what a file calls itself is often its file name
        told["title"] = str(known["title"])
    parent = item.parent_url or str(job.meta.get("parent", ""))
    if parent and plain_address(parent) == plain_address(item.url):
        parent = ""  # a list of chapters links to itself like a chapter
    position = item.position if item.position is not None else job.meta.get("position")
    return replace(item, parent_url=parent, position=position, **told)


def content_hash(items: Sequence[Item], body: bytes, url: str) -> str:
    """What the page shows: its items without the time, else its text without numbers."""
    if not items:
        return page_print(body, url)
    records = [item.to_record() for item in items]
    for record in records:
        record.pop("seen_at", None)
        record.pop("sources", None)
    return hashlib.sha256(json.dumps(records, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
