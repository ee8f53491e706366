"""A hit and all its sealed evidence, checked or handed out as one ZIP; each handing out is a row of the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from infringewatch.actions.audit import Actor
from infringewatch.actions.evidence import EXPORTED, record_export
from infringewatch.evidence.custody import CustodyEvent
from infringewatch.evidence.package import export_bundles
from infringewatch.evidence.vault import Vault
from infringewatch.evidence.verify import VerifyReport, verify_bundle
from infringewatch.model import JSON
from infringewatch.store.models import AuditEntry, Bundle, Decision, Hit, Sighting


def find_bundles(hit: Hit) -> list[str]:
    """The ids of everything sealed for ``hit``, pages and later screenshots, the oldest first."""
    seen = Bundle.objects.filter(sightings__hit=hit) | Bundle.objects.filter(captures__hit=hit)
    return list(seen.distinct().order_by("sealed_at", "digest").values_list("digest", flat=True))


def verify_hit(hit: Hit, vault: Vault) -> list[VerifyReport]:
    """One report for each bundle of ``hit``."""
    return [verify_bundle(vault, bundle) for bundle in find_bundles(hit)]


def export_hit(hit: Hit, out: Path, *, vault: Vault, actor: Actor, now: datetime) -> str:
    """Writes the package of ``hit`` to ``out`` and records that; returns the ZIP's SHA-256.

    Raises EvidenceError when a bundle is missing or changed, or ``out`` cannot be written.
    """
    bundles = find_bundles(hit)
    export_bundles(vault, bundles, out, describe_hit(hit), now=now, actor=actor.name, events=_iter_earlier_exports(hit))
    with out.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    record_export(actor, hit.pk, bundles, sha256, now)
    return sha256


def describe_hit(hit: Hit) -> dict[str, JSON]:
    """What ``hit.json`` says: the hit as it stands, what people decided, and each sighting with its bundle.

    People are named by role, not by name: the package goes to strangers, and who decided stands in the audit log.
    """
    right = hit.right
    return {
        "hit": hit.pk,
        "right": {
            "registration_no": right.registration_no,
            "kind": right.kind,
            "name": right.name,
            "holder": right.holder,
        },
        "canonical_url": hit.canonical_url,
        "state": hit.state,
        "presence": hit.presence,
        "first_seen": hit.first_seen.isoformat(),
        "last_seen": hit.last_seen.isoformat(),
        "finding": hit.finding,
        "item": hit.item,
        "decisions": [_describe_decision(row) for row in hit.decisions.select_related("user").order_by("pk")],
        "sightings": [_describe_sighting(row) for row in hit.sightings.order_by("seen_at", "pk")],
    }


def _describe_decision(row: Decision) -> dict[str, JSON]:
    return {
        "verdict": row.verdict,
        "reason": row.reason,
        "role": row.user.role,
        "made_at": row.made_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def _describe_sighting(row: Sighting) -> dict[str, JSON]:
    return {
        "url": row.url,
        "seen_at": row.seen_at.isoformat(),
        "score": row.score,
        "level": row.level,
        "bundle": row.bundle_id,
    }


def _iter_earlier_exports(hit: Hit) -> Iterator[CustodyEvent]:
    for row in AuditEntry.objects.filter(action=EXPORTED, subject=f"hit {hit.pk}").order_by("number"):
        yield CustodyEvent(row.at, "exported earlier", row.actor, "", {"zip_sha256": row.data["zip_sha256"]})
