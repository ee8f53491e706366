"""Document frequency: what stands in works of several owners is a commonplace, not one owner's text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Codes, weight_of
from infringewatch.matching.works.segments import Passage

COMMON_OWNERS = 3
_LONGEST = 1500.0
"""In Han characters. A longer passage is no quotation: it is a work that was registered several times."""


def find_commonplaces(page: Codes, passages: Sequence[tuple[str, Sequence[Passage]]]) -> NDArray[np.bool_]:
    """Which characters of the page stand in works of at least three owners. ``passages``: (owner, those of a work)."""
    owners: dict[str, NDArray[np.bool_]] = {}
    for owner, found in passages:
        held = owners.setdefault(owner, np.zeros(len(page), dtype=np.bool_))
        for passage in found:
            if weight_of(page[passage.page_start : passage.page_end]) <= _LONGEST:
                held[passage.page_start : passage.page_end] = True
    times = np.zeros(len(page), dtype=np.int64)
    for held in owners.values():
        times += held
    return times >= COMMON_OWNERS
