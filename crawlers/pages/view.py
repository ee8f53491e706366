"""Everything that can be seen of one page, each part worked out when it is first asked for and only once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from crawlers.pages.markup.attributes import read_microdata, read_microformats, read_rdfa
from crawlers.pages.markup.embedded import read_embedded
from crawlers.pages.markup.jsonld import read_jsonld
from crawlers.pages.markup.schema import Thing, iter_things
from crawlers.pages.reading import ReadOptions
from crawlers.pages.source import PageSource, squeeze
from crawlers.pages.values.prices import Locale, locale_of
from crawlers.pages.values.titles import similar, strip_last_part, strip_site
from crawlers.pages.visible.labels import Labelled, read_labels
from crawlers.pages.visible.outline import Outline
from crawlers.pages.visible.regions import ASIDE, Region
from infringewatch.normalise import host_of


class PageView:
    """The page's source with its markups, outline and labels."""

    def __init__(self, source: PageSource, options: ReadOptions) -> None:
        self.source = source
        self.options = options

    @cached_property
    def things(self) -> list[Thing]:
        """The typed objects of all markups, the most trusted markup first."""
        found: list[Thing] = []
        for markup, read in _MARKUPS:
            found.extend(iter_things(read(self.source), markup))
        return found

    def things_of(self, *types: str) -> list[Thing]:
        wanted = frozenset(types)
        return [thing for thing in self.things if thing.types & wanted]

    @cached_property
    def embedded(self) -> list[Any]:
        return read_embedded(self.source)

    @cached_property
    def outline(self) -> Outline:
        return Outline(self.source.tree)

    @cached_property
    def labels(self) -> list[Labelled]:
        return read_labels(self.outline)

    def labelled(self, field: str) -> list[Labelled]:
        return [pair for pair in self.labels if pair.field == field]

    @cached_property
    def locale(self) -> Locale:
        profile = self.options.profile
        return locale_of(host_of(self.source.url), self.source.language, profile.currency if profile else "")

    @cached_property
    def site_name(self) -> str:
        return squeeze(self.source.meta("og:site_name", "application-name", "al:android:app_name"))

    @cached_property
    def heading(self) -> str:
        """The heading that titles the page: the ``h1`` that the document title or og:title repeats, else the first
        one that stands in no menu or sidebar."""
        named = [self.source.meta("og:title", "twitter:title"), self.source.document_title]
        texts = [squeeze(node.text(separator=" ")) for node in self.source.headings[:12]]
        for text in texts:
            if len(text) > 2 and text != self.site_name and any(similar(text, name) >= 0.7 for name in named if name):
                return text
        for line in self.outline.lines:
            if line.pieces[0].region & Region.TITLE and not line.region & ASIDE and line.text != self.site_name:
                return line.text
        return ""

    @cached_property
    def page_title(self) -> str:
        """What the page calls itself: its heading, else og:title, else the document title without the site's name."""
        if self.heading:
            return self.heading
        og = self.source.meta("og:title", "twitter:title")
        if og:
            return strip_site(og, self.site_name)
        stripped = strip_site(self.source.document_title, self.site_name)
        return stripped if stripped != self.source.document_title else strip_last_part(stripped)

    @cached_property
    def title_line(self) -> int | None:
        """The line on which the page's title stands."""
        best: tuple[float, int] | None = None
        for line in self.outline.lines[:600]:
            if len(line.text) < 3 or len(line.text) > 300:
                continue
            heading = bool(line.pieces[0].region & Region.HEADING)
            points = similar(line.text, self.page_title) if heading or line.text == self.page_title else 0.0
            points += 0.5 * bool(line.pieces[0].region & Region.TITLE) - 1.0 * bool(line.region & ASIDE)
            if points > 0.5 and (best is None or points > best[0]):
                best = (points, line.number)
        return best[1] if best else None

    def absolute_all(self, urls: list[str]) -> list[str]:
        return [url for raw in urls if (url := self.source.absolute(raw))]


_MARKUPS = (
    ("json-ld", read_jsonld),
    ("microdata", read_microdata),
    ("rdfa", read_rdfa),
    ("microformats", read_microformats),
)
