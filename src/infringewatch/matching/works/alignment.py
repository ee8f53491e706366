"""Dense alignment of hinted neighbourhoods: from a chain of seeds to passages with exact ends.

Short grams (4 Han characters or 9 letters) that lie near the chain's line are matched, then cut where both texts
part for long, and joined again where the work goes on after something was inserted into the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Codes, weight_of
from infringewatch.matching.works.chains import Chain
from infringewatch.matching.works.fingerprints import NO_GRAM, Parameters, gram_hashes

_DENSE = Parameters(wide_gram=4, letter_gram=9)
_REACH = 600  # Han characters looked at beyond a chain's ends
_SLIP = 60
_GAP = 60
_INSERTED = 600  # so much may have been inserted into the page where the work goes on
_LEAST = 30  # a passage has at least so many Han characters
_MOST_EQUAL = 8

WorkCodes = Callable[[int, int], Codes]


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Canonical ranges, half open, that run along each other; ``anchors`` are pairs of places with equal grams."""

    page_start: int
    page_end: int
    work_start: int
    work_end: int
    anchors: NDArray[np.int64]

    def holds(self, page: int, work: int) -> bool:
        return self.page_start <= page < self.page_end and self.work_start <= work < self.work_end


def find_passages(page: Codes, chains: list[Chain], work_codes: WorkCodes, unit: float) -> list[Passage]:
    """Passages of one work in the page's order. ``chains``: the longest first. A place of the page belongs to one
    passage only: to the one that was found first."""
    found: list[Passage] = []
    for chain in chains:
        middle = len(chain) // 2
        if any(p.page_start <= chain.page[middle] < p.page_end for p in found):
            continue
        for passage in _align(page, chain, work_codes, unit):
            if not any(p.page_start < passage.page_end and passage.page_start < p.page_end for p in found):
                found.append(passage)
    kept = _join(sorted(found, key=lambda p: p.page_start), unit)
    return [p for p in kept if weight_of(page[p.page_start : p.page_end]) >= _LEAST]


def _align(page: Codes, chain: Chain, work_codes: WorkCodes, unit: float) -> list[Passage]:
    reach, slip = int(_REACH * unit), int(_SLIP * unit)
    page_from, page_to = max(chain.page[0] - reach, 0), chain.page[-1] + reach
    work_from, work_to = max(chain.work[0] - reach - slip, 0), chain.work[-1] + reach + slip
    ours = gram_hashes(page[page_from:page_to], _DENSE)
    theirs = gram_hashes(work_codes(work_from, work_to), _DENSE)
    places, others = _equal_grams(ours, theirs)
    places, others = places + page_from, others + work_from
    line = np.interp(places, chain.page, np.subtract(chain.work, chain.page))
    off = np.abs(others - places - line)
    places, others = _one_for_each(places[off <= slip], others[off <= slip], off[off <= slip])
    places, others = _rising(places, others)
    return [] if not len(places) else _cut(page, places, others, unit)


def _equal_grams(ours: NDArray[np.uint64], theirs: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in ours and theirs with the same gram; grams that repeat often are left out."""
    order = np.argsort(theirs, kind="stable")
    sorted_ = theirs[order]
    low, high = np.searchsorted(sorted_, ours, "left"), np.searchsorted(sorted_, ours, "right")
    count = np.where((high - low <= _MOST_EQUAL) & (ours != NO_GRAM), high - low, 0)
    places = np.repeat(np.arange(len(ours)), count)
    within = np.arange(len(places)) - np.repeat(np.cumsum(count) - count, count)
    return places, order[np.repeat(low, count) + within] if len(places) else places


def _one_for_each(
    places: NDArray[np.int64], others: NDArray[np.int64], off: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of several partners the one nearest to the line."""
    order = np.lexsort((off, places))
    places, others = places[order], others[order]
    first = np.ones(len(places), dtype=np.bool_)
    first[1:] = places[1:] != places[:-1]
    return places[first], others[first]


def _rising(places: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Drop partners that stand alone against their neighbours' order, then those that run backwards."""
    if len(places) > 2:
        step = others - places
        lonely = np.minimum(np.abs(np.diff(step, prepend=step[1])), np.abs(np.diff(step, append=step[-2]))) > 25
        places, others = places[~lonely], others[~lonely]
    if not len(places):
        return places, others
    highest = np.maximum.accumulate(others)
    ahead = np.concatenate([[True], others[1:] > highest[:-1]])
    return places[ahead], others[ahead]


def _cut(page: Codes, places: NDArray[np.int64], others: NDArray[np.int64], unit: float) -> list[Passage]:
    """Cut where the work leaps, or where the page goes on long without it."""
    gap, inserted = int(_GAP * unit), int(_INSERTED * unit)
    across, along = np.diff(places), np.diff(others)
    breaks = (along > gap) & (np.abs(along - across) > gap / 2) | (across > inserted) | (along > 4 * gap)
    passages = []
    for piece in np.split(np.arange(len(places)), np.flatnonzero(breaks) + 1):
        last = int(piece[-1])
        size = _DENSE.wide_gram if page[places[last]] >= 0x2E80 else _DENSE.letter_gram
        anchors = np.stack([places[piece], others[piece]])
        if len(piece) >= 3:
            ends = int(places[last]) + size, int(others[last]) + size
            passages.append(Passage(int(anchors[0, 0]), ends[0], int(anchors[1, 0]), ends[1], anchors))
    return passages


def _join(passages: list[Passage], unit: float) -> list[Passage]:
    """Neighbours between which the work goes on are one passage, whatever was put between them on the page."""
    joined: list[Passage] = []
    for passage in passages:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, passage, unit):
            anchors = np.concatenate([before.anchors, passage.anchors], axis=1)
            joined[-1] = Passage(before.page_start, passage.page_end, before.work_start, passage.work_end, anchors)
        else:
            joined.append(passage)
    return joined


def _goes_on(before: Passage, after: Passage, unit: float) -> bool:
    along, across = after.work_start - before.work_end, after.page_start - before.page_end
    return -10 * unit <= along <= _GAP * unit and across <= _INSERTED * unit
