"""Dense alignment of hinted neighbourhoods: from a chain of seeds to passages with exact ends.

Short grams (4 Han characters or 9 letters) that lie near the chain's line are matched, then cut where both texts
part for long, and joined again where the work goes on after something was inserted into the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Codes, weight_of
from infringewatch.matching.works.chains import Chain
from infringewatch.matching.works.fingerprints import NO_GRAM, Hashes, gram_hashes
from infringewatch.matching.works.segments import DENSE, INSERTED, Passage, Sides

_REACH = 600  # Han characters looked at beyond a chain's ends
_SLIP = 60
_GAP = 60
_CHANGED = 200  # so much may have been changed beyond recognition where both texts go on alike
_AROUND = 1500
_MOST_SURROUNDINGS, _LONGEST_SURROUNDINGS = 4, 20_000
_CROWD, _FEWEST_IN_CROWD, _MOST_CROWDS = 40, 6, 24
_LEAST = 30  # a passage has at least so many Han characters
_MOST_EQUAL = 8
_LOOK, _ALIKE = 60, 0.35
_LOW_BITS = np.uint64(0xFFFF)

WorkCodes = Callable[[int, int], Codes]


class DensePage:
    """A page with all its dense grams; ``unit`` is how many of its characters weigh as one Han character."""

    def __init__(self, codes: Codes, unit: float) -> None:
        self.codes, self.unit = codes, unit

    @cached_property
    def grams(self) -> Hashes:
        return gram_hashes(self.codes, DENSE)


def find_passages(dense: DensePage, chains: list[Chain], work_codes: WorkCodes) -> list[Passage]:
    """Passages of one work in the page's order. ``chains``: the longest first. A place of the page belongs to one
    passage only: to the one that was found first."""
    page, unit = dense.codes, dense.unit
    search = _Search(page, dense, np.zeros(len(page) + 1, dtype=np.bool_), work_codes, unit)
    for chain in chains:
        search.follow(chain)
    if search.found:
        search.fill()
    joined = _join(sorted(search.found, key=lambda p: p.page_start), unit)
    # A scrap that stood between two neighbours kept them apart.
    return _join([p for p in joined if _is_long(page, p, unit)], unit)


def agrees(dense: DensePage, chain: Chain, work_codes: WorkCodes) -> bool:
    """Whether both texts are alike around the middle of a chain, on its line."""
    middle = len(chain) // 2
    place, other, around = chain.page[middle], chain.work[middle], int(_LOOK * dense.unit)
    before = min(around, place, other)
    ours = dense.codes[place - before : place + around]
    theirs = work_codes(other - before, other + around)
    size = min(len(ours), len(theirs))
    return bool((ours[:size] == theirs[:size]).mean() >= _ALIKE)


def _is_long(page: Codes, passage: Passage, unit: float) -> bool:
    along = (passage.work_end - passage.work_start) / unit
    return min(weight_of(page[passage.page_start : passage.page_end]), along) >= _LEAST


@dataclass(slots=True, eq=False)
class _Search:
    """One work in one page: ``taken`` says what the passages found so far hold."""

    page: Codes
    dense: DensePage
    taken: NDArray[np.bool_]
    work_codes: WorkCodes
    unit: float
    found: list[Passage] = field(default_factory=list)

    def follow(self, chain: Chain) -> None:
        """Find the passages along a chain, unless others hold most of it already."""
        if self.taken[chain.page].sum() * 2 > len(chain):
            return
        reach, slip = int(_REACH * self.unit), int(_SLIP * self.unit)
        page_from, page_to = max(chain.page[0] - reach, 0), chain.page[-1] + reach
        work_from, work_to = max(chain.work[0] - reach - slip, 0), chain.work[-1] + reach + slip
        work = self.work_codes(work_from, work_to)
        sides = Sides(self.page, work, work_from, self.taken, self.unit)
        straight = sides.straight(chain, page_from, page_to)
        if straight is not None:
            self._keep(straight)
            return
        places, others = self._anchors(page_from, page_to, work, work_from)
        line = np.interp(places, chain.page, np.subtract(chain.work, chain.page))
        off = np.abs(others - places - line)
        near = off <= slip
        places, others = _rising(*_one_for_each(places[near], others[near], off[near]))
        for first, last in sides.segments(places, others) if len(places) else ():
            self._keep(sides.passage(places[first:last], others[first:last]))

    def _keep(self, passage: Passage) -> None:
        self.taken[passage.page_start : passage.page_end] = True
        self.found.append(passage)

    def fill(self) -> None:
        """Look for what the page has besides near the places of the work that were found: no print is needed there."""
        free = ~self.taken[:-1]
        if weight_of(self.page[free]) < 2 * _LEAST:
            return
        for start, end in self._surroundings():
            places, others = self._anchors(0, len(self.page), self.work_codes(start, end), start)
            for chain in _crowds(places, others, self.unit):
                self.follow(chain)

    def _surroundings(self) -> list[tuple[int, int]]:
        around = int(_AROUND * self.unit)
        merged: list[list[int]] = []
        for passage in sorted(self.found, key=lambda p: p.work_start):
            start, end = max(passage.work_start - around, 0), passage.work_end + around
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return [(a, b) for a, b in merged[:_MOST_SURROUNDINGS] if b - a <= _LONGEST_SURROUNDINGS * self.unit]

    def _anchors(
        self, page_from: int, page_to: int, work: Codes, work_from: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        grams = self.dense.grams[page_from:page_to]
        ours = np.where(self.taken[page_from : page_from + len(grams)], NO_GRAM, grams)
        places, others = _equal_grams(ours, gram_hashes(work, DENSE))
        return places + page_from, others + work_from


def _crowds(places: NDArray[np.int64], others: NDArray[np.int64], unit: float) -> list[Chain]:
    """Anchors that crowd along a diagonal within some hundred characters, as chains, the fullest first."""
    size, fewest = int(_CROWD * unit), int(_FEWEST_IN_CROWD * unit)
    if len(places) < fewest:
        return []
    cell = (others - places) // size * (1 << 32) + places // (size * 8)
    _, crowd, count = np.unique(cell, return_inverse=True, return_counts=True)
    chains = []
    for at in np.argsort(-count, kind="stable")[:_MOST_CROWDS].tolist():
        if count[at] < fewest:
            break
        mine = crowd == at
        rising = _rising(*_one_for_each(places[mine], others[mine], np.zeros(int(count[at]))))
        if len(rising[0]) >= fewest:
            chains.append(Chain(rising[0].tolist(), rising[1].tolist()))
    return chains


def _equal_grams(ours: Hashes, theirs: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places in ours and theirs with the same gram; grams that repeat often are left out."""
    own, other = _shared_by_bits(ours, theirs), _shared_by_bits(theirs, ours)
    wanted, known = ours[own], theirs[other]
    order = np.argsort(known)
    sorted_ = known[order]
    low, high = np.searchsorted(sorted_, wanted, "left"), np.searchsorted(sorted_, wanted, "right")
    count = np.where((high - low <= _MOST_EQUAL) & (wanted != NO_GRAM), high - low, 0)
    rows = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    return own[rows], other[order[low[rows] + within]] if len(rows) else own[rows]


def _shared_by_bits(grams: Hashes, others: Hashes) -> NDArray[np.int64]:
    """Places of grams that may stand among the others: what has no equal there mostly falls away before any sorting."""
    seen = np.zeros(1 << 16, dtype=np.bool_)
    seen[others & _LOW_BITS] = True
    return np.flatnonzero(seen[grams & _LOW_BITS])


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
    if -10 * unit <= along <= _GAP * unit and across <= INSERTED * unit:
        return True
    around = before.work_end - before.work_start + after.work_end - after.work_start
    return 0 < along <= min(_CHANGED * unit, around) and abs(along - across) <= along * 0.35 + _GAP / 3 * unit
