"""Notices: drafted, let through by the gate, sent. Each step is a conditional update by ``NOTICE_FOLLOWS``."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from infringewatch.actions.audit import MACHINE_ACTOR, Actor, record_audit
from infringewatch.actions.decisions import move_hit
from infringewatch.actions.due import plan_rechecks
from infringewatch.actions.happenings import Planned, end_deadlines, record_event
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import BY_HAND, NOTICE_FOLLOWS, GatePass, HitState, NoticeEventKind, NoticeState
from infringewatch.store.access import may_decide, may_send
from infringewatch.store.models import Case, Hit, Notice, User

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` is what would be sent, ``hits`` what it names; ``fields`` what a person filled in for it."""

    channel: str
    recipient: str
    fields: Mapping[str, str]
    text: str
    language: str = "zh"
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True)
class Followup:
    """What follows from a sending: the days on which pages are looked at again, and the clocks that start."""

    recheck_days: Sequence[int]
    clocks: Sequence[Planned] = ()


def draft(case: Case, content: Draft, user: User, now: datetime) -> Notice:
    """Keep a new draft of a case that the caller has fetched through ``store.access``."""
    if not may_decide(user):
        raise NotAllowed("your role may not draft notices")
    with transaction.atomic():
        notice = Notice.objects.create(
            case=case,
            regime=case.regime,
            language=content.language,
            channel=content.channel[:30],
            recipient=content.recipient[:300],
            fields=dict(content.fields),
            text=content.text,
            text_sha256=_sha256(content.text),
            drafted_by=user,
            drafted_at=now,
        )
        notice.hits.set(content.hits)
        record_audit(Actor.of(user), "notice.drafted", f"notice {notice.pk}", {"sha256": notice.text_sha256}, now)
    return notice


def queue(notice: Notice, gate_pass: GatePass, user: User, now: datetime) -> None:
    """Let a draft through. Raises NotAllowed where the pass names another text, StaleState where it moved on.

    Where the channel sends by itself, letting through is sending: only who may send may do it.
    """
    if not may_decide(user):
        raise NotAllowed("your role may not let notices through")
    if notice.channel != BY_HAND and not may_send(user):
        raise NotAllowed("a trainee may draft notices but not send them")
    if gate_pass.text_sha256 != notice.text_sha256 or gate_pass.regime != notice.regime:
        raise NotAllowed("the gate passed another text than this one")
    record = asdict(gate_pass) | {"passed_at": gate_pass.passed_at.isoformat()}
    with transaction.atomic():
        _move(
            notice,
            NoticeState.DRAFT,
            NoticeState.QUEUED,
            gate=record,
            queued_at=now,
            queued_by=user.username,
            trouble="",
        )
        record_audit(Actor.of(user), "notice.queued", f"notice {notice.pk}", {"sha256": notice.text_sha256}, now)


def mark_sent(notice: Notice, reference: str, user: User, now: datetime, followup: Followup) -> None:
    """Record that a person has sent a queued notice: its hits are noticed, its clocks start.

    Raises NotAllowed for a role that may not send or a text that the gate did not pass.
    """
    _may_send(user)
    check_pass(notice)
    with transaction.atomic():
        _move(notice, NoticeState.QUEUED, NoticeState.SENDING)
        _record_sent(notice, NoticeState.SENDING, reference, Actor.of(user), now, followup)


def claim_sending(notice: Notice, owner: str, now: datetime) -> None:
    """Take a queued notice in hand for a channel. Raises StaleState where another has it, NotAllowed without a pass."""
    check_pass(notice)
    _move(notice, NoticeState.QUEUED, NoticeState.SENDING, owner=owner, lease_until=now + LEASE, trouble="")


def end_sending(notice: Notice, owner: str, reference: str, now: datetime, followup: Followup) -> None:
    """Record that the channel took the letter. Raises StaleState where the sending is no longer this owner's."""
    with transaction.atomic():
        if not Notice.objects.select_for_update().filter(pk=notice.pk, owner=owner, state=NoticeState.SENDING).exists():
            raise StaleState("this sending was taken out of our hands; a person must say whether it went out")
        _record_sent(notice, NoticeState.SENDING, reference, MACHINE_ACTOR, now, followup)


def hold_back(notice: Notice, reason: str, now: datetime) -> None:
    """A queued notice that the gate no longer passes goes back to the drafts, with the reason; it needs a new pass."""
    with transaction.atomic():
        _move(notice, NoticeState.QUEUED, NoticeState.DRAFT, gate=None, trouble=reason[:2000])
        record_audit(MACHINE_ACTOR, "notice.held_back", f"notice {notice.pk}", {"reason": reason[:2000]}, now)


def mark_uncertain(notice: Notice, reason: str, now: datetime) -> None:
    """Nobody knows whether the letter went out: it is never repeated by itself, a person resolves it."""
    with transaction.atomic():
        _move(notice, NoticeState.SENDING, NoticeState.UNCERTAIN, lease_until=None, trouble=reason[:2000])
        record_audit(MACHINE_ACTOR, "notice.uncertain", f"notice {notice.pk}", {"reason": reason[:2000]}, now)


def mark_interrupted(dead: Collection[str], now: datetime) -> list[Notice]:
    """Sendings whose process is dead (``dead``: its owners' names) or whose lease has run out become uncertain."""
    found = []
    for notice in Notice.objects.filter(state=NoticeState.SENDING):
        if notice.owner in dead or notice.lease_until is None or notice.lease_until < now:
            try:
                mark_uncertain(notice, "the sending was interrupted between the channel and our record", now)
                found.append(notice)
            except StaleState:
                continue  # its owner, or another clock, has just ended it
    return found


def resolve_sent(notice: Notice, reference: str, user: User, now: datetime, followup: Followup) -> None:
    """A person has found out that an uncertain notice did go out."""
    _may_send(user)
    with transaction.atomic():
        _record_sent(notice, NoticeState.UNCERTAIN, reference, Actor.of(user), now, followup)


def resolve_not_sent(notice: Notice, user: User, now: datetime) -> None:
    """A person has found out that an uncertain notice did not go out: it waits to be sent again."""
    _may_send(user)
    with transaction.atomic():
        _move(notice, NoticeState.UNCERTAIN, NoticeState.QUEUED, owner="", trouble="", queued_at=now)
        record_audit(Actor.of(user), "notice.not_sent", f"notice {notice.pk}", {}, now)


def withdraw(notice: Notice, reason: str, user: User, now: datetime) -> None:
    """Take a notice back, also one that was sent: then telling the platform is the person's work.

    Raises NotAllowed for a role that may not, StaleState where the notice moved on.
    """
    before = NoticeState(notice.state)
    if not may_decide(user) or (before not in (NoticeState.DRAFT, NoticeState.QUEUED) and not may_send(user)):
        raise NotAllowed("your role may not withdraw this notice")
    with transaction.atomic():
        _move(notice, before, NoticeState.WITHDRAWN)
        if before is NoticeState.SENT:
            record_event(notice, NoticeEventKind.WITHDRAWN, reason, Actor.of(user), now, now)
            end_deadlines(notice, now)
            _unnotice_hits(notice, user, now)
        record_audit(
            Actor.of(user), "notice.withdrawn", f"notice {notice.pk}", {"was": str(before), "reason": reason}, now
        )


def check_pass(notice: Notice) -> None:
    """Raises NotAllowed where the text is not the one that the gate passed."""
    passed = (notice.gate or {}).get("text_sha256")
    if passed != notice.text_sha256 or _sha256(notice.text) != notice.text_sha256:
        raise NotAllowed("the gate has not passed this text")


def _may_send(user: User) -> None:
    if not may_send(user):
        raise NotAllowed("a trainee may draft notices but not send them")


def _record_sent(
    notice: Notice, before: NoticeState, reference: str, actor: Actor, now: datetime, followup: Followup
) -> None:
    _move(
        notice, before, NoticeState.SENT,
        sent_at=now, sent_by=actor.name, reference=reference[:200], owner="", lease_until=None, trouble="",
    )  # fmt: skip
    record_event(notice, NoticeEventKind.SENT, reference, actor, now, now, followup.clocks)
    _notice_hits(notice, actor, now, followup.recheck_days)
    data = {"sha256": notice.text_sha256, "reference": reference[:200]}
    record_audit(actor, "notice.sent", f"notice {notice.pk}", data, now)


def _notice_hits(notice: Notice, actor: Actor, now: datetime, days: Sequence[int]) -> None:
    for hit in Hit.objects.select_for_update().filter(notices=notice):
        if hit.state == HitState.INFRINGING:
            move_hit(hit, HitState.NOTICED, actor, now, f"notice {notice.pk}")
        plan_rechecks(hit, days, f"after notice {notice.pk}", actor=actor, now=now)


def _unnotice_hits(notice: Notice, user: User, now: datetime) -> None:
    """The hits that no other sent notice names are infringing again, and may be noticed anew."""
    others = Notice.objects.filter(state=NoticeState.SENT).exclude(pk=notice.pk)
    for hit in Hit.objects.select_for_update().filter(notices=notice, state=HitState.NOTICED):
        if not others.filter(hits=hit).exists():
            move_hit(hit, HitState.INFRINGING, Actor.of(user), now, f"notice {notice.pk} withdrawn")


def _move(notice: Notice, before: NoticeState, after: NoticeState, **changes: Any) -> None:
    if after not in NOTICE_FOLLOWS[before]:
        raise NotAllowed(f"a notice that is {before} cannot become {after}")
    moved = Notice.objects.filter(pk=notice.pk, state=before, text_sha256=notice.text_sha256)
    if not moved.update(state=after, **changes):
        raise StaleState("this notice has moved on in the meantime")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
