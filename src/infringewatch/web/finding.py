"""Which hits a page shows: straight from the store, or by the search engine where words are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from infringewatch.model import HitState, Queue
from infringewatch.search.records import EVERYBODY, Facet, Match, Query, Scope, encode_cursor
from infringewatch.store.access import OPEN_STATES, sees_all_tenants
from infringewatch.store.models import Hit, User
from infringewatch.web.engines import open_search
from infringewatch.web.filters import ALL, OPEN, PAGE_SIZE, Filters, after_hit, filtered, read_place, write_place

_MOST_ASKED = 20  # pages of the engine that one page of ours may take before it is shown as it is


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits; ``next`` is empty on the last one."""

    hits: list[Hit]
    next: str = ""


def find_hits(user: User, filters: Filters, after: str, now: datetime, size: int = PAGE_SIZE) -> Found:
    """The page after ``after`` (empty: the first). Raises ServiceUnavailable where the search engine is away."""
    if filters.q:
        return _search(user, filters, after, now, size)
    hits = filtered(user, filters, now)
    if after:
        hits = after_hit(hits, *read_place(after))
    found = _read_hits(list(hits.values_list("pk", flat=True)[: size + 1]))
    more = len(found) > size
    return Found(found[:size], write_place(found[size - 1]) if more else "")


def next_hit(user: User, filters: Filters, hit: Hit, now: datetime) -> Hit | None:
    """The hit to look at after ``hit``: the one below it in the same view, else the first one left."""
    if filters.q:
        below = encode_cursor(Match(str(hit.pk), hit.score))
        found = _search(user, filters, below, now, 1).hits or _search(user, filters, "", now, 2).hits
        return next((one for one in found if one.pk != hit.pk), None)
    keys = filtered(user, filters, now).exclude(pk=hit.pk).values_list("pk", flat=True)
    following = after_hit(keys, hit.score, hit.pk).first() or keys.first()
    return Hit.objects.get(pk=following) if following else None


def _read_hits(keys: Sequence[int]) -> list[Hit]:
    """These hits in this order. The keys were found without their rows, which are wide."""
    rows = {hit.pk: hit for hit in Hit.objects.filter(pk__in=keys).select_related("right")}
    return [rows[key] for key in keys if key in rows]


def _search(user: User, filters: Filters, after: str, now: datetime, size: int) -> Found:
    """A full page, from as many pages of the engine as it takes: the index lags and knows nothing of snoozing, so the
    store has the last word on what is shown."""
    matches: list[Match] = []
    for _ in range(_MOST_ASKED):
        page = open_search().search(Query(scope_of(user), filters.q, chosen=chosen(filters), after=after, size=size))
        keys = [int(match.key) for match in page.matches]
        standing = set(filtered(user, filters, now).order_by().filter(pk__in=keys).values_list("pk", flat=True))
        matches += [match for match in page.matches if int(match.key) in standing]
        after = page.next
        if not after or len(matches) > size:
            break
    if len(matches) > size:
        after = encode_cursor(matches[size - 1])
    return Found(_read_hits([int(match.key) for match in matches[:size]]), after)


def chosen(filters: Filters) -> dict[Facet, tuple[str, ...]]:
    """The filters as the search engine knows them."""
    states: dict[str, tuple[HitState, ...]] = {OPEN: OPEN_STATES, ALL: ()}
    wanted: dict[Facet, tuple[str, ...]] = {
        Facet.MEASURE: (filters.measure,),
        Facet.LEVEL: (filters.level,),
        Facet.SITE: (filters.site,),
        Facet.SELLER: (filters.seller,),
        Facet.RIGHT: (filters.right,),
        Facet.QUEUE: tuple(queue for queue in Queue if filters.state == OPEN and queue is not Queue.AUTHORISED),
        Facet.STATE: tuple(str(state) for state in states.get(filters.state, (filters.state,))),
    }
    return {facet: values for facet, values in wanted.items() if any(values)}


def scope_of(user: User) -> Scope:
    """Whose hits a search by ``user`` may look through."""
    return EVERYBODY if sees_all_tenants(user) else Scope(frozenset({str(user.tenant_id)}))
