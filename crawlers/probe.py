"""`python -m crawlers.probe URL`: a short, polite look at a site that nobody here knows: what would be extracted, and
a draft of its profile. Nothing is stored."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import click
from scrapy import Request
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from crawlers import settings as crawl_settings
from crawlers.answer import Answer
from crawlers.drafting import SeenPage, draft_profile, render_draft
from crawlers.fetched import Fetched
from crawlers.spiders.sites import GUESS, SiteSpider
from crawlers.tallies import FOUND_BY, LOST
from infringewatch.errors import InfringeWatchError
from infringewatch.frontier import Ending, Engine, Job, authority_of
from infringewatch.model import Item, Outcome, PageResult, RunState
from infringewatch.ruleset import Budgets, CampaignSpec, SiteProfile
from infringewatch.settings import Settings, get_settings

_SHOWN_ITEMS = 12
NOT_FOLLOWED = "link not followed"
_FIELDS = ("price", "currency", "seller", "shop", "brand", "author", "sku", "published_at", "duration_s")


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """A run that stands in no store."""

    id: int
    spec: CampaignSpec
    profiles: tuple[SiteProfile, ...]
    terms: tuple[str, ...] = ()
    rechecks: tuple[Any, ...] = ()
    captures: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class _Taken:
    hits: int = 0


class ProbeIntake:
    """Takes pages in and keeps nothing: what the probe shows, its spider remembers."""

    def __init__(self, run: ProbeRun) -> None:
        self._run = run

    def open_run(self, run_id: int, *, settings: Settings) -> ProbeRun:
        return self._run

    def open_campaign_run(self, name: str, *, settings: Settings) -> ProbeRun:
        return self._run

    def take_in(self, run: ProbeRun, pages: Sequence[PageResult]) -> _Taken:
        return _Taken()

    def take_capture(self, run: ProbeRun, target: Any, page: PageResult) -> None:
        return None

    def close_run(self, run: ProbeRun, state: RunState, reason: str) -> None:
        return None


class ProbeSpider(SiteSpider):
    """The site spider, which also remembers what it saw."""

    name = "probe"
    seen: ClassVar[list[SeenPage]] = []
    keeps_bodies: ClassVar[bool] = False
    tallies: ClassVar[dict[str, Counter[str]]] = defaultdict(Counter)

    def end_page(self, job: Job, answer: Answer) -> Fetched:
        by_browser = job.engine is Engine.BROWSER
        body = answer.body if self.keeps_bodies else b""
        self.seen.append(SeenPage(job.url, job.role, answer.outcome, answer.reason, answer.reading, by_browser, body))
        fetched = super().end_page(job, answer)
        for topic, counts in {NOT_FOLLOWED: fetched.ending.refusals, **fetched.ending.tallies}.items():
            self.tallies[topic].update(counts)
        return fetched

    def end_failure(self, job: Job, ending: Ending, request: Request | None) -> Fetched:
        self.seen.append(SeenPage(job.url, job.role, Outcome(ending.outcome), ending.reason, None))
        return super().end_failure(job, ending, request)


def look_at(
    url: str, *, pages: int, seconds: int, allow_private: bool, profile: SiteProfile | None = None
) -> list[SeenPage]:
    """Crawl a little from ``url``, by the same spider and within the same limits as a campaign, without a browser."""
    profile = replace(profile, start=(url,)) if profile else SiteProfile("probe", (authority_of(url),), (url,))
    spec = CampaignSpec(
        "probe", "probe", profiles=(profile,), budgets=Budgets(pages, seconds), allow_private=allow_private
    )
    chosen = ScrapySettings()
    chosen.setmodule(crawl_settings, priority="project")
    with tempfile.TemporaryDirectory(prefix="infringewatch-probe-") as folder:
        chosen.setdict(
            {
                "INTAKE": ProbeIntake(ProbeRun(1, spec, (profile,))),
                "FRONTIER_FILE": str(Path(folder) / "frontier.sqlite3"),
                "BROWSER": False,
                "LOG_LEVEL": "ERROR",
            },
            priority="cmdline",
        )
        process = AsyncCrawlerProcess(chosen)
        process.crawl(ProbeSpider, run="1")
        process.start()
    return ProbeSpider.seen


def describe_pages(pages: Sequence[SeenPage]) -> str:
    """What was seen, for a person: how pages ended, what led to them, and what would be extracted of the first items."""
    lines = [f"{len(pages)} pages asked for"]
    for topic in (FOUND_BY, NOT_FOLLOWED, LOST):
        lines += [f"  {count:>4}  {topic}: {name}" for name, count in ProbeSpider.tallies[topic].most_common()]
    for page in pages:
        if page.outcome is not Outcome.OK and page.role != GUESS:
            lines.append(f"  {page.outcome:14} {page.reason:50} {page.url}")
    items = [item for page in pages if page.reading is not None for item in page.reading.items]
    used = sorted({name for page in pages if page.reading is not None for name in page.reading.sources_used})
    lines.append(f"{len(items)} items, read from {', '.join(used) or 'nothing known'}")
    lines += [_item_line(item) for item in items[:_SHOWN_ITEMS]]
    return "\n".join(lines)


def _item_line(item: Item) -> str:
    known = [f"{name}={getattr(item, name)}" for name in _FIELDS if getattr(item, name)]
    text = [f"text of {len(item.text)} characters"] if item.text else []
    return f"  {item.kind:8} {item.title[:50]}  {' '.join([*known, *text])}"


@click.command()
@click.argument("url")
@click.option("--max-pages", default=30, show_default=True, help="How many pages to ask for at most.")
@click.option("--max-time", default=120, show_default=True, help="How many seconds to look at most.")
@click.option("--allow-private", is_flag=True, help="Addresses on loopback and intranets may be asked.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the drafted profile goes; default: the screen.")
def main(url: str, max_pages: int, max_time: int, allow_private: bool, out: Path | None) -> None:
    """Look at a new site: what would be extracted, and a draft of its profile."""
    if allow_private:
        os.environ["INFRINGEWATCH_ALLOW_PRIVATE"] = "1"
        get_settings.cache_clear()
    os.environ.pop("DATABASE_URL", None)  # the probe's frontier is a file that is thrown away
    try:
        pages = look_at(url, pages=max_pages, seconds=max_time, allow_private=allow_private)
    except InfringeWatchError as error:
        click.echo(f"infringewatch site probe: {error}", err=True)
        sys.exit(2)
    click.echo(describe_pages(pages), err=True)
    draft = render_draft(draft_profile(url, pages))
    if out is None:
        click.echo(draft, nl=False)
    else:
        out.write_text(draft, encoding="utf-8")
    sys.exit(0 if any(page.outcome is Outcome.OK for page in pages) else 2)


if __name__ == "__main__":
    main()
