"""From shared prints to hints: places of a page that seem to run along a place of one work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GAP = 400  # Han characters between two seeds of one chain: a third of the characters may have been replaced
_SLIP = 60  # how much more one side may have moved on than the other
_OPEN_CHAINS = 48
_FEWEST = 2


@dataclass(slots=True, eq=False)
class Chain:
    """Seeds that lie along one line: ``page[i]`` of the page against ``work[i]`` of the work, both ascending."""

    page: list[int]
    work: list[int]

    def __len__(self) -> int:
        return len(self.page)


def make_chains(page: NDArray[np.int64], work: NDArray[np.int64], unit: float) -> list[Chain]:
    """Chains of at least two seeds, the longest first. ``unit`` is how many characters weigh as one Han character."""
    gap, slip = int(_GAP * unit), int(_SLIP * unit)
    if not _has_neighbours(page, work, slip):
        return []
    open_chains: list[Chain] = []
    done: list[Chain] = []
    order = np.lexsort((work, page))
    for p, q in zip(page[order].tolist(), work[order].tolist(), strict=True):
        best, least = None, slip + 1
        for chain in open_chains:
            across, along = p - chain.page[-1], q - chain.work[-1]
            if 0 < across <= gap and 0 < along <= gap + slip and abs(along - across) < least:
                best, least = chain, abs(along - across)
                if along == across:
                    break
        if best is None:
            best = Chain([], [])
            open_chains.append(best)
            if len(open_chains) > _OPEN_CHAINS:
                done.append(open_chains.pop(0))
        best.page.append(p)
        best.work.append(q)
    return sorted((c for c in done + open_chains if len(c) >= _FEWEST), key=len, reverse=True)


def _has_neighbours(page: NDArray[np.int64], work: NDArray[np.int64], slip: int) -> bool:
    """Whether any two seeds lie near one line: most works that share a phrase with a page have none."""
    lines = np.sort(work - page)
    return bool((lines[1:] - lines[:-1] <= slip).any())
