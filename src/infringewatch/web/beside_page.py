"""Everything that the side-by-side page of a copied-text hit shows, from the sealed evidence and the library."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from infringewatch.errors import EvidenceError, NotFound
from infringewatch.evidence.manifest import read_file
from infringewatch.evidence.vault import Vault
from infringewatch.store.models import Hit, Sighting
from infringewatch.web.beside import lay_beside
from infringewatch.web.words import word
from infringewatch.web.works import work_as_judged


@dataclass(frozen=True, slots=True)
class SeenText:
    """The text as it was judged. ``fault`` says why it is not the sealed one."""

    text: str
    fault: str = ""


def gather_beside(hit: Hit, sighting_id: int | None, vault: Vault) -> dict[str, Any]:
    """The template's context. Raises NotFound where no text of this hit was copied, or it has no such sighting."""
    sightings = [one for one in latest_sightings(hit) if has_passages(one.finding)]
    chosen = [one for one in sightings if one.pk == sighting_id] if sighting_id else sightings[:1]
    if not chosen:
        raise NotFound("no copied text is recorded for this hit")
    sighting = chosen[0]
    seen = read_sealed_text(vault, sighting)
    work = work_as_judged(hit.right, sighting.seen_at)
    place = sightings.index(sighting)
    details = sighting.finding.get("details", {})
    return {
        "hit": hit,
        "sighting": sighting,
        "sightings": in_reading_order(sightings),
        "previous": sightings[place - 1] if place else None,
        "following": sightings[place + 1] if place + 1 < len(sightings) else None,
        "fault": seen.fault,
        "has_work": work is not None,
        "laid": lay_beside(seen.text, work, sighting.finding),
        "details": details,
        "passages": details.get("passages", ()),
        "kinds": [(kind, word(kind), times) for kind, times in _by_times(details.get("kinds", {}))],
        "renamings": details.get("renamings", ()),
        "chapters": [name for name in details.get("chapters", ()) if name],
    }


def latest_sightings(hit: Hit) -> list[Sighting]:
    """The newest sighting of each address of the hit, in the order in which a reader meets the chapters."""
    newest: dict[str, Sighting] = {}
    for one in hit.sightings.select_related("bundle").order_by("seen_at", "pk"):
        newest[one.url_hash] = one
    return in_reading_order(list(newest.values()))


def in_reading_order(sightings: list[Sighting]) -> list[Sighting]:
    return sorted(sightings, key=lambda one: (one.item.get("position") is None, one.item.get("position") or 0, one.url))


def has_passages(finding: dict[str, Any]) -> bool:
    return any(len(span) > 4 and span[2] == "text" for span in finding.get("spans", ()))


def read_sealed_text(vault: Vault, sighting: Sighting) -> SeenText:
    """The text that was judged, out of the sealed bundle's ``item.json``; the store's copy where that cannot be read."""
    try:
        content, _ = read_file(vault, sighting.bundle_id, "item.json")
        items = {item["id"]: item for item in json.loads(content)}
        return SeenText(str(items[sighting.finding["item_id"]].get("text", "")))
    except (EvidenceError, KeyError, ValueError, TypeError) as error:
        return SeenText(str(sighting.item.get("text", "")), str(error))


def _by_times(kinds: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(kinds.items(), key=lambda row: -row[1])
