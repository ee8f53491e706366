"""Which clocks an event starts, by the law of its day. A limit that cannot be counted is kept with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from infringewatch.actions.happenings import Planned
from infringewatch.errors import CalendarEnds
from infringewatch.model import JSON, NoticeEventKind
from infringewatch.notices.clocks import due_at
from infringewatch.ruleset import Clock, ClockUnit, LegalBasis, Platform, Regime

FROM_THE_SENDING = "counted from the sending: the platform has not confirmed the receipt"
_ANSWERS = (NoticeEventKind.REMOVED, NoticeEventKind.REFUSED, NoticeEventKind.DECISION_RECEIVED)


def plan_clocks(regime: Regime, kind: NoticeEventKind, started: datetime, hosts: Iterable[str] = ()) -> list[Planned]:
    """The clocks that ``kind`` starts. A sending also starts those of the receipt, and each platform's own answer."""
    day = started.astimezone(ZoneInfo(regime.zone)).date()
    running = regime.clocks_on(day)
    planned = [_plan(regime, clock, started) for clock in running if clock.starts_on is kind]
    if kind is NoticeEventKind.SENT:
        received = [clock for clock in running if clock.starts_on is NoticeEventKind.RECEIVED]
        planned += [_plan(regime, clock, started, FROM_THE_SENDING) for clock in received]
        planned += [_plan_answer(regime, one, started) for one in _iter_platforms(regime, hosts)]
    return planned


def _plan(regime: Regime, clock: Clock, started: datetime, note: str = "") -> Planned:
    due, trouble = _count(regime, clock.amount, clock.unit, started)
    rule = _rule(regime, clock.basis, clock.amount, clock.unit) | {
        "title": dict(clock.title),
        "ends_on": [str(kind) for kind in clock.ends_on],
    }
    return Planned(clock.id, clock.who, due, clock.at_least, rule, trouble or note)


def _plan_answer(regime: Regime, platform: Platform, started: datetime) -> Planned:
    amount = platform.answer_days or 0
    due, trouble = _count(regime, amount, platform.answer_unit, started)
    rule = _rule(regime, platform.basis, amount, platform.answer_unit) | {
        "title": {"en": f"Answer of {platform.title['en']}", "zh": f"{platform.title['zh']}答复"},
        "ends_on": [str(kind) for kind in _ANSWERS],
    }
    return Planned(f"answer_{platform.id}"[:60], "platform", due, False, rule, trouble)


def _iter_platforms(regime: Regime, hosts: Iterable[str]) -> Iterator[Platform]:
    found = {platform.id: platform for host in hosts if (platform := regime.platform_of(host)) is not None}
    yield from (platform for platform in found.values() if platform.answer_days)


def _count(regime: Regime, amount: int, unit: ClockUnit, started: datetime) -> tuple[datetime | None, str]:
    try:
        return due_at(amount, unit, started, zone=regime.zone, jurisdiction=regime.jurisdiction), ""
    except CalendarEnds as error:
        return None, str(error)


def _rule(regime: Regime, basis: LegalBasis, amount: int, unit: ClockUnit) -> dict[str, JSON]:
    return {
        "regime": regime.rule_id,
        "zone": regime.zone,
        "amount": amount,
        "unit": str(unit),
        "law": dict(basis.law),
        "article": basis.article,
        "source": basis.source,
        "verified": basis.verified,
        "note": dict(basis.note),
    }
