"""The spider that crawls whole sites: it finds lists, items, chapters, sitemaps and feeds, and follows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.answer import Answer
from crawlers.fetched import Fetched
from crawlers.following import PRIORITIES, Follower
from crawlers.outcomes import page_print
from crawlers.pages.reading import LinkRole
from crawlers.spiders.base import FrontierSpider
from crawlers.tallies import tallies_of
from infringewatch.frontier import Ending, Engine, Job, NewJob, authority_of
from infringewatch.model import Outcome
from infringewatch.normalise import canonical_url
from infringewatch.ruleset import SiteProfile

_START, GUESS = "start", "guess"
_START_PRIORITY = 90


class SiteSpider(FrontierSpider):
    """Crawls every site of a run, whatever its kind; with or without a profile that says how."""

    name = "site"
    follower: Follower
    _seen: set[int]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        assert isinstance(spider, SiteSpider)
        spider.follower = Follower(spider.session)
        spider._seen = set()
        return spider

    def profiles(self) -> Sequence[SiteProfile]:
        return [profile for profile in self.session.run.profiles if self.kind in (None, profile.kind)]

    def seeds(self) -> Iterable[NewJob]:
        for profile in self.profiles():
            kind = str(profile.kind)
            by_browser = profile.browser.always and self.session.browser_available
            engine = Engine.BROWSER if by_browser else Engine.PLAIN
            for url in profile.start:
                yield NewJob(url, kind=kind, role=_START, priority=_START_PRIORITY, engine=engine)
                yield self.missing.probe(url, kind)
            for url in profile.sitemap:
                yield NewJob(url, kind=kind, role=LinkRole.SITEMAP, priority=PRIORITIES[LinkRole.SITEMAP])
            if self._finds_its_own_way(profile):
                for host in dict.fromkeys(urljoin(url, "/sitemap.xml") for url in profile.start):
                    yield NewJob(host, kind=kind, role=GUESS, priority=PRIORITIES[LinkRole.SITEMAP])

    def follows_sitemaps(self, url: str) -> bool:
        profile = self.session.profile_of(url)
        return profile is not None and self._finds_its_own_way(profile)

    def note_acknowledged(self, endings: Iterable[Ending]) -> None:
        for ending in endings:
            self.follower.note_queued(ending.children)

    def trap_at(self, request: Request) -> str:
        job: Job | None = request.meta.get("job")
        return self.follower.shapes.trap(request.url, int(job.meta.get("chain", 0))) if job is not None else ""

    def _finds_its_own_way(self, profile: SiteProfile) -> bool:
        """A profile that says which links matter, or names its sitemaps, is taken at its word."""
        return not profile.roles and not profile.sitemap

    def end_page(self, job: Job, answer: Answer) -> Fetched:
        fetched = super().end_page(job, answer)
        if answer.outcome is not Outcome.OK:
            return self._without_guess(job, fetched)
        children, refused = self.follower.children(job, answer.reading, answer.body)
        children += self.follower.rendered_again(job, answer.reading, answer.body)
        chain = int(job.meta.get("chain", 0))
        self.follower.shapes.note(answer.answered_url, chain, fruitful=self._is_new(answer))
        ending = replace(
            fetched.ending,
            children=children,
            refusals=refused,
            aliases=self._aliases(job, answer),
            tallies=tallies_of(job, answer, self.session.profile_of(answer.answered_url)),
        )
        return replace(fetched, ending=ending)

    def end_failure(self, job: Job, ending: Ending, request: Request | None) -> Fetched:
        return self._without_guess(job, super().end_failure(job, ending, request))

    def _without_guess(self, job: Job, fetched: Fetched) -> Fetched:
        """A sitemap that nobody promised and that is not there is no page of the site."""
        if job.role != GUESS:
            return fetched
        ending = replace(fetched.ending, outcome=GUESS, reason="no sitemap at the usual place")
        return replace(fetched, page=None, ending=ending)

    def _is_new(self, answer: Answer) -> bool:
        """Whether a page shows an item, or but for its numbers a text, that was not seen before. New links do not
        count: a calendar has them for ever."""
        fresh = {hash((item.url, item.title)) for item in answer.page.items} - self._seen
        if not fresh:  # the print costs half a millisecond
            fresh = {hash(page_print(answer.body, answer.answered_url))} - self._seen
        self._seen |= fresh
        return bool(fresh)

    def _aliases(self, job: Job, answer: Answer) -> tuple[str, ...]:
        """Under which other addresses this very page is known: where a redirect ended, and what it calls itself."""
        names = {canonical_url(answer.answered_url), answer.page.canonical_url} - {canonical_url(job.url)}
        return tuple(name for name in names if authority_of(name) == job.host)
