"""Permissions that come from a decision. Adding one re-routes hits that are not yet decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.outbox import announce_hits
from infringewatch.errors import NotAllowed
from infringewatch.model import HitState, Queue
from infringewatch.permissions import SELLER_FIELDS
from infringewatch.permissions import covers as row_covers
from infringewatch.store.access import may_decide
from infringewatch.store.models import AllowEntry, Hit, Right, User


@dataclass(frozen=True, slots=True)
class Permission:
    """What is allowed: ``column`` is ``authorised_sellers`` or ``licensed_hosts``."""

    column: str
    value: str
    valid_from: date | None = None
    valid_until: date | None = None
    reason: str = ""


def allow(right: Right, permission: Permission, user: User, now: datetime) -> AllowEntry:
    """Add a permission to a right, and put the undecided hits that it covers aside as authorised."""
    if not may_decide(user):
        raise NotAllowed("your role may not add permissions")
    row_id = f"{right.registration_no}/{permission.column}/{permission.value}"
    with transaction.atomic():
        entry, made = AllowEntry.objects.update_or_create(
            right=right,
            row_id=row_id,
            defaults={
                "column": permission.column,
                "value": permission.value,
                "valid_from": permission.valid_from,
                "valid_until": permission.valid_until,
                "reason": permission.reason,
                "from_list": False,
                "created_by": user.username,
                "created_at": now,
                "ended_at": None,
            },
        )
        rerouted = reroute_hits(entry, now)
        record_audit(
            Actor.of(user), "allow.added", f"right {right.pk}", {"row": row_id, "new": made, "rerouted": rerouted}, now
        )
    return entry


def reroute_hits(entry: AllowEntry, now: datetime) -> int:
    """Put the undecided hits of this right that ``entry`` covers aside; returns how many. In a transaction."""
    hits = [hit for hit in _undecided(entry) if covers(entry, hit)]
    for hit in hits:
        hit.queue, hit.suppressed_by = Queue.AUTHORISED, entry.row_id
        hit.revision += 1
    Hit.objects.bulk_update(hits, ["queue", "suppressed_by", "revision"])
    announce_hits(hits, now)
    return len(hits)


def covers(entry: AllowEntry, hit: Hit) -> bool:
    """Whether the permission names a seller of this hit or its place, on the day the hit was last seen."""
    day = hit.last_seen.date()
    if (entry.valid_from and day < entry.valid_from) or (entry.valid_until and day > entry.valid_until):
        return False
    names = [hit.seller, *(str(hit.item.get(field, "")) for field in SELLER_FIELDS)]
    return row_covers(entry.column, entry.value, names, hit.canonical_url)


def _undecided(entry: AllowEntry) -> list[Hit]:
    open_states = (HitState.NEW, HitState.UNSURE)
    return list(
        Hit.objects.select_for_update()
        .filter(right_id=entry.right_id, state__in=open_states)
        .exclude(queue=Queue.AUTHORISED)
    )
