"""Which hits a page shows: straight from the store, or by the search engine where words are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from infringewatch.model import HitState
from infringewatch.search.records import EVERYBODY, Facet, Query, Scope
from infringewatch.store.access import OPEN_STATES, sees_all_tenants
from infringewatch.store.models import Hit, User
from infringewatch.web.engines import open_search
from infringewatch.web.filters import ALL, OPEN, PAGE_SIZE, Filters, after_hit, filtered, read_place, write_place


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; ``next`` is empty on the last one."""

    hits: list[Hit]
    next: str = ""


def find_hits(user: User, filters: Filters, after: str, now: datetime, size: int = PAGE_SIZE) -> Found:
    """The page after ``after`` (empty: the first). Raises ServiceUnavailable where the search engine is away."""
    if filters.q:
        return _search(user, filters, after, now, size)
    hits = filtered(user, filters, now).select_related("right")
    if after:
        hits = after_hit(hits, *read_place(after))
    found = list(hits[: size + 1])
    more = len(found) > size
    return Found(found[:size], write_place(found[size - 1]) if more else "")


def next_hit(user: User, filters: Filters, hit: Hit, now: datetime) -> Hit | None:
    """The hit to look at after ``hit``: the one below it in the same view, else the first one left."""
    if filters.q:
        return next((one for one in _search(user, filters, "", now, PAGE_SIZE).hits if one.pk != hit.pk), None)
    hits = filtered(user, filters, now).exclude(pk=hit.pk)
    return after_hit(hits, hit.score, hit.pk).first() or hits.first()


def _search(user: User, filters: Filters, after: str, now: datetime, size: int) -> Found:
    page = open_search().search(
        Query(scope_of(user), filters.q, chosen=_chosen(filters), after=after, size=size),
    )
    order = {int(match.key): place for place, match in enumerate(page.matches)}
    # The index lags and knows nothing of snoozing: the store has the last word on what is shown.
    hits = filtered(user, filters, now).select_related("right").filter(pk__in=order)
    return Found(sorted(hits, key=lambda hit: order[hit.pk]), page.next)


def _chosen(filters: Filters) -> dict[Facet, tuple[str, ...]]:
    states: dict[str, tuple[HitState, ...]] = {OPEN: OPEN_STATES, ALL: ()}
    wanted: dict[Facet, tuple[str, ...]] = {
        Facet.MEASURE: (filters.measure,),
        Facet.LEVEL: (filters.level,),
        Facet.SITE: (filters.site,),
        Facet.SELLER: (filters.seller,),
        Facet.RIGHT: (filters.right,),
        Facet.STATE: tuple(str(state) for state in states.get(filters.state, (filters.state,))),
    }
    return {facet: values for facet, values in wanted.items() if any(values)}


def scope_of(user: User) -> Scope:
    """Whose hits a search by ``user`` may look through."""
    return EVERYBODY if sees_all_tenants(user) else Scope(frozenset({str(user.tenant_id)}))
