"""How many hits carry each value that a queue can be narrowed by: from the store, or from the index where words are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from infringewatch.search.records import Facet, Query
from infringewatch.store.models import Right, User
from infringewatch.web.engines import open_search
from infringewatch.web.filters import Filters, filtered
from infringewatch.web.finding import chosen, scope_of

FACETS: Mapping[str, tuple[Facet, str]] = {
    "level": (Facet.LEVEL, "level"),
    "site": (Facet.SITE, "host"),
    "seller": (Facet.SELLER, "seller"),
    "right": (Facet.RIGHT, "right_id"),
}
"""The filters that are counted: the index's facet, and the store's column."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One value of a filter; ``label`` is what a person reads of it."""

    value: str
    label: str
    count: int


def count_values(user: User, filters: Filters, now: datetime, size: int) -> dict[str, list[Counted]]:
    """For each filter its ``size`` most frequent values under the other filters' choices, most frequent first.

    With words the index counts, which lags by a drain and counts snoozed hits too. Raises ServiceUnavailable where the
    search engine is away.
    """
    if filters.q:
        counts = open_search().facets(Query(scope_of(user), filters.q, chosen=chosen(filters)))
        return {
            name: [Counted(one.value, one.label or one.value, one.count) for one in counts[facet][:size]]
            for name, (facet, _) in FACETS.items()
        }
    return {name: list(_count(user, filters, now, name, size)) for name in FACETS}


def _count(user: User, filters: Filters, now: datetime, name: str, size: int) -> Iterator[Counted]:
    column = FACETS[name][1]
    hits = filtered(user, filters.changed(name, ""), now).order_by().values_list(column)
    rows = [(value, count) for value, count in hits.annotate(count=Count("pk")).order_by("-count", column)[: size + 1]]
    rows = [(value, count) for value, count in rows if value][:size]
    labels = _names_of([value for value, _ in rows]) if name == "right" else {}
    return (Counted(str(value), labels.get(value, str(value)), count) for value, count in rows)


def _names_of(rights: Sequence[int]) -> dict[int, str]:
    return dict(Right.objects.filter(pk__in=rights).values_list("pk", "name"))
