"""What happens to a sent notice, and the clocks that start and end on it. Each happening is a row of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.errors import InputError, NotAllowed
from infringewatch.model import JSON, NoticeEventKind, NoticeState
from infringewatch.store.access import may_decide
from infringewatch.store.models import Deadline, Notice, NoticeEvent, User

_COUNTED_ANEW = {NoticeEventKind.RECEIVED: NoticeEventKind.SENT}


@dataclass(frozen=True, slots=True)
class Planned:
    """A clock as an event starts it; ``rule`` is the law as it stands that day, ``ends_on`` within it."""

    clock: str
    who: str
    due_at: datetime | None
    at_least: bool
    rule: Mapping[str, JSON]
    note: str = ""


def record_happening(
    notice: Notice,
    kind: NoticeEventKind,
    text: str,
    happened_at: datetime,
    user: User,
    now: datetime,
    clocks: Sequence[Planned],
) -> NoticeEvent:
    """Keep what a person tells of a sent notice. Raises NotAllowed where it is not out or the role may not tell,
    InputError for a time that cannot be."""
    if not may_decide(user):
        raise NotAllowed("your role may not record this")
    if kind in (NoticeEventKind.SENT, NoticeEventKind.WITHDRAWN):
        raise InputError("sending and withdrawing are recorded by doing them")
    if happened_at > now or (notice.sent_at is not None and happened_at.date() < notice.sent_at.date()):
        raise InputError("this can only have happened between the sending and now")
    with transaction.atomic():
        standing = Notice.objects.select_for_update().get(pk=notice.pk)
        if standing.state != NoticeState.SENT:
            raise NotAllowed("this notice is not out")
        event = record_event(notice, kind, text, Actor.of(user), happened_at, now, clocks)
        data = {"event": event.pk, "kind": str(kind), "happened_at": happened_at.isoformat()}
        record_audit(Actor.of(user), "notice.event", f"notice {notice.pk}", data, now)
    return event


def record_event(
    notice: Notice,
    kind: NoticeEventKind,
    text: str,
    actor: Actor,
    happened_at: datetime,
    now: datetime,
    clocks: Sequence[Planned] = (),
) -> NoticeEvent:
    """Add the row, end the clocks that it meets, start its own. Call inside a transaction."""
    event = NoticeEvent.objects.create(
        notice=notice, kind=kind, happened_at=happened_at, recorded_at=now, recorded_by=actor.name, text=text
    )
    for running in Deadline.objects.filter(notice=notice, met_at=None, ended_at=None):
        if kind in running.rule.get("ends_on", ()):
            Deadline.objects.filter(pk=running.pk).update(met_at=happened_at)
    _end_earlier_counts(notice, kind, clocks, now)
    Deadline.objects.bulk_create(
        Deadline(
            notice=notice, event=event, clock=one.clock, who=one.who, due_at=one.due_at, at_least=one.at_least,
            rule=dict(one.rule), note=one.note,
        )
        for one in clocks
    )  # fmt: skip
    return event


def end_deadlines(notice: Notice, now: datetime) -> None:
    """The notice is withdrawn: nothing of it is waited for any more. Call inside a transaction."""
    Deadline.objects.filter(notice=notice, met_at=None, ended_at=None).update(ended_at=now)


def _end_earlier_counts(notice: Notice, kind: NoticeEventKind, clocks: Sequence[Planned], now: datetime) -> None:
    """A limit that was counted from the sending is counted anew once the platform has said when it received it."""
    earlier = _COUNTED_ANEW.get(kind, kind)
    names = [one.clock for one in clocks]
    Deadline.objects.filter(
        notice=notice, met_at=None, ended_at=None, clock__in=names, event__kind__in=(kind, earlier)
    ).update(ended_at=now)
