"""What a case's page shows: its hits, the form of the regime today, each notice with its gate, clocks and happenings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from infringewatch.flows.describing import CHANNELS, find_allowances
from infringewatch.flows.law import get_regime
from infringewatch.flows.takedown import check_notice
from infringewatch.model import BY_HAND, HitState, NoticeState
from infringewatch.notices.records import GateResult
from infringewatch.ruleset import Content, Regime
from infringewatch.store.access import hits_for, notices_for
from infringewatch.store.models import Case, Deadline, Hit, Notice, User
from infringewatch.web.notice_words import CHANNEL_NAMES, HAPPENINGS, LANGUAGE_NAMES, TOLD_BY_PEOPLE, WHO, in_language
from infringewatch.web.sentences import say

MOST_OFFERED = 30


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as it stands at a moment. ``due`` is written in the regime's own zone, for the law counts there."""

    title: str
    who: str
    due: str
    article: str
    verified: bool
    state: str  # met | ended | overdue | running | at_once | by_hand | not_before | reached
    notes: tuple[str, ...]
    notice: int
    case: int
    case_title: str
    days_left: int | None = None


def describe_case(user: User, case: Case, now: datetime) -> dict[str, Any]:
    regime = get_regime(case.regime)
    hits = list(case.hits.select_related("right").order_by("pk"))
    notices = list(notices_for(user).filter(case=case).prefetch_related("events", "hits").order_by("-pk"))
    allowances = find_allowances(hits, now)
    last = notices[0].fields if notices else {"holder": hits[0].right.holder if hits else ""}
    return {
        "case": case,
        "hits": [{"hit": hit, "allowance": allowances.get(hit.pk, "")} for hit in hits],
        "offered": find_more(user, case, hits)[:MOST_OFFERED],
        "notices": [_describe_notice(notice, regime, now) for notice in notices],
        "form": describe_form(regime, last, now),
        "regime_title": in_language(dict(regime.title)),
        "basis": regime.basis_on(now.date()),
        "law": in_language(dict(basis.law)) if (basis := regime.basis_on(now.date())) else "",
        "languages": [(code, LANGUAGE_NAMES[code], code == regime.letter.language) for code in LANGUAGE_NAMES],
        "channels": [(name, CHANNEL_NAMES[name]) for name in CHANNELS],
        "happenings": [(str(kind), HAPPENINGS[kind]) for kind in TOLD_BY_PEOPLE],
        "drafting": not any(notice.state != NoticeState.WITHDRAWN for notice in notices),
        "today": now.astimezone(ZoneInfo(regime.zone)).date(),
        "fixed": any(notice.state in _OUT for notice in notices),
    }


_OUT = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.UNCERTAIN, NoticeState.SENT)


def find_more(user: User, case: Case, hits: Iterable[Hit]) -> QuerySet[Hit]:
    """Other hits that were decided as infringing, of the right holder and of a seller on the site of the case."""
    places = Q()
    for host, seller in {(hit.host, hit.seller) for hit in hits}:
        places |= Q(host=host, seller=seller)
    pursued = hits_for(user).filter(tenant_id=case.tenant_id, state=HitState.INFRINGING)
    return pursued.filter(places).exclude(cases=case).order_by("-score", "-pk") if places else pursued.none()


def describe_form(regime: Regime, values: dict[str, str], now: datetime) -> list[dict[str, Any]]:
    """The fields that a person fills in and the statements to be made, as the law asks on this day."""
    return [
        {
            "name": field.id,
            "title": in_language(dict(field.title)),
            "value": values.get(field.id, "") if field.content is Content.PERSON else "",
            "text": in_language(dict(field.text)) if field.content is Content.STATEMENT else "",
            "is_statement": field.content is Content.STATEMENT,
            "required": field.required,
            "long": field.long,
            "article": f"{in_language(dict(field.basis.law))} {field.basis.article}",
        }
        for field in regime.form_on(now.date()).of(Content.PERSON, Content.STATEMENT)
    ]


def describe_gate(result: GateResult, regime: Regime) -> dict[str, Any]:
    """What the gate said, in the reader's language; fields are called as the form calls them."""
    titles = {field.id: in_language(dict(field.title)) for field in regime.notice_fields}
    lines = [
        {
            "name": one.name,
            "ok": one.ok,
            "what": say(one.what),
            "mend": say(one.mend),
            "subject": titles.get(one.subject, one.subject),
        }
        for one in result.checks
    ]
    faults = [line for line in lines if not line["ok"]]
    return {"passed": result.gate_pass is not None, "lines": lines, "faults": faults}


def describe_deadlines(rows: Iterable[Deadline], now: datetime) -> list[ClockLine]:
    return [_describe_deadline(row, now) for row in rows]


def _describe_notice(notice: Notice, regime: Regime, now: datetime) -> dict[str, Any]:
    draft = notice.state == NoticeState.DRAFT
    running = notice.deadlines.select_related("notice__case").filter(ended_at=None).order_by("pk")
    return {
        "notice": notice,
        "gate": describe_gate(check_notice(notice, now, None), regime) if draft else None,
        "by_hand": notice.channel == BY_HAND,
        "channel": CHANNEL_NAMES.get(notice.channel, notice.channel),
        "count": len(notice.hits.all()),
        "clocks": describe_deadlines(running, now),
        "events": [
            {"event": event, "word": HAPPENINGS.get(event.kind, event.kind)}  # type: ignore[call-overload]
            for event in sorted(notice.events.all(), key=lambda one: (one.happened_at, one.pk))
        ],
        "allowed_now": notice.state == NoticeState.SENT and bool(find_allowances(notice.hits.all(), now)),
    }


def _describe_deadline(row: Deadline, now: datetime) -> ClockLine:
    rule = row.rule
    due = row.due_at.astimezone(ZoneInfo(rule["zone"])) if row.due_at else None
    return ClockLine(
        title=in_language(rule["title"]),
        who=str(WHO.get(row.who, row.who)),
        due=f"{due:%Y-%m-%d %H:%M} ({rule['zone']})" if due else "",
        article=f"{in_language(rule['law'])} {rule['article']}",
        verified=bool(rule["verified"]),
        state=_state(row, now),
        notes=tuple(filter(None, (say(row.note) if row.note else "", in_language(rule.get("note") or {})))),
        notice=row.notice_id,
        case=row.notice.case_id,
        case_title=row.notice.case.title,
        days_left=(row.due_at - now).days if row.due_at and row.due_at > now else None,
    )


def _state(row: Deadline, now: datetime) -> str:
    if row.met_at is not None:
        return "met"
    if row.ended_at is not None:
        return "ended"
    if row.due_at is None:
        return "at_once" if row.rule["unit"] == "at_once" else "by_hand"
    if row.at_least:
        return "reached" if row.due_at < now else "not_before"
    return "overdue" if row.due_at < now else "running"
