"""Deciding and undoing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infringewatch.actions.allow import Permission, allow
from infringewatch.actions.decisions import decide, undo_decision
from infringewatch.errors import InputError
from infringewatch.model import Verdict
from infringewatch.store.access import get_hit
from infringewatch.web.filters import read_filters
from infringewatch.web.views.asking import asker
from infringewatch.web.views.moving import go_on, hit_address, queue_address
from infringewatch.web.words import word

ALLOW_COLUMNS = ("authorised_sellers", "licensed_hosts")


@require_POST
def decide_hit(request: HttpRequest, hit_id: int) -> HttpResponse:
    """The verdict of the button that was pressed, against the decision that stood on the page."""
    user = asker(request)
    hit = get_hit(user, hit_id)
    verdict = request.POST.get("verdict", "")
    if verdict not in set(Verdict):
        raise InputError("this verdict does not exist")
    seen = request.POST.get("seen", "")
    decide(
        hit.pk,
        Verdict(verdict),
        user,
        datetime.now(UTC),
        seen=int(seen) if seen.isascii() and seen.isdigit() else None,
        reason=request.POST.get("reason", "").strip()[:2000],
    )
    return go_on(request, user, hit, word(verdict), undoable=True)


@require_POST
def undo(request: HttpRequest, hit_id: int) -> HttpResponse:
    """Take back one's own last decision, and show the hit (or the queue, where it was decided there)."""
    user = asker(request)
    hit = get_hit(user, hit_id)
    undo_decision(hit.pk, user, datetime.now(UTC))
    filters = read_filters(hit.measure, request.POST)
    target = queue_address(filters) if request.POST.get("from") == "queue" else hit_address(hit, filters)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(target)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = target
    return response


@require_POST
def add_permission(request: HttpRequest, hit_id: int) -> HttpResponse:
    """An allow-list entry for this hit's right: its seller, or its site."""
    user, now = asker(request), datetime.now(UTC)
    hit = get_hit(user, hit_id)
    column, value = request.POST.get("column", ""), request.POST.get("value", "").strip()[:300]
    if column not in ALLOW_COLUMNS or not value:
        raise InputError(_("an allow-list entry needs a seller or a site"))
    until = _read_day(request.POST.get("valid_until", ""))
    reason = request.POST.get("reason", "").strip()[:2000]
    allow(hit.right, Permission(column, value, valid_until=until, reason=reason), user, now)
    return redirect("hit", hit_id=hit.pk)


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InputError(_("this day cannot be read: write it as 2026-12-31")) from error
