"""Cases: hits that are pursued together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.errors import InputError, NotAllowed
from infringewatch.model import HitState
from infringewatch.store.access import may_decide
from infringewatch.store.models import Case, Hit, User

_PURSUED = (HitState.INFRINGING, HitState.NOTICED)


def open_case(hits: Sequence[Hit], regime: str, title: str, user: User, now: datetime) -> Case:
    """Open a case on hits that the caller has fetched through ``store.access``.

    Raises NotAllowed where the user's role or a hit that nobody found infringing forbids it, InputError where
    the hits belong to several tenants.
    """
    if not may_decide(user):
        raise NotAllowed("your role may not open cases")
    if not hits or len({hit.tenant_id for hit in hits}) > 1:
        raise InputError("a case needs hits of one right holder")
    if any(hit.state not in _PURSUED for hit in hits):
        raise NotAllowed("only hits that a person decided as infringing can be pursued")
    with transaction.atomic():
        case = Case.objects.create(
            tenant_id=hits[0].tenant_id, title=title[:300], regime=regime, opened_by=user, opened_at=now
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
