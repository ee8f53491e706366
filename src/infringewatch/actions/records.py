"""What the actions that record a crawl are handed: judged items, and what came of recording them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infringewatch.model import JSON, Finding, Item, Sealed

_NOT_SAID = frozenset({"id", "seen_at", "sources", "position"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding with the item it judged and the evidence that was sealed for it.

    ``right_id`` is the store's key of the right; ``url`` the canonical address that was seen,
    ``hit_url`` the one that the hit stands on (a chapter's book, else the same).
    """

    right_id: int
    tenant_id: int
    item: Item
    finding: Finding
    sealed: Sealed
    url: str
    hit_url: str
    reference_price: Decimal | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.right_id, url_hash(self.hit_url)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one batch changed. Pages that had been recorded before count nowhere."""

    pages: int
    observed: int
    sightings: int
    new_hits: tuple[int, ...]


def url_hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def seller_of(item: Item) -> str:
    """Whoever offers the item, under the name that its kind of page uses."""
    return (item.seller or item.shop or item.channel or item.publisher or item.author)[:300]


def content_hash(record: Mapping[str, JSON]) -> str:
    """A hash of what an item's record says, whenever it was seen and whatever it is called."""
    said = {key: value for key, value in record.items() if key not in _NOT_SAID}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
