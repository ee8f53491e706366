"""What was changed inside a passage: the exact alignment that is shown and scored, and the disguises named.

Built on rapidfuzz's Levenshtein operations, piece by piece between equal grams, so that a whole book stays cheap.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from infringewatch.matching.marks.tables import get_tables
from infringewatch.matching.works.canonical import Canonical, is_wide, text_of, weight_of
from infringewatch.matching.works.segments import Passage

_PIECE = 400
_MOST_PIECE = 6000  # beyond it a piece without equal grams is one replacement, so that time stays bounded
_LONG_INSERTION = 8
_LONGEST_NAME = 6
_FEWEST_RENAMED = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One step: canonical ``page_start:page_end`` against ``work_start:work_end`` (both counted in their text).

    ``kind``: equal, script (the same character in another script or width), homophone, look_alike, substituted,
    inserted, advert (a long insertion), dropped.
    """

    kind: str
    page_start: int
    page_end: int
    work_start: int
    work_end: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """``identity`` is the share of equal characters, long insertions left out; ``steps`` cover the passage."""

    steps: tuple[Step, ...]
    identity: float

    @property
    def kinds(self) -> dict[str, int]:
        """How often each kind of change was found."""
        return dict(Counter(step.kind for step in self.steps if step.kind != "equal"))


@dataclass(frozen=True, slots=True)
class Renaming:
    """``original`` of the work stands as ``replacement`` in ``times`` of ``of`` places: evidence of its own."""

    original: str
    replacement: str
    times: int
    of: int


def compare(page: Canonical, work: Canonical, work_from: int, passage: Passage) -> Comparison:
    """The alignment of a passage; ``work`` begins at canonical position ``work_from`` of the work."""
    steps: list[Step] = []
    for p0, p1, q0, q1 in _pieces(passage):
        steps += _compare_piece(page, work, work_from, p0, p1, q0, q1)
    same = sum(weight_of(page.codes[s.page_start : s.page_end]) for s in steps if s.kind in ("equal", "script"))
    other = sum(
        max(weight_of(page.codes[s.page_start : s.page_end]), weight_of(_cut(work, work_from, s)))
        for s in steps
        if s.kind not in ("equal", "script", "advert")
    )
    return Comparison(tuple(steps), same / (same + other) if same + other else 0.0)


def find_renamings(
    page: Canonical, work: Sequence[tuple[Canonical, int]], compared: Sequence[Comparison]
) -> tuple[Renaming, ...]:
    """Names that were replaced throughout: at least three times, and in most places where the name stands."""
    pairs: Counter[tuple[str, str]] = Counter()
    for (text, start), comparison in zip(work, compared, strict=True):
        for s in comparison.steps:
            if s.kind in ("substituted", "homophone", "look_alike") and s.page_end - s.page_start <= _LONGEST_NAME * 3:
                original = text_of(_cut(text, start, s))
                if original:
                    pairs[original, text_of(page.codes[s.page_start : s.page_end])] += 1
    whole = [text_of(text.codes) for text, _ in work]
    found = []
    for (original, replacement), times in pairs.most_common(40):
        of = sum(text.count(original) for text in whole)
        if times >= _FEWEST_RENAMED and replacement and times * 2 > of:
            found.append(Renaming(original, replacement, times, max(of, times)))
    return tuple(found)


def _cut(work: Canonical, work_from: int, step: Step) -> np.ndarray:
    return work.codes[step.work_start - work_from : step.work_end - work_from]


def _pieces(passage: Passage) -> list[tuple[int, int, int, int]]:
    """Ranges between anchors that lie at least ``_PIECE`` apart."""
    places, others = passage.anchors.tolist()
    cuts = [(passage.page_start, passage.work_start)]
    for p, q in zip(places, others, strict=True):
        if p - cuts[-1][0] >= _PIECE and q > cuts[-1][1]:
            cuts.append((p, q))
    cuts.append((passage.page_end, passage.work_end))
    return [(a[0], b[0], a[1], b[1]) for a, b in itertools.pairwise(cuts)]


def _compare_piece(page: Canonical, work: Canonical, work_from: int, p0: int, p1: int, q0: int, q1: int) -> list[Step]:
    ours, theirs = page.codes[p0:p1], work.codes[q0 - work_from : q1 - work_from]
    if max(len(ours), len(theirs)) > _MOST_PIECE:
        return [Step("substituted", p0, p1, q0, q1)]
    steps: list[Step] = []
    for op in Levenshtein.opcodes(text_of(theirs), text_of(ours)):
        at = op.dest_start + p0, op.dest_end + p0, op.src_start + q0, op.src_end + q0
        if op.tag == "equal":
            steps += _split_scripts(page, work, work_from, *at)
        elif op.tag == "insert":
            size = weight_of(page.codes[at[0] : at[1]])
            steps.append(Step("advert" if size >= _LONG_INSERTION else "inserted", *at))
        elif op.tag == "delete":
            steps.append(Step("dropped", *at))
        else:
            steps.append(Step(_kind_of(ours[op.dest_start : op.dest_end], theirs[op.src_start : op.src_end]), *at))
    return steps


def _split_scripts(page: Canonical, work: Canonical, work_from: int, p0: int, p1: int, q0: int, q1: int) -> list[Step]:
    """An equal run, cut where the raw characters differ in script or width (not in case)."""
    ours, theirs = page.raw[p0:p1], work.raw[q0 - work_from : q1 - work_from]
    differs = (ours != theirs) & ((ours > 0x7F) | (theirs > 0x7F))
    if not differs.any():
        return [Step("equal", p0, p1, q0, q1)]
    cuts = [0, *(np.flatnonzero(np.diff(differs.astype(np.int8))) + 1).tolist(), p1 - p0]
    return [
        Step("script" if differs[a] else "equal", p0 + a, p0 + b, q0 + a, q0 + b) for a, b in itertools.pairwise(cuts)
    ]


def _kind_of(ours: np.ndarray, theirs: np.ndarray) -> str:
    if len(ours) != len(theirs) or not bool(is_wide(ours).all() and is_wide(theirs).all()):
        return "substituted"
    tables = get_tables()
    pairs = list(zip(ours.tolist(), theirs.tolist(), strict=True))
    if all(set(tables.syllable[:, a].tolist()) & set(tables.syllable[:, b].tolist()) - {0} for a, b in pairs):
        return "homophone"
    return "look_alike" if all(tables.look_alike(a, b) for a, b in pairs) else "substituted"
