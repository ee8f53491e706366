"""The queue of one measure: rows by risk, filters as links, pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infringewatch.model import HitState, Level
from infringewatch.store.models import CaptureRequest, Decision, Hit, User
from infringewatch.web.context import queue_counts
from infringewatch.web.counting import Counted, count_values
from infringewatch.web.filters import ALL, OPEN, Filters, read_filters
from infringewatch.web.finding import find_hits
from infringewatch.web.segments import cut, title_segments
from infringewatch.web.views.asking import asker
from infringewatch.web.words import queue_title, word

FACET_SIZE = 8


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first queue in which something waits."""
    counts = queue_counts(asker(request), datetime.now(UTC))
    waiting = next((row["measure"] for row in counts if row["count"]), counts[0]["measure"])
    return redirect("queue", measure=waiting)


@require_GET
def queue(request: HttpRequest, measure: str) -> HttpResponse:
    user, now = asker(request), datetime.now(UTC)
    filters = read_filters(measure, request.GET)
    found = find_hits(user, filters, request.GET.get("after", ""), now)
    context = {
        "filters": filters,
        "title": queue_title(measure),
        "rows": rows_of(found.hits),
        "next": found.next,
        "has_place": "after" in request.GET,
    }
    if request.htmx and "after" in request.GET:  # type: ignore[attr-defined]
        return render(request, "web/_rows.html", context)
    lazy = bool(found.next)  # a queue of one page is counted at once; a long one shows its rows first
    chips = [] if lazy else _chips(user, filters, now)
    return render(request, "web/queue.html", context | {"chips": chips, "lazy_chips": lazy})


@require_GET
def facets(request: HttpRequest, measure: str) -> HttpResponse:
    """The filters with their counts, which a long queue asks for after its rows are shown."""
    filters = read_filters(measure, request.GET)
    chips = _chips(asker(request), filters, datetime.now(UTC))
    return render(request, "web/_chips.html", {"filters": filters, "chips": chips})


def rows_of(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as the queue shows them: titles cut into marked pieces, the decision that stands (0: none), the picture."""
    standing = Decision.objects.filter(hit__in=hits, ended_at__isnull=True).values_list("hit_id", "pk")
    seen = dict(standing)
    shots = _screenshots(hits)
    return [row_of(hit) | {"seen": seen.get(hit.pk, 0), "shot": shots.get(hit.pk, "")} for hit in hits]


def _screenshots(hits: Sequence[Hit]) -> dict[int, str]:
    """The bundle of the last screenshot of each hit that has one."""
    sealed = CaptureRequest.objects.filter(hit__in=hits, bundle__isnull=False).order_by("ended_at", "pk")
    return {hit: bundle for hit, bundle in sealed.values_list("hit_id", "bundle_id") if bundle}


def row_of(hit: Hit) -> dict[str, Any]:
    spans = hit.finding.get("spans", ())
    return {
        "hit": hit,
        "title": title_segments(hit) or cut(hit.canonical_url, ()),
        "elsewhere": _first_span_elsewhere(hit, spans),
    }


def _first_span_elsewhere(hit: Hit, spans: Any) -> str:
    """Where nothing in the title matched: what did, in which field."""
    for start, end, field, *_rest in spans:
        if field == "title":
            return ""
        text = hit.item.get(field)
        if isinstance(text, str):
            return text[int(start) : min(int(end), int(start) + 40)]
    return ""


def _chips(user: User, filters: Filters, now: datetime) -> list[dict[str, Any]]:
    """Each facet with its values, their counts, and the address in which the value is chosen or dropped."""
    labels = {"level": _("Level"), "site": _("Site"), "seller": _("Seller"), "right": _("Right")}
    counted = count_values(user, filters, now, FACET_SIZE)
    return [_state_chip(filters)] + [
        {"label": label, "name": name, "values": _values(filters, name, counted[name])}
        for name, label in labels.items()
    ]


def _values(filters: Filters, name: str, counted: Sequence[Counted]) -> list[dict[str, Any]]:
    chosen = getattr(filters, name)
    values = [
        _value(filters, name, one.value, word(one.value) if name == "level" else one.label, one.count)
        for one in counted
    ]
    if chosen and not any(value["chosen"] for value in values):
        values.append(_value(filters, name, chosen, chosen, None))
    return values


def _value(filters: Filters, name: str, value: str, label: str, count: int | None) -> dict[str, Any]:
    chosen = getattr(filters, name) == value
    return {
        "label": label,
        "count": count,
        "chosen": chosen,
        "query": filters.changed(name, "" if chosen else value).query,
        "strong": value == Level.STRONG,
    }


def _state_chip(filters: Filters) -> dict[str, Any]:
    values = [
        {
            "label": word(state),
            "count": None,
            "chosen": filters.state == state,
            "query": filters.changed("state", str(state)).query,
        }
        for state in (OPEN, *HitState, ALL)
    ]
    return {"label": _("State"), "name": "state", "values": values}
