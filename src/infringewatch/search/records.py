"""What goes into a search index and what comes out: plain records, the same for every backend."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from infringewatch.errors import InputError


class Facet(StrEnum):
    """What a list of hits can be narrowed by; the names are also those of SearchDocument and of the columns."""

    MEASURE = "measure"
    SITE = "site"
    RIGHT = "right"
    SELLER = "seller"
    LEVEL = "level"
    STATE = "state"
    QUEUE = "queue"
    DATE = "found_on"


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One hit as the index knows it. ``revision`` is the store's: an older one never overwrites a newer one.

    ``tenant`` and ``right`` are the store's keys as text; ``found_on`` is the UTC day of the first sighting;
    ``score`` is the risk, 0-1, by which results are sorted.
    """

    key: str
    revision: int
    tenant: str
    measure: str
    site: str
    right: str
    right_name: str
    seller: str
    level: str
    state: str
    queue: str
    found_on: date
    score: float
    title: str = ""
    description: str = ""
    url: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a search looks through."""
        return (self.title, self.seller, self.right_name, self.url, self.description)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A hit that is gone from the store; it keeps older revisions from coming back."""

    key: str
    revision: int


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a batch: ``stale`` were there already, as new or newer; ``faults``: key -> the refusal."""

    written: int = 0
    stale: int = 0
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose hits the asker may see: the tenants' keys, or ``None`` for everybody's. No query goes without one."""

    tenants: frozenset[str] | None


EVERYBODY = Scope(None)


@dataclass(frozen=True, slots=True)
class Query:
    """A question: words (see ``terms``), chosen facet values (any of one facet, all facets together), days.

    ``after`` is the ``next`` of the page before; empty for the first page.
    """

    scope: Scope
    text: str = ""
    chosen: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    found_from: date | None = None
    found_until: date | None = None
    after: str = ""
    size: int = 50


@dataclass(frozen=True, slots=True)
class Match:
    """A hit that was found: its key in the store, and the risk by which it is sorted."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Page:
    """Riskiest first. ``total`` counts all pages; ``next`` is empty on the last one."""

    matches: tuple[Match, ...]
    total: int
    next: str = ""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value and how many hits carry it; ``label`` is the right's name where the value is a key."""

    value: str
    count: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """``layout`` is the one the served index has; ``building`` names a rebuild that has not flipped yet."""

    engine: str
    index: str
    layout: int
    documents: int
    building: str = ""


def encode_cursor(match: Match) -> str:
    """Where a page ended, as text that fits in an address."""
    return base64.urlsafe_b64encode(json.dumps([match.score, match.key]).encode()).decode()


def decode_cursor(cursor: str) -> Match:
    """The end of the page before. Raises InputError where someone made the text up."""
    try:
        score, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return Match(str(key), float(score))
    except (binascii.Error, ValueError, TypeError) as error:
        raise InputError("this page of results cannot be found: its address is damaged") from error


def make_page(found: list[Match], total: int, size: int) -> Page:
    """The page out of up to ``size`` + 1 matches: the one too many says that there is a next page."""
    shown = tuple(found[:size])
    return Page(shown, total, encode_cursor(shown[-1]) if len(found) > size and shown else "")
