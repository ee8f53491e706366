"""Cases: what is pursued together, with its notices from draft to sent."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.cases import open_case
from infringewatch.actions.notices import withdraw as withdraw_notice
from infringewatch.errors import InputError, NotFound
from infringewatch.flows.takedown import check_notice, draft_notice, mark_notice_sent, queue_notice
from infringewatch.model import NoticeState
from infringewatch.notices.regimes import REGIMES
from infringewatch.store.access import cases_for, get_case, get_hit, notices_for
from infringewatch.store.models import Case, Notice, User
from infringewatch.web.views.asking import asker
from infringewatch.web.views.batch import chosen_hits

LONGEST_FIELD = 2000


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    rows = cases_for(asker(request)).prefetch_related("hits", "notices").order_by("-opened_at")[:200]
    return render(request, "web/cases.html", {"cases": rows, "place": "cases"})


@require_POST
def open_from_hit(request: HttpRequest) -> HttpResponse:
    """A new case on one hit."""
    user, now = asker(request), datetime.now(UTC)
    number, regime = request.POST.get("hit", ""), request.POST.get("regime", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18) or regime not in REGIMES:
        raise InputError(_("a case needs a hit and a way of notice"))
    hit = get_hit(user, int(number))
    return _go_to(request, open_case([hit], regime, "", user, now))


@require_POST
def open_from_many(request: HttpRequest) -> HttpResponse:
    """A new case on all hits that were chosen (``hits``, as often as there are), by the way ``regime``."""
    user, now = asker(request), datetime.now(UTC)
    regime = request.POST.get("regime", "")
    if regime not in REGIMES:
        raise InputError(_("a case needs a hit and a way of notice"))
    made = open_case(chosen_hits(request, user), regime, request.POST.get("title", "").strip(), user, now)
    return _go_to(request, made)


def _go_to(request: HttpRequest, case: Case) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": reverse("case", args=[case.pk])})
    return redirect("case", case_id=case.pk)


@require_GET
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    user, now = asker(request), datetime.now(UTC)
    one = get_case(user, case_id)
    hits = list(one.hits.select_related("right").order_by("pk"))
    rows = list(notices_for(user).filter(case=one).order_by("-pk"))
    notices = [
        {"notice": notice, "gate": check_notice(notice, now) if notice.state == NoticeState.DRAFT else None}
        for notice in rows
    ]
    last = rows[0].fields if rows else {"holder": hits[0].right.holder if hits else ""}
    regime = REGIMES.get(one.regime)
    context = {
        "case": one,
        "hits": hits,
        "notices": notices,
        "regime": regime,
        "form_fields": [{"name": name, "value": last.get(name, "")} for name in regime.fields] if regime else [],
        "place": "cases",
    }
    return render(request, "web/case.html", context)


@require_POST
def draft(request: HttpRequest, case_id: int) -> HttpResponse:
    user = asker(request)
    one = get_case(user, case_id)
    regime = REGIMES[one.regime]
    fields = {name: request.POST.get(name, "").strip()[:LONGEST_FIELD] for name in (*regime.fields, *regime.statements)}
    draft_notice(one, fields, user, datetime.now(UTC))
    return redirect("case", case_id=one.pk)


@require_POST
def queue(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Through the gate; where it does not pass, the case's page says why."""
    user = asker(request)
    notice = _get_notice(user, notice_id)
    queue_notice(notice, user, datetime.now(UTC))
    return redirect("case", case_id=notice.case_id)


@require_POST
def sent(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = asker(request)
    notice = _get_notice(user, notice_id)
    mark_notice_sent(notice, request.POST.get("reference", "").strip(), user, datetime.now(UTC))
    return redirect("case", case_id=notice.case_id)


@require_POST
def withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = asker(request)
    notice = _get_notice(user, notice_id)
    withdraw_notice(notice, request.POST.get("reason", "").strip()[:LONGEST_FIELD], user, datetime.now(UTC))
    return redirect("case", case_id=notice.case_id)


def _get_notice(user: User, notice_id: int) -> Notice:
    notice = notices_for(user).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(f"there is no notice {notice_id}")
    return notice
