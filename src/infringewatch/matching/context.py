"""What an item is judged with besides the list: the rules, the day, the measure, texts that everyone quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from infringewatch.model import Item, RightKind
from infringewatch.ruleset import MeasurePack, Ruleset


class Background(Protocol):
    """Texts that everyone quotes (``matching.works`` makes them): what stands there does not count as copied."""

    def covered(self, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which of the canonical characters stand in one of the texts."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """``measure`` forces the queue of works ("28" or "36"; ``None``: 28). ``day`` is the day on which rights, licences
    and permissions are looked at. ``seller_hits`` says of a seller (as the item names it) how many of its items
    were found infringing before."""

    ruleset: Ruleset
    measure: str | None
    day: date
    background: Background | None = None
    seller_hits: Mapping[str, int] = field(default_factory=dict)

    def pack_for(self, kind: RightKind, *, famous: bool = False) -> MeasurePack | None:
        """The pack that judges a right: works under 28 (or the measure of the campaign), all others under 27."""
        if kind is RightKind.COPYRIGHT:
            return self.ruleset.pack_for(kind, "36" if self.measure == "36" else "28")
        return self.ruleset.pack_for(kind, "27", famous=famous)

    def earlier_hits(self, item: Item) -> int:
        return max((self.seller_hits.get(name, 0) for name in (item.seller, item.shop) if name), default=0)
