"""The slow reference: every gram of both texts, and a plain local alignment (Smith and Waterman 1981)."""

from __future__ import annotations

from collections import defaultdict

from infringewatch.matching.works.canonical import canonicalise

_CHANGED, _LEFT_OUT = -1, -1


def find_seeds(page: str, work: str, size: int) -> set[tuple[int, int]]:
    """All pairs of canonical places where ``size`` characters are equal."""
    ours, theirs = canonicalise(page).text, canonicalise(work).text
    places = defaultdict(list)
    for at in range(len(theirs) - size + 1):
        places[theirs[at : at + size]].append(at)
    return {(p, q) for p in range(len(ours) - size + 1) for q in places.get(ours[p : p + size], ())}


def align(page: str, work: str) -> tuple[int, int, int, int]:
    """The best local alignment of the canonical texts: page start and end, work start and end."""
    ours, theirs = canonicalise(page).text, canonicalise(work).text
    above = [(0, 0, 0)] * (len(theirs) + 1)
    best = (0, 0, 0, 0, 0)
    for i, a in enumerate(ours):
        row = [(0, i + 1, 0)]
        for j, b in enumerate(theirs):
            score, p, q = above[j] if above[j][0] else (0, i, j)
            cell = (score + (1 if a == b else _CHANGED), p, q)
            for other in (above[j + 1], row[j]):
                if other[0] + _LEFT_OUT > cell[0]:
                    cell = (other[0] + _LEFT_OUT, other[1], other[2])
            row.append(cell if cell[0] > 0 else (0, i + 1, j + 1))
            if cell[0] > best[0]:
                best = (cell[0], cell[1], i + 1, cell[2], j + 1)
        above = row
    return best[1:]
