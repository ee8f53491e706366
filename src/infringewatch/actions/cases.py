"""Cases: hits that are pursued together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.errors import InputError, NotAllowed, NotFound, StaleState
from infringewatch.model import HitState, NoticeState
from infringewatch.store.access import may_decide
from infringewatch.store.models import Case, Deadline, Hit, User

_PURSUED = (HitState.INFRINGING, HitState.NOTICED)
_UNDER_WAY = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.UNCERTAIN)
_OUT = (*_UNDER_WAY, NoticeState.SENT)


def open_case(hits: Sequence[Hit], regime: str, title: str, user: User, now: datetime) -> Case:
    """Open a case on hits that the caller has fetched through ``store.access``; a ``title`` is made where it is empty.

    Raises NotAllowed where the user's role or a hit that nobody found infringing forbids it, InputError where
    the hits belong to several right holders, or to several sellers on several sites.
    """
    if not may_decide(user):
        raise NotAllowed("your role may not open cases")
    _check_together(hits)
    with transaction.atomic():
        case = Case.objects.create(
            tenant_id=hits[0].tenant_id,
            title=(title or _title_of(hits))[:300],
            regime=regime,
            opened_by=user,
            opened_at=now,
        )
        case.hits.set(hits)
        record_audit(
            Actor.of(user),
            "case.opened",
            f"case {case.pk}",
            {"hits": sorted(hit.pk for hit in hits), "regime": regime},
            now,
        )
    return case


def add_hits(case: Case, hits: Sequence[Hit], user: User, now: datetime) -> list[Hit]:
    """Take more hits into a case; returns those that were not in it. Raises as ``open_case`` does."""
    if not may_decide(user):
        raise NotAllowed("your role may not change cases")
    with transaction.atomic():
        standing = list(Case.objects.select_for_update().get(pk=case.pk).hits.all())
        new = [hit for hit in hits if hit not in standing]
        _check_together([*standing, *new])
        case.hits.add(*new)
        _record(case, "case.hits_added", new, user, now)
    return new


def remove_hit(case: Case, hit: Hit, user: User, now: datetime) -> None:
    """Take a hit out of a case. Raises NotAllowed where a notice of the case that names it is out or under way,
    InputError for the last one."""
    if not may_decide(user):
        raise NotAllowed("your role may not change cases")
    with transaction.atomic():
        standing = list(Case.objects.select_for_update().get(pk=case.pk).hits.all())
        if hit not in standing:
            raise NotFound(f"hit {hit.pk} is not in this case")
        if len(standing) == 1:
            raise InputError("a case keeps at least one hit")
        if case.notices.filter(state__in=_OUT).exists():
            raise NotAllowed("a notice of this case has gone out or is under way: its hits stay as they were named")
        case.hits.remove(hit)
        _record(case, "case.hit_removed", [hit], user, now)


def close_case(case: Case, reason: str, user: User, now: datetime) -> None:
    """Nothing is waited for any more: running clocks end. Raises NotAllowed while a notice is on its way."""
    if not may_decide(user):
        raise NotAllowed("your role may not change cases")
    with transaction.atomic():
        if case.notices.filter(state__in=_UNDER_WAY).exists():
            raise NotAllowed("a notice of this case is on its way: send, resolve or withdraw it first")
        if not Case.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now):
            raise StaleState("this case is closed already")
        Deadline.objects.filter(notice__case=case, met_at=None, ended_at=None).update(ended_at=now)
        record_audit(Actor.of(user), "case.closed", f"case {case.pk}", {"reason": reason}, now)


def reopen_case(case: Case, user: User, now: datetime) -> None:
    """Take a closed case up again. Clocks that ended with it stay ended."""
    if not may_decide(user):
        raise NotAllowed("your role may not change cases")
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, closed_at__isnull=False).update(closed_at=None):
            raise StaleState("this case is open already")
        record_audit(Actor.of(user), "case.reopened", f"case {case.pk}", {}, now)


def _check_together(hits: Sequence[Hit]) -> None:
    if not hits or len({hit.tenant_id for hit in hits}) > 1:
        raise InputError("a case needs hits of one right holder")
    if len({hit.host for hit in hits}) > 1 and len({hit.seller for hit in hits}) > 1:
        raise InputError("a case gathers hits of one site or of one seller")
    if any(hit.state not in _PURSUED for hit in hits):
        raise NotAllowed("only hits that a person decided as infringing can be pursued")


def _title_of(hits: Sequence[Hit]) -> str:
    """The rights, and the seller or site: what the hits have in common."""
    rights = list(dict.fromkeys(hit.right.name for hit in hits))
    names = ", ".join(rights[:3]) + (" …" if len(rights) > 3 else "")
    hosts, sellers = ({getattr(hit, field) for hit in hits} for field in ("host", "seller"))
    place = next(iter(hosts)) if len(hosts) == 1 else next(iter(sellers))
    return f"{names} / {place}"


def _record(case: Case, act: str, hits: Sequence[Hit], user: User, now: datetime) -> None:
    record_audit(Actor.of(user), act, f"case {case.pk}", {"hits": sorted(hit.pk for hit in hits)}, now)
