"""Who had the evidence in hand: events chained by hash, written and checked with the standard library alone.

A line is JSON with sorted keys, without spaces and in ASCII. ``hash`` is the SHA-256 of the line without it;
``previous`` is the hash of the line before, so that a changed, removed or inserted line breaks the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from infringewatch.evidence.manifest import Manifest
from infringewatch.model import JSON

FIRST_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class CustodyEvent:
    """``event`` is ``captured``, ``sealed``, ``exported`` or what a caller adds (``viewed`` …); ``at`` in UTC."""

    at: datetime
    event: str
    actor: str
    bundle: str = ""
    details: Mapping[str, JSON] = field(default_factory=dict)


def iter_bundle_events(bundle: str, manifest: Manifest) -> Iterator[CustodyEvent]:
    """What the manifest itself tells of the bundle's way."""
    actor = manifest.provenance.captured_by
    fetched_at = datetime.fromisoformat(str(manifest.page["fetched_at"]))
    yield CustodyEvent(fetched_at, "captured", actor, bundle, {"url": manifest.page["url"]})
    yield CustodyEvent(manifest.sealed_at, "sealed", actor, bundle, {"files": len(manifest.files)})


def build_custody(events: Iterable[CustodyEvent]) -> bytes:
    """The chain as JSON Lines, in the order given."""
    lines: list[str] = []
    previous = FIRST_HASH
    for event in events:
        record = {
            "at": event.at.isoformat(),
            "event": event.event,
            "actor": event.actor,
            "bundle": event.bundle,
            "details": dict(event.details),
            "previous": previous,
        }
        previous = hashlib.sha256(_line(record).encode()).hexdigest()
        lines.append(_line(record | {"hash": previous}) + "\n")
    return "".join(lines).encode()


def _line(record: Mapping[str, JSON]) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":"))
