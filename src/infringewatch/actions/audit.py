"""The audit log: one entry for each human act and each machine batch, chained by hash.

An entry's hash is SHA-256 over the canonical JSON of the entry and the hash before it, so that a changed,
removed or inserted entry breaks the chain at its number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from infringewatch.errors import Fault
from infringewatch.model import JSON
from infringewatch.store.models import AuditEntry, AuditHead, User

FIRST_HASH = "0" * 64
MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person by user name, or the machine."""

    name: str

    @classmethod
    def of(cls, user: User) -> Actor:
        return cls(user.username)


MACHINE_ACTOR = Actor(MACHINE)


def record_audit(actor: Actor, action: str, subject: str, data: Mapping[str, JSON], now: datetime) -> AuditEntry:
    """Add one entry. Must be called inside the transaction of the change that it tells of.

    The head row is locked until that transaction ends, so the chain never forks.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    entry = AuditEntry(
        number=head.number + 1,
        at=now,
        actor=actor.name,
        action=action,
        subject=subject,
        data=dict(data),
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def hash_of(entry: AuditEntry) -> str:
    """The hash that ``entry`` must carry."""
    text = json.dumps(
        [
            entry.number,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.action,
            entry.subject,
            entry.data,
            entry.previous_hash,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(text.encode()).hexdigest()


def iter_faults() -> Iterator[Fault]:
    """Walk the whole chain and yield each place where it does not hold."""
    expected_number, expected_hash = 1, FIRST_HASH
    for entry in AuditEntry.objects.order_by("number").iterator():
        if entry.number != expected_number:
            yield Fault("audit log", f"entry {expected_number} is missing", expected_number)
        elif entry.previous_hash != expected_hash:
            yield Fault("audit log", "does not continue the entry before it", entry.number)
        if hash_of(entry) != entry.hash:
            yield Fault("audit log", "was changed after it was written", entry.number)
        expected_number, expected_hash = entry.number + 1, entry.hash
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if expected_number > 1:
            yield Fault("audit log", "its recorded end was removed", expected_number)
    elif (head.number, head.hash) != (expected_number - 1, expected_hash):
        yield Fault("audit log", f"does not end at its recorded end, entry {head.number}", expected_number)
