"""Texts that everyone quotes: poems, proverbs, common sources. What stands there does not count as copied."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Codes, canonicalise, is_wide
from infringewatch.matching.works.fingerprints import NO_GRAM, Parameters, gram_hashes

_PARAMETERS = Parameters(wide_gram=6, letter_gram=18)
_LOW_BITS = np.uint64((1 << 22) - 1)
_HOLE = 6  # Han characters between two quoted runs that still belong to the quotation


class TextBackground:
    """A set of texts, kept as the hashes of all their grams."""

    def __init__(self, texts: Iterable[str]) -> None:
        hashes = [gram_hashes(canonicalise(text).codes, _PARAMETERS) for text in texts]
        self._hashes = np.unique(np.concatenate(hashes)) if hashes else np.zeros(0, dtype=np.uint64)
        self._bits = np.zeros(int(_LOW_BITS) + 1, dtype=np.bool_)  # whether any hash ends so: most grams fall away here
        self._bits[self._hashes & _LOW_BITS] = True

    def __len__(self) -> int:
        return len(self._hashes)

    def covered(self, codes: Codes) -> NDArray[np.bool_]:
        """Which canonical characters stand in a text of the set, small changes within a quotation included."""
        covered = np.zeros(len(codes), dtype=np.bool_)
        grams = gram_hashes(codes, _PARAMETERS)
        if not len(self._hashes) or not len(grams):
            return covered
        maybe = np.flatnonzero(self._bits[grams & _LOW_BITS])
        places = np.minimum(np.searchsorted(self._hashes, grams[maybe]), len(self._hashes) - 1)
        starts = maybe[(self._hashes[places] == grams[maybe]) & (grams[maybe] != NO_GRAM)]
        wide = is_wide(codes[starts])
        ends = starts + np.where(wide, _PARAMETERS.wide_gram, _PARAMETERS.letter_gram)
        size = len(codes) + 1
        edges = np.bincount(starts, minlength=size) - np.bincount(ends, minlength=size)
        covered = np.cumsum(edges[:-1]) > 0
        return _fill_holes(covered, _HOLE if not len(wide) or wide.mean() > 0.5 else _HOLE * 4)


def _fill_holes(covered: NDArray[np.bool_], hole: int) -> NDArray[np.bool_]:
    change = np.flatnonzero(np.diff(covered.astype(np.int8)))
    for end, start in zip(change.tolist(), change[1:].tolist(), strict=False):
        if covered[end] and start - end <= hole:
            covered[end : start + 1] = True
    return covered
