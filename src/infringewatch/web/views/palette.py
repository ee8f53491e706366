"""The palette (Ctrl-K): from a few letters to a page, a hit, a case, a right or a seller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infringewatch.model import MEASURES
from infringewatch.store.access import cases_for, hits_for, rights_for
from infringewatch.store.models import Hit, User
from infringewatch.web.filters import ALL
from infringewatch.web.views.asking import asker
from infringewatch.web.words import queue_title, word

_EACH = 5
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the palette."""

    label: str
    kind: str
    url: str


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """The lines that fit what has been typed: pages first, then what the store knows."""
    user, typed = asker(request), request.GET.get("q", "").strip()[:_LONGEST]
    places = [place for place in _pages() if typed.lower() in f"{place.label} {place.kind}".lower()]
    if typed:
        places = [*_exact(user, typed), *places, *_rights(user, typed), *_sellers(user, typed), *_search(typed)]
    return render(request, "web/_palette.html", {"places": places})


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the search box asks for: the hit with that number or address at once, else a search of the queue."""
    user, typed = asker(request), request.GET.get("q", "").strip()[:_LONGEST]
    hit = _hit_called(user, typed)
    if hit is not None:
        return redirect("hit", hit_id=hit.pk)
    measure = request.GET.get("measure", "")
    return redirect(_queue(measure if measure in MEASURES else MEASURES[0], q=typed))


def _pages() -> Iterator[Place]:
    for measure in MEASURES:
        yield Place(f"{measure} {queue_title(measure)}", _("queue"), reverse("queue", args=[measure]))
    yield Place(_("Cases"), _("page"), reverse("cases"))
    yield Place(_("Due"), _("page"), reverse("due"))
    yield Place(_("Sites and works"), _("page"), reverse("works"))
    yield Place(_("Watch lists"), _("page"), reverse("watchlists"))
    yield Place(_("Campaigns and runs"), _("page"), reverse("campaigns"))


def _exact(user: User, typed: str) -> Iterator[Place]:
    hit = _hit_called(user, typed)
    if hit is not None:
        yield Place(f"#{hit.pk} {hit.title or hit.canonical_url}", word(hit.state), reverse("hit", args=[hit.pk]))
    for case in cases_for(user).filter(title__icontains=typed).order_by("-pk")[:_EACH]:
        yield Place(case.title, _("Case"), reverse("case", args=[case.pk]))


def _hit_called(user: User, typed: str) -> Hit | None:
    """The hit with this number (with or without ``#``) or exactly this address."""
    number = typed.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 18:
        return hits_for(user).filter(pk=int(number)).first()
    return hits_for(user).filter(canonical_url=typed).first() if "://" in typed else None


def _rights(user: User, typed: str) -> Iterator[Place]:
    named = rights_for(user).filter(name__icontains=typed) | rights_for(user).filter(registration_no__iexact=typed)
    for right in named.order_by("name")[:_EACH]:
        measures = hits_for(user).filter(right=right).order_by().values("measure").annotate(count=Count("pk"))
        for row in measures:
            label = f"{right.name} {right.registration_no}"
            target = _queue(row["measure"], right=str(right.pk), state=ALL)
            yield Place(label, f"{_('Right')} · {row['measure']} · {row['count']}", target)


def _sellers(user: User, typed: str) -> Iterator[Place]:
    named = hits_for(user).filter(seller__icontains=typed).order_by().values("seller", "measure")
    for row in named.annotate(count=Count("pk")).order_by("-count", "seller")[:_EACH]:
        target = _queue(row["measure"], seller=row["seller"], state=ALL)
        yield Place(row["seller"], f"{_('Seller')} · {row['measure']} · {row['count']}", target)


def _search(typed: str) -> Iterator[Place]:
    for measure in MEASURES:
        yield Place(f"“{typed}”", f"{_('Search')} · {measure}", _queue(measure, q=typed, state=ALL))


def _queue(measure: str, **filters: str) -> str:
    return f"{reverse('queue', args=[measure])}?{urlencode(filters)}"
