"""From shared prints to hints: places of a page that seem to run along a place of one work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_GAP = 1200  # Han characters between two seeds of one chain: most prints may have been destroyed
SLIP = 60
"""How many more Han characters one side may have moved on than the other between two seeds."""
_OPEN_CHAINS = 48
_FEWEST, _MANY = 2, 4
_PHRASE = 16
_FEWEST_STRAIGHT = 16


@dataclass(slots=True, eq=False)
class Chain:
    """Seeds that lie along one line: ``page[i]`` of the page against ``work[i]`` of the work, both ascending."""

    page: list[int]
    work: list[int]

    def __len__(self) -> int:
        return len(self.page)


def make_chains(page: NDArray[np.int64], work: NDArray[np.int64], unit: float) -> list[Chain]:
    """The seeds as chains, the longest first.

    ``unit`` is how many characters weigh as one Han character.
    """
    gap, slip = int(_GAP * unit), int(SLIP * unit)
    straight, rest = _straight_chains(page, work, gap)
    page, work = page[rest], work[rest]
    on_line: dict[int, Chain] = {}
    open_chains: list[Chain] = []
    done: list[Chain] = []
    order = np.lexsort((work, page))
    for p, q in zip(page[order].tolist(), work[order].tolist(), strict=True):
        best = on_line.get(q - p)
        if best is None or not 0 < p - best.page[-1] <= gap or q - p != best.work[-1] - best.page[-1]:
            best = _nearest(open_chains, p, q, gap, slip)
        if best is None:
            best = Chain([], [])
            open_chains.append(best)
            if len(open_chains) > _OPEN_CHAINS:
                done.append(open_chains.pop(0))
        best.page.append(p)
        best.work.append(q)
        on_line[q - p] = best
    return sorted(straight + done + open_chains, key=len, reverse=True)


def _nearest(open_chains: list[Chain], p: int, q: int, gap: int, slip: int) -> Chain | None:
    """The chain whose end lies nearest to the seed's line."""
    best, least = None, slip + 1
    for chain in open_chains:
        across, along = p - chain.page[-1], q - chain.work[-1]
        if 0 < across <= gap and 0 < along <= gap + slip and abs(along - across) < least:
            best, least = chain, abs(along - across)
    return best


def is_telling(chain: Chain, unit: float) -> bool:
    """Whether a chain is more than one shared phrase: two or three seeds side by side are that."""
    return len(chain) >= _MANY or (len(chain) >= _FEWEST and chain.page[-1] - chain.page[0] >= _PHRASE * unit)


def _straight_chains(
    page: NDArray[np.int64], work: NDArray[np.int64], gap: int
) -> tuple[list[Chain], NDArray[np.bool_]]:
    """Where most seeds lie on one line, as in a plain copy, its chains at once; which seeds are left."""
    lines = np.sort(work - page)
    middle = lines[len(lines) // 2]
    on = work - page == middle
    if len(on) < _FEWEST_STRAIGHT or on.sum() * 2 < len(on):
        return [], np.ones(len(on), dtype=np.bool_)
    places = np.sort(page[on])
    pieces = np.split(places, np.flatnonzero(np.diff(places) > gap) + 1)
    return [Chain(piece.tolist(), (piece + middle).tolist()) for piece in pieces], ~on
