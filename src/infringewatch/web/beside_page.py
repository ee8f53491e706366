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
from infringewatch.web.chapters import chapters_of_hit
from infringewatch.web.words import word
from infringewatch.web.works import work_as_judged


@dataclass(frozen=True, slots=True)
class SeenText:
    """The text as it was judged. ``fault`` says why it is not the sealed one."""

    text: str
    fault: str = ""


def gather_beside(hit: Hit, sighting_id: int | None, vault: Vault) -> dict[str, Any]:
    """The template's context. Raises NotFound where no text of this hit was copied, or it has no such sighting."""
    pages = [one for one in chapters_of_hit(hit) if one.covered]
    place = next((at for at, one in enumerate(pages) if sighting_id in (one.pk, None)), None)
    if place is None:
        raise NotFound("no copied text is recorded for this hit")
    sighting = hit.sightings.get(pk=pages[place].pk)
    seen = read_sealed_text(vault, sighting)
    work = work_as_judged(hit.right, sighting.seen_at)
    details = sighting.finding.get("details", {})
    return {
        "hit": hit,
        "sighting": sighting,
        "pages": pages,
        "previous": pages[place - 1] if place else None,
        "following": pages[place + 1] if place + 1 < len(pages) else None,
        "fault": seen.fault,
        "has_work": work is not None,
        "laid": lay_beside(seen.text, work, sighting.finding),
        "details": details,
        "passages": details.get("passages", ()),
        "kinds": [(kind, word(kind), times) for kind, times in _by_times(details.get("kinds", {}))],
        "renamings": details.get("renamings", ()),
        "chapters": [name for name in details.get("chapters", ()) if name],
    }


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
