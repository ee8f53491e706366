"""Permissions that come from a decision. Adding one re-routes hits that are not yet decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.outbox import announce_hits
from infringewatch.errors import NotAllowed
from infringewatch.model import Queue
from infringewatch.permissions import SELLER_FIELDS
from infringewatch.permissions import covers as row_covers
from infringewatch.store.access import OPEN_STATES, may_decide
from infringewatch.store.models import AllowEntry, Hit, Right, User

_AT_ONCE = 5000  # keys in one statement; SQLite takes 250,000 values, PostgreSQL 65,535


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
        rerouted = reroute_hits([entry], now)
        record_audit(
            Actor.of(user), "allow.added", f"right {right.pk}", {"row": row_id, "new": made, "rerouted": rerouted}, now
        )
    return entry


def reroute_hits(entries: Iterable[AllowEntry], now: datetime) -> int:
    """Put aside the undecided hits that these permissions of their rights cover; returns how many. In a transaction."""
    by_right: dict[int, list[AllowEntry]] = {}
    for entry in entries:
        by_right.setdefault(entry.right_id, []).append(entry)
    rerouted: list[Hit] = []
    for hit in _iter_undecided(list(by_right)):
        covering = next((entry for entry in by_right[hit.right_id] if covers(entry, hit)), None)
        if covering is not None:
            hit.queue, hit.suppressed_by = Queue.AUTHORISED, covering.row_id
            hit.revision += 1
            rerouted.append(hit)
    Hit.objects.bulk_update(rerouted, ["queue", "suppressed_by", "revision"], batch_size=500)
    announce_hits(rerouted, now)
    return len(rerouted)


def covers(entry: AllowEntry, hit: Hit) -> bool:
    """Whether the permission names a seller of this hit or its place, on the day the hit was last seen."""
    day = hit.last_seen.date()
    if (entry.valid_from and day < entry.valid_from) or (entry.valid_until and day > entry.valid_until):
        return False
    names = [hit.seller, *(str(hit.item.get(field, "")) for field in SELLER_FIELDS)]
    return row_covers(entry.column, entry.value, names, hit.canonical_url)


def _iter_undecided(rights: Sequence[int]) -> Iterator[Hit]:
    """The hits of these rights that wait for a person; without their findings, which nothing here asks for."""
    for start in range(0, len(rights), _AT_ONCE):
        hits = Hit.objects.filter(right_id__in=rights[start : start + _AT_ONCE], state__in=OPEN_STATES)
        yield from hits.exclude(queue=Queue.AUTHORISED).select_for_update().defer("finding").iterator()
