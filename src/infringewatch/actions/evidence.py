"""Records that sealed evidence left the house. Sealing and checking are the evidence room's work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit

EXPORTED = "evidence.exported"


def record_export(actor: Actor, hit_id: int, bundles: Sequence[str], zip_sha256: str, now: datetime) -> None:
    """Writes who took which bundles of a hit out, and the hash of the ZIP that holds them."""
    with transaction.atomic():
        record_audit(actor, EXPORTED, f"hit {hit_id}", {"bundles": list(bundles), "zip_sha256": zip_sha256}, now)
