"""Notices: drafted, let through by the gate, sent. Each step is a conditional update by ``NOTICE_FOLLOWS``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.decisions import move_hit
from infringewatch.actions.due import plan_rechecks
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import NOTICE_FOLLOWS, GatePass, HitState, NoticeState
from infringewatch.store.access import may_decide, may_send
from infringewatch.store.models import Case, Hit, Notice, User


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` is what would be sent; ``fields`` what a person filled in for it."""

    channel: str
    recipient: str
    fields: Mapping[str, str]
    text: str


def draft(case: Case, content: Draft, user: User, now: datetime) -> Notice:
    """Keep a new draft of a case that the caller has fetched through ``store.access``."""
    if not may_decide(user):
        raise NotAllowed("your role may not draft notices")
    with transaction.atomic():
        notice = Notice.objects.create(
            case=case,
            regime=case.regime,
            channel=content.channel[:30],
            recipient=content.recipient[:300],
            fields=dict(content.fields),
            text=content.text,
            text_sha256=_sha256(content.text),
            drafted_by=user,
            drafted_at=now,
        )
        record_audit(Actor.of(user), "notice.drafted", f"notice {notice.pk}", {"sha256": notice.text_sha256}, now)
    return notice


def queue(notice: Notice, gate_pass: GatePass, user: User, now: datetime) -> None:
    """Let a draft through. Raises NotAllowed where the pass names another text, StaleState where it moved on."""
    if not may_decide(user):
        raise NotAllowed("your role may not let notices through")
    if gate_pass.text_sha256 != notice.text_sha256 or gate_pass.regime != notice.regime:
        raise NotAllowed("the gate passed another text than this one")
    record = asdict(gate_pass) | {"passed_at": gate_pass.passed_at.isoformat()}
    with transaction.atomic():
        _move(notice, NoticeState.DRAFT, NoticeState.QUEUED, gate=record, queued_at=now)
        record_audit(Actor.of(user), "notice.queued", f"notice {notice.pk}", {"sha256": notice.text_sha256}, now)


def mark_sent(notice: Notice, reference: str, user: User, now: datetime, *, recheck_days: Sequence[int]) -> None:
    """Record that a person has sent a queued notice: its hits are noticed, and looked at again on ``recheck_days``.

    Raises NotAllowed for a role that may not send or a text that the gate did not pass.
    """
    if not may_send(user):
        raise NotAllowed("a trainee may draft notices but not send them")
    passed = (notice.gate or {}).get("text_sha256")
    if passed != notice.text_sha256 or _sha256(notice.text) != notice.text_sha256:
        raise NotAllowed("the gate has not passed this text")
    with transaction.atomic():
        _move(notice, NoticeState.QUEUED, NoticeState.SENDING)
        _move(
            notice,
            NoticeState.SENDING,
            NoticeState.SENT,
            sent_at=now,
            sent_by=user.username,
            reference=reference[:200],
        )
        _notice_hits(notice, user, now, recheck_days)
        record_audit(
            Actor.of(user),
            "notice.sent",
            f"notice {notice.pk}",
            {"sha256": notice.text_sha256, "reference": reference[:200]},
            now,
        )


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
            _unnotice_hits(notice, user, now)
        record_audit(
            Actor.of(user), "notice.withdrawn", f"notice {notice.pk}", {"was": str(before), "reason": reason}, now
        )


def _notice_hits(notice: Notice, user: User, now: datetime, days: Sequence[int]) -> None:
    for hit in Hit.objects.select_for_update().filter(cases=notice.case_id):
        if hit.state == HitState.INFRINGING:
            move_hit(hit, HitState.NOTICED, Actor.of(user), now, f"notice {notice.pk}")
        plan_rechecks(hit, days, f"after notice {notice.pk}", actor=Actor.of(user), now=now)


def _unnotice_hits(notice: Notice, user: User, now: datetime) -> None:
    """The hits that no other sent notice names are infringing again, and may be noticed anew."""
    others = Notice.objects.filter(state=NoticeState.SENT).exclude(pk=notice.pk)
    for hit in Hit.objects.select_for_update().filter(cases=notice.case_id, state=HitState.NOTICED):
        if not others.filter(case__hits=hit).exists():
            move_hit(hit, HitState.INFRINGING, Actor.of(user), now, f"notice {notice.pk} withdrawn")


def _move(notice: Notice, before: NoticeState, after: NoticeState, **changes: Any) -> None:
    if after not in NOTICE_FOLLOWS[before]:
        raise NotAllowed(f"a notice that is {before} cannot become {after}")
    moved = Notice.objects.filter(pk=notice.pk, state=before, text_sha256=notice.text_sha256)
    if not moved.update(state=after, **changes):
        raise StaleState("this notice has moved on in the meantime")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
