"""Outbox rows: a change leaves one in its own transaction; the drain acknowledges them afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from infringewatch.store.models import Hit, Outbox


def announce_hits(hits: Iterable[Hit], now: datetime) -> None:
    """Say that the index must look at these hits again. Call inside the transaction of the change."""
    Outbox.objects.bulk_create(
        [Outbox(kind="hit", key=str(hit.pk), revision=hit.revision, created_at=now) for hit in hits]
    )


def acknowledge(ids: Sequence[int]) -> int:
    """Remove drained rows; returns how many were still there. Doing it twice is harmless."""
    removed, _ = Outbox.objects.filter(pk__in=ids).delete()
    return removed
