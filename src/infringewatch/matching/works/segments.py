"""Where a passage begins and ends: runs of equal grams along one line, scored, and cut where they stop to pay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Codes, is_wide
from infringewatch.matching.works.chains import Chain
from infringewatch.matching.works.fingerprints import Parameters

DENSE = Parameters(wide_gram=4, letter_gram=9)
INSERTED = 600
"""So many Han characters may have been inserted into the page where the work goes on."""
_LEAP = 150  # so much of the work may be left out within a passage
_DROP = 40.0
_UNKNOWN = 0.5  # what a character loses in a stretch of different lengths
_UNEVEN, _MOST_UNEVEN = 0.1, 10.0
_RUN_ON = 40
_LEAST_SCORE = 12.0
_STRAIGHT, _FEWEST_STRAIGHT = 0.97, 30


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


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Both texts of one hinted neighbourhood; ``work`` begins at ``work_from``, ``taken`` says what other passages hold."""

    page: Codes
    work: Codes
    work_from: int
    taken: NDArray[np.bool_]
    unit: float

    def straight(self, chain: Chain, page_from: int, page_to: int) -> Passage | None:
        """The passage of a chain on one line where nearly all is equal, as in a plain copy: no gram is needed."""
        lines = np.subtract(chain.work, chain.page)
        line = int(lines[0])
        if (lines != line).any():
            return None
        start = max(page_from, self.work_from - line)
        end = min(page_to, len(self.page), self.work_from + len(self.work) - line)
        equal = self.page[start:end] == self.work[start + line - self.work_from : end + line - self.work_from]
        equal &= ~self.taken[start:end]
        score = np.concatenate([[0], np.cumsum(np.where(equal, 1, -1))])
        first, last = chain.page[0] - start, chain.page[-1] - start
        low, high = int(np.argmin(score[: first + 1])), last + int(np.argmax(score[last:]))
        if high - low < _FEWEST_STRAIGHT or equal[low:high].mean() < _STRAIGHT:
            return None
        anchors = np.flatnonzero(equal[low:high]) + low + start
        return Passage(
            low + start, high + start, low + start + line, high + start + line, np.stack([anchors, anchors + line])
        )

    def segments(self, places: NDArray[np.int64], others: NDArray[np.int64]) -> list[tuple[int, int]]:
        """Ranges of anchors that score well: an equal character gains one, a changed one loses one.

        A range ends where its score has fallen by ``_DROP`` below its best, where the work leaps, or where the page
        goes on long without it.
        """
        starts = np.flatnonzero(np.concatenate([[True], (np.diff(places) != 1) | (np.diff(others) != 1)]))
        ends = np.append(starts[1:], len(places))
        size = self._gram_sizes(places[ends - 1])
        gain = (ends - starts + size - 1).astype(np.float64)
        between, broken = self._between(
            places[ends - 1] + size, others[ends - 1] + size, places[starts], others[starts]
        )
        found = []
        for first, last in _best_ranges(
            gain.tolist(), between.tolist(), broken.tolist(), _DROP * self.unit, _LEAST_SCORE * self.unit
        ):
            found.append((int(starts[first]), int(ends[last])))
        return found

    def _between(
        self,
        page_ends: NDArray[np.int64],
        work_ends: NDArray[np.int64],
        page_starts: NDArray[np.int64],
        work_starts: NDArray[np.int64],
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """What lies between a run of equal characters and the next: its score, and whether the passage ends there."""
        across, along = page_starts[1:] - page_ends[:-1], work_starts[1:] - work_ends[:-1]
        shorter = np.minimum(across, along)
        score = np.where(shorter > 0, -_UNKNOWN * shorter, shorter).astype(np.float64)
        straight = np.flatnonzero((across == along) & (across > 0) & (across <= 2 * _DROP * self.unit))
        score[straight] = self._straight(page_ends[straight], work_ends[straight], across[straight])
        uneven = np.abs(across - along)
        score -= np.minimum(uneven * _UNEVEN, _MOST_UNEVEN * self.unit)
        held = np.concatenate([[0], np.cumsum(self.taken)])
        broken = (along > _LEAP * self.unit) | (across > INSERTED * self.unit)
        return score, broken | (held[page_starts[1:]] > held[np.minimum(page_ends[:-1], page_starts[1:])])

    def _straight(
        self, page_from: NDArray[np.int64], work_from: NDArray[np.int64], sizes: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """The score of stretches of one size on both sides, compared place by place."""
        if not len(sizes):
            return np.zeros(0)
        firsts = np.cumsum(sizes) - sizes
        within = np.arange(int(sizes.sum())) - np.repeat(firsts, sizes)
        ours = self.page[np.repeat(page_from, sizes) + within]
        theirs = self.work[np.repeat(work_from, sizes) - self.work_from + within]
        return np.add.reduceat(np.where(ours == theirs, 1.0, -1.0), firsts)

    def passage(self, places: NDArray[np.int64], others: NDArray[np.int64]) -> Passage:
        """The passage of these anchors; its ends run on as long as that pays."""
        p0, q0 = int(places[0]), int(others[0])
        size = int(self._gram_sizes(places[-1:])[0])
        p1, q1 = int(places[-1]) + size, int(others[-1]) + size
        before = self._run_on(p0 - 1, q0 - 1, -1)
        after = self._run_on(p1, q1, 1)
        return Passage(p0 - before, p1 + after, q0 - before, q1 + after, np.stack([places, others]))

    def _gram_sizes(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.where(is_wide(self.page[places]), DENSE.wide_gram, DENSE.letter_gram)

    def _run_on(self, place: int, other: int, step: int) -> int:
        other -= self.work_from
        reach = int(_RUN_ON * self.unit)
        size = min(reach, *((len(self.page) - place, len(self.work) - other) if step > 0 else (place + 1, other + 1)))
        if size <= 0:
            return 0
        ours = self.page[place : place + size] if step > 0 else self.page[place + 1 - size : place + 1][::-1]
        theirs = self.work[other : other + size] if step > 0 else self.work[other + 1 - size : other + 1][::-1]
        held = self.taken[place : place + size] if step > 0 else self.taken[place + 1 - size : place + 1][::-1]
        score = np.cumsum(np.where(ours == theirs, 1.0, -1.0) - np.where(held, 1e6, 0.0))
        best = int(np.argmax(score))
        return best + 1 if score[best] > 0 else 0


def _best_ranges(
    gain: list[float], between: list[float], broken: list[bool], drop: float, least: float
) -> list[tuple[int, int]]:
    """Ranges of runs, last one included: ``between[i]`` and ``broken[i]`` stand between runs i and i + 1."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(gain):
        score = best = gain[first]
        last, index = first, first + 1
        while index < len(gain) and not broken[index - 1]:
            score += between[index - 1]
            if score < best - drop or score <= 0:
                break
            score += gain[index]
            if score > best:
                best, last = score, index
            index += 1
        if best >= least:
            found.append((first, last))
        first = last + 1
    return found
