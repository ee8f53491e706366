"""Which links of a page become jobs, in which order, and why the others do not. No fetching."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from w3lib.html import get_meta_refresh

from crawlers.addresses import fill_search, page_number, with_parameter
from crawlers.answer import BOOK_FACTS
from crawlers.more import goes_on_by_script
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading
from crawlers.scope import unwanted
from crawlers.session import Session
from crawlers.traps import Shapes, chain_after, trap_by_depth, trap_in
from infringewatch.frontier import Engine, Job, NewJob
from infringewatch.normalise import canonical_url

# What is sure to hold items comes first, so that a small budget is well spent.
PRIORITIES: dict[str, int] = {
    LinkRole.SITEMAP: 70,
    LinkRole.ITEM: 60,
    LinkRole.CHAPTER: 60,
    LinkRole.DOWNLOAD: 58,
    LinkRole.BOOK: 55,
    LinkRole.SHOP: 50,
    LinkRole.NEXT: 45,
    LinkRole.LIST: 40,
    LinkRole.FEED: 35,
    LinkRole.SEARCH: 30,
    LinkRole.OTHER: 10,
}
_DEPTHLESS = (LinkRole.NEXT, LinkRole.CHAPTER)  # a long chain of pages or chapters is not deep
_HEAD_SIZE = 16_384
_MOST_REMEMBERED = 200_000
_MOST_TERMS = 500
_MAX_BROWSER_LISTS = 40  # a browser visit costs some hundred times a plain one


@dataclass(slots=True)
class Follower:
    """Turns the links of one page into jobs. Counts the others by reason.

    Most links of a page stand on every page of its site, so what was queued or refused once is remembered.
    """

    session: Session
    shapes: Shapes = field(default_factory=Shapes)
    browser_lists: int = 0
    _queued: set[str] = field(default_factory=set)
    _refused: dict[str, str] = field(default_factory=dict)

    def children(self, job: Job, reading: PageReading, body: bytes) -> tuple[tuple[NewJob, ...], Counter[str]]:
        jobs: dict[str, NewJob] = {}
        refused: Counter[str] = Counter()
        positions: Counter[str] = Counter()
        for link in [*self._links(job, reading), *_refresh(job, reading, body)]:
            positions[link.role] += 1
            if link.url in self._queued:
                continue
            if reason := self._refusal(link, job):
                refused[reason] += 1
                continue
            child = self._job(job, reading, link, positions[link.role])
            known = jobs.get(link.url)
            if known is None or known.priority < child.priority:
                jobs[link.url] = child
        return tuple(jobs.values()), refused

    def note_queued(self, jobs: Iterable[NewJob]) -> None:
        """These children stand in the frontier now: not before, for the page that named them may be fetched anew."""
        if len(self._queued) > _MOST_REMEMBERED:
            self._queued.clear()
        self._queued.update(job.url for job in jobs if not job.key)

    def rendered_again(self, job: Job, reading: PageReading, html: bytes) -> tuple[NewJob, ...]:
        """A list that goes on by script only is shown to the browser too, under a key of its own."""
        if (
            job.engine is Engine.BROWSER
            or not self.session.browser_available
            or reading.page_kind not in (PageKind.LIST, PageKind.OTHER)
            or reading.links_of(LinkRole.NEXT)
            or self.browser_lists >= _MAX_BROWSER_LISTS
            or not goes_on_by_script(html.decode("utf-8", "replace"))
        ):
            return ()
        self.browser_lists += 1
        key = f"browser:{canonical_url(job.url)}"
        return (NewJob(job.url, job.kind, job.role, job.priority, job.depth, Engine.BROWSER, key=key),)

    def _links(self, job: Job, reading: PageReading) -> Iterable[Link]:
        for link in reading.links:
            if link.role is not LinkRole.SEARCH:
                yield link
            elif job.depth == 0:  # a site's search page is the same everywhere; its start page is enough
                yield from (
                    Link(fill_search(link.url, term), LinkRole.SEARCH) for term in self.session.run.terms[:_MOST_TERMS]
                )
        yield from self._numbered_next(job, reading)

    def _numbered_next(self, job: Job, reading: PageReading) -> Iterable[Link]:
        """Pages that exist only as ``?page=N``, where the profile says so: the next number, while pages give items."""
        profile = self.session.profile_of(reading.url)
        pages = profile.pagination if profile else None
        if pages is None or not pages.param or reading.page_kind is not PageKind.LIST:
            return
        number = page_number(reading.url, pages.param, pages.first) + 1
        if (reading.items or reading.links_of(LinkRole.ITEM, LinkRole.BOOK)) and (
            not pages.max_pages or number < pages.first + pages.max_pages
        ):
            yield Link(with_parameter(reading.url, pages.param, number), LinkRole.NEXT)

    def _refusal(self, link: Link, job: Job) -> str:
        if (reason := self._refused.get(link.url)) is None:
            if len(self._refused) > _MOST_REMEMBERED:
                self._refused.clear()
            reason = self._refused[link.url] = self._lasting_refusal(link)
        return reason or trap_by_depth(self._depth(link, job)) or self.shapes.trap(link.url, _chain(link.url, job))

    def _lasting_refusal(self, link: Link) -> str:
        profile = self.session.profile_of(link.url)
        return (
            self.session.scope.refusal(link.url)
            or (unwanted(link.url, profile.allow, profile.deny) if profile else "")
            or ("" if link.role is LinkRole.DOWNLOAD else trap_in(link.url))
        )

    def _depth(self, link: Link, job: Job) -> int:
        return job.depth if link.role in _DEPTHLESS else job.depth + 1

    def _job(self, job: Job, reading: PageReading, link: Link, position: int) -> NewJob:
        profile = self.session.profile_of(link.url)
        by_browser = profile is not None and profile.browser.always and self.session.browser_available
        return NewJob(
            link.url,
            kind=str(profile.kind) if profile else job.kind,
            role=str(link.role),
            priority=PRIORITIES.get(link.role, 0),
            depth=self._depth(link, job),
            engine=Engine.BROWSER if by_browser else Engine.PLAIN,
            meta=_chapter_facts(job, reading, link, position) | _chain_fact(link.url, job),
        )


def _refresh(job: Job, reading: PageReading, body: bytes) -> list[Link]:
    """Where a page sends its visitors by ``<meta http-equiv=refresh>``: what was expected here stands there."""
    head = body[:_HEAD_SIZE]
    if b"http-equiv" not in head.lower():
        return []
    _, target = get_meta_refresh(head.decode("utf-8", "replace"), reading.url)
    return [Link(target, _role(job.role))] if target else []


def _role(name: str) -> LinkRole:
    return LinkRole(name) if name in LinkRole.__members__.values() else LinkRole.OTHER


def _chain(url: str, job: Job) -> int:
    return chain_after(url, job.url, int(job.meta.get("chain", 0)))


def _chain_fact(url: str, job: Job) -> dict[str, Any]:
    chain = _chain(url, job)
    return {"chain": chain} if chain else {}


def _chapter_facts(job: Job, reading: PageReading, link: Link, position: int) -> dict[str, Any]:
    """A chapter or a file does not always name its book: the page that led there does."""
    if link.role is LinkRole.CHAPTER and reading.page_kind is PageKind.BOOK:
        return {"parent": canonical_url(reading.canonical_url), "position": position, **_book_facts(reading)}
    if link.role is LinkRole.DOWNLOAD and reading.items:
        return {"parent": reading.items[0].parent_url or reading.items[0].url, **_book_facts(reading)}
    if link.role is LinkRole.DOWNLOAD and reading.page_kind is PageKind.FEED and link.text:
        return {"book": {"title": link.text}}
    if link.role in (LinkRole.NEXT, LinkRole.CHAPTER) and job.role == LinkRole.CHAPTER and "parent" in job.meta:
        after = {"position": int(job.meta.get("position", 0)) + 1}
        return {name: job.meta[name] for name in ("parent", "book") if name in job.meta} | after
    return {}


def _book_facts(reading: PageReading) -> dict[str, Any]:
    """The title and the people of the book whose page this is."""
    if not reading.items:
        return {}
    book = reading.items[0]
    facts = {name: value for name in ("title", *BOOK_FACTS) if (value := getattr(book, name))}
    return {"book": facts} if facts else {}
