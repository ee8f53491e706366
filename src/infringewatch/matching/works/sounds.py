"""Characters of one sound as one: for aligning, where a homophone is as good as the character that it stands for."""

from __future__ import annotations

from functools import cache

import numpy as np

from infringewatch.matching.marks.tables import CODE_POINTS, PINYIN_BASE, get_tables
from infringewatch.matching.works.canonical import Codes


def fold_sounds(codes: Codes) -> Codes:
    """Each Han character as the code of its first reading without tone; what has none stays. All stay as wide as they were."""
    return _table()[codes]


@cache
def _table() -> Codes:
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    syllable = get_tables().syllable[0]
    has = np.flatnonzero(syllable)
    table[has] = PINYIN_BASE + syllable[has].astype(np.uint32)
    return table
