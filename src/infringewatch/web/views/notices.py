"""One notice on its case's page: drafted, through the gate, sent, answered, taken back."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.notices import withdraw as withdraw_notice
from infringewatch.errors import InputError, NotFound
from infringewatch.flows.describing import BundleReader
from infringewatch.flows.law import get_regime
from infringewatch.flows.takedown import (
    Filled,
    check_notice,
    draft_notice,
    mark_notice_sent,
    queue_notice,
    record_notice_event,
    resolve_notice,
)
from infringewatch.model import NoticeEventKind
from infringewatch.notices.rendering import LANGUAGES
from infringewatch.ruleset import Content
from infringewatch.store.access import get_case, notices_for
from infringewatch.store.models import Notice, User
from infringewatch.web.case_page import describe_gate
from infringewatch.web.engines import open_vault
from infringewatch.web.notice_words import CHANNEL_NAMES
from infringewatch.web.views.asking import asker

LONGEST_FIELD = 5000
_GLANCE = 1.5  # seconds of reading evidence for one answer; the panel asks again for the rest
_REMEMBERED = 600.0
_known: dict[str, float] = {}  # bundles found good lately, for showing only: the gate itself reads all of them


@require_POST
def draft(request: HttpRequest, case_id: int) -> HttpResponse:
    user, now = asker(request), datetime.now(UTC)
    one = get_case(user, case_id)
    form = get_regime(one.regime).form_on(now.date()).of(Content.PERSON, Content.STATEMENT)
    fields = {field.id: request.POST.get(field.id, "").strip()[:LONGEST_FIELD] for field in form}
    language, channel = request.POST.get("language", ""), request.POST.get("channel", "by_hand")
    if language not in (*LANGUAGES, "") or channel not in CHANNEL_NAMES:
        raise InputError(_("choose a language and a channel from the lists"))
    draft_notice(one, Filled(fields, language, channel), user, now)
    return redirect("case", case_id=one.pk)


@require_GET
def gate(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The gate's panel: what holds and what is missing, with the evidence read as far as time allows."""
    user, now = asker(request), datetime.now(UTC)
    notice = _get_notice(user, notice_id)
    if not getattr(request, "htmx", False):
        return redirect("case", case_id=notice.case_id)
    started = time.monotonic()
    reader = BundleReader(
        open_vault(), seconds=_GLANCE, known={k for k, at in _known.items() if started - at < _REMEMBERED}
    )
    result = check_notice(notice, now, reader, approver=user.username)
    _known.update(dict.fromkeys(reader.known - _known.keys(), started))
    unread, count = len(reader.unread), len(reader.unread | reader.damaged) + _count_known(notice, reader)
    context = {
        "notice": notice,
        "gate": describe_gate(result, get_regime(notice.regime)),
        "unread": unread,
        "read": count - unread,
        "count": count,
    }
    return render(request, "web/_gate.html", context)


def _count_known(notice: Notice, reader: BundleReader) -> int:
    sightings = set(notice.hits.values_list("sightings__bundle_id", flat=True))
    captures = set(notice.hits.values_list("captures__bundle_id", flat=True))
    return len((sightings | captures) & reader.known)


@require_POST
def queue(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Through the gate; where it does not pass, the case's page says why."""
    user = asker(request)
    notice = _get_notice(user, notice_id)
    queue_notice(notice, user, datetime.now(UTC), BundleReader(open_vault()))
    return redirect("case", case_id=notice.case_id)


@require_POST
def sent(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = asker(request)
    notice = _get_notice(user, notice_id)
    reference = request.POST.get("reference", "").strip()
    mark_notice_sent(notice, reference, user, datetime.now(UTC), BundleReader(open_vault()))
    return redirect("case", case_id=notice.case_id)


@require_POST
def resolve(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A person says whether an uncertain notice went out."""
    user = asker(request)
    notice = _get_notice(user, notice_id)
    answer = request.POST.get("went_out", "")
    if answer not in ("yes", "no"):
        raise InputError(_("say whether the notice went out"))
    resolve_notice(notice, answer == "yes", request.POST.get("reference", "").strip(), user, datetime.now(UTC))
    return redirect("case", case_id=notice.case_id)


@require_POST
def happening(request: HttpRequest, notice_id: int) -> HttpResponse:
    """What the platform or the other side did, on a day of the regime's own zone."""
    user, now = asker(request), datetime.now(UTC)
    notice = _get_notice(user, notice_id)
    kind = request.POST.get("kind", "")
    if kind not in set(NoticeEventKind):
        raise InputError(_("choose what happened from the list"))
    at = _read_day(request.POST.get("day", ""), get_regime(notice.regime).zone, now)
    text = request.POST.get("text", "").strip()[:LONGEST_FIELD]
    record_notice_event(notice, NoticeEventKind(kind), text, at, user, now)
    return redirect("case", case_id=notice.case_id)


def _read_day(text: str, zone: str, now: datetime) -> datetime:
    """Noon of that day, for limits are counted in days; for today, this very moment."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(_("give the day in the form 2026-01-31")) from error
    here = ZoneInfo(zone)
    return now if day == now.astimezone(here).date() else datetime.combine(day, clock_time(12), here).astimezone(UTC)


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
