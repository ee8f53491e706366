"""Cases: what is pursued together. Its notices have views of their own."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.cases import add_hits, close_case, open_case, remove_hit, reopen_case
from infringewatch.errors import InputError
from infringewatch.flows.law import get_regimes
from infringewatch.model import DueState, NoticeState
from infringewatch.store.access import cases_for, get_case, get_hit, hits_for, notices_for
from infringewatch.store.models import Case, Deadline, Recheck
from infringewatch.web.case_page import describe_case, describe_deadlines
from infringewatch.web.views.asking import asker
from infringewatch.web.views.batch import chosen_hits

_MOST_DUE = 200


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    rows = cases_for(asker(request)).prefetch_related("hits", "notices").order_by("-opened_at")[:200]
    return render(request, "web/cases.html", {"cases": rows, "place": "cases"})


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """What waits: sendings that nobody is sure of, running clocks by their day, pages to be looked at again."""
    user, now = asker(request), datetime.now(UTC)
    mine = notices_for(user)
    running = Deadline.objects.select_related("notice__case").filter(notice__in=mine, met_at=None, ended_at=None)
    looks = Recheck.objects.select_related("hit").filter(hit__in=hits_for(user), state=DueState.DUE)
    context = {
        "uncertain": mine.filter(state=NoticeState.UNCERTAIN).order_by("pk"),
        "clocks": describe_deadlines(running.filter(due_at__isnull=False).order_by("due_at")[:_MOST_DUE], now),
        "open_ended": describe_deadlines(running.filter(due_at=None).order_by("-pk")[:_MOST_DUE], now),
        "rechecks": looks.order_by("due_at")[:_MOST_DUE],
        "place": "due",
    }
    return render(request, "web/due.html", context)


@require_POST
def open_from_hit(request: HttpRequest) -> HttpResponse:
    """A new case on one hit."""
    user, now = asker(request), datetime.now(UTC)
    number = request.POST.get("hit", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        raise InputError(_("a case needs a hit and a way of notice"))
    hit = get_hit(user, int(number))
    return _go_to(request, open_case([hit], _chosen_regime(request), "", user, now))


@require_POST
def open_from_many(request: HttpRequest) -> HttpResponse:
    """A new case on all hits that were chosen (``hits``, as often as there are), by the way ``regime``."""
    user, now = asker(request), datetime.now(UTC)
    regime, title = _chosen_regime(request), request.POST.get("title", "").strip()
    return _go_to(request, open_case(chosen_hits(request, user), regime, title, user, now))


@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    user = asker(request)
    context = describe_case(user, get_case(user, case_id), datetime.now(UTC)) | {"place": "cases"}
    return render(request, "web/case.html", context)


@require_POST
def add(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the chosen hits into the case."""
    user = asker(request)
    one = get_case(user, case_id)
    add_hits(one, chosen_hits(request, user), user, datetime.now(UTC))
    return _go_to(request, one)


@require_POST
def remove(request: HttpRequest, case_id: int, hit_id: int) -> HttpResponse:
    user = asker(request)
    one = get_case(user, case_id)
    remove_hit(one, get_hit(user, hit_id), user, datetime.now(UTC))
    return _go_to(request, one)


@require_POST
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """Close the case, or take a closed one up again."""
    user, now = asker(request), datetime.now(UTC)
    one = get_case(user, case_id)
    if one.closed_at is None:
        close_case(one, request.POST.get("reason", "").strip()[:2000], user, now)
    else:
        reopen_case(one, user, now)
    return _go_to(request, one)


def _chosen_regime(request: HttpRequest) -> str:
    regime = request.POST.get("regime", "")
    if regime not in get_regimes():
        raise InputError(_("a case needs a hit and a way of notice"))
    return regime


def _go_to(request: HttpRequest, case: Case) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": reverse("case", args=[case.pk])})
    return redirect("case", case_id=case.pk)
