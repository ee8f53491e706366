"""What reading one saved page gives: items, links with their roles, and doubts about the page itself.

Records only; nothing here parses.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from infringewatch.model import Item, Outcome
from infringewatch.ruleset import SiteProfile


class LinkRole(StrEnum):
    """What a link seems to lead to. A spider decides which roles it follows."""

    ITEM = "item"
    SHOP = "shop"
    CHAPTER = "chapter"
    BOOK = "book"
    LIST = "list"
    NEXT = "next"
    SEARCH = "search"
    DOWNLOAD = "download"
    FEED = "feed"
    SITEMAP = "sitemap"
    OTHER = "other"


class PageKind(StrEnum):
    """What the page is as a whole."""

    LISTING = "listing"
    LIST = "list"
    BOOK = "book"
    CHAPTER = "chapter"
    VIDEO = "video"
    ARTICLE = "article"
    SHOP = "shop"
    FEED = "feed"
    SITEMAP = "sitemap"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Link:
    """``url`` is absolute, without fragment. A search link holds ``{query}`` where the words go."""

    url: str
    role: LinkRole
    text: str = ""


@dataclass(frozen=True, slots=True)
class SoftSignal:
    """The page answered, but may not be what was asked for. ``outcome`` is what it looks like, ``reason`` why."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class PageReading:
    """All that one page says. ``items[0]`` is the page's own item where it has one.

    ``sources_used`` names the kinds of markup that gave anything ("json-ld", "og", "visible", …).
    ``encoding`` is the one that was found, which may contradict what the server declared.
    ``lost`` says in words what was cut off (a body above the bound, nesting too deep).
    """

    url: str
    canonical_url: str
    page_kind: PageKind
    items: tuple[Item, ...] = ()
    links: tuple[Link, ...] = ()
    soft_signals: tuple[SoftSignal, ...] = ()
    sources_used: tuple[str, ...] = ()
    title: str = ""
    encoding: str = "utf-8"
    lost: tuple[str, ...] = ()

    def links_of(self, *roles: LinkRole) -> tuple[Link, ...]:
        """The links that have one of ``roles``, in page order."""
        return tuple(link for link in self.links if link.role in roles)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How a page is to be read.

    ``thorough`` takes the dear way to the main text (some 15 ms a page instead of 1).
    ``item_id`` is the id of the page's own item; empty: its canonical address.
    ``seen_at`` is an ISO time that the items carry.
    """

    profile: SiteProfile | None = None
    thorough: bool = False
    item_id: str = ""
    seen_at: str = ""
