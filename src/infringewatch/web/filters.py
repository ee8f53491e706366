"""What a list of hits is narrowed by. It lives in the address, so that a view can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from infringewatch.errors import InputError, NotFound
from infringewatch.model import MEASURES, HitState, Level
from infringewatch.store.access import hits_for, in_queue
from infringewatch.store.models import Hit, User

OPEN, ALL = "open", "all"
_Row = TypeVar("_Row", covariant=True)
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """``state`` is ``open`` (what waits for a person), ``all``, or one state; the others are empty for "any"."""

    measure: str
    state: str = OPEN
    level: str = ""
    site: str = ""
    seller: str = ""
    right: str = ""
    q: str = ""

    @property
    def query(self) -> str:
        """The part of an address after the question mark; defaults are left out."""
        pairs = {name: getattr(self, name) for name in ("level", "site", "seller", "right", "q")}
        kept = {name: value for name, value in pairs.items() if value}
        if self.state != OPEN:
            kept["state"] = self.state
        return urlencode(kept)

    def changed(self, name: str, value: str) -> Filters:
        return replace(self, **{name: value})


def read_filters(measure: str, given: Mapping[str, str]) -> Filters:
    """The filters of an address. Raises NotFound for a queue that does not exist; unknown values are ignored."""
    if measure not in MEASURES:
        raise NotFound(f"there is no queue {measure}")
    state, level, right = given.get("state", OPEN), given.get("level", ""), given.get("right", "")
    return Filters(
        measure=measure,
        state=state if state in {OPEN, ALL, *HitState} else OPEN,
        level=level if level in set(Level) else "",
        site=given.get("site", "")[:255],
        seller=given.get("seller", "")[:300],
        right=right if right.isascii() and right.isdigit() and len(right) < 18 else "",
        q=given.get("q", "").strip()[:200],
    )


def filtered(user: User, filters: Filters, now: datetime) -> QuerySet[Hit]:
    """The hits that ``user`` may see and the filters let through, riskiest first; the words ``q`` are left out."""
    hits = hits_for(user).filter(measure=filters.measure)
    if filters.state == OPEN:
        hits = in_queue(hits, now)
    elif filters.state != ALL:
        hits = hits.filter(state=filters.state)
    chosen = {"level": filters.level, "host": filters.site, "seller": filters.seller, "right_id": filters.right}
    return hits.filter(**{name: value for name, value in chosen.items() if value}).order_by("-score", "-id")


def after_hit(hits: QuerySet[Hit, _Row], score: float, pk: int) -> QuerySet[Hit, _Row]:
    """Those of ``hits`` that stand below the hit with this score and key."""
    below = Q(score__lt=score) | Q(score=score, pk__lt=pk)
    return hits.filter(below, score__lte=score)  # the second lets the database begin there instead of at the top


def write_place(hit: Hit) -> str:
    """Where a page ended, as text that fits in an address."""
    return f"{hit.score!r}_{hit.pk}"


def read_place(text: str) -> tuple[float, int]:
    """The place that ``write_place`` wrote. Raises InputError where someone made the text up."""
    score, _, pk = text.rpartition("_")
    try:
        return float(score), int(pk)
    except ValueError as error:
        raise InputError("this page of the queue cannot be found: its address is damaged") from error
