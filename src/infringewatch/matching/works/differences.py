"""What was changed inside a passage: the exact alignment that is shown and scored, and the disguises named.

Built on rapidfuzz's Levenshtein operations, piece by piece between equal grams, so that a whole book stays cheap. The
steps stay in arrays until somebody reads them one by one.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from infringewatch.matching.marks.tables import get_tables
from infringewatch.matching.works.canonical import LETTER_WEIGHT, Canonical, Codes, is_wide, text_of
from infringewatch.matching.works.segments import Passage

_PIECE = 400
_MOST_PIECE = 6000  # beyond it a piece without equal grams is one replacement, so that time stays bounded
_LONG_INSERTION = 8
_LONGEST_NAME = 6
_FEWEST_RENAMED = 3
_MOST_PAIRS = 40

STEP_KINDS = ("equal", "script", "homophone", "look_alike", "substituted", "inserted", "advert", "dropped")
"""script: the same character in another script or width; advert: a long insertion."""
_EQUAL, _SCRIPT, _HOMOPHONE, _LOOK_ALIKE, _SUBSTITUTED, _INSERTED, ADVERT, _DROPPED = range(8)
_OPERATIONS = {"equal": _EQUAL, "replace": _SUBSTITUTED, "insert": _INSERTED, "delete": _DROPPED}


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """The steps of one passage. ``kind[i]`` numbers a word of STEP_KINDS, ``at[i]`` is (page start, page end, work
    start, work end) in canonical characters of the whole texts; the steps cover the passage. ``identity`` is the
    share of equal characters, long insertions left out."""

    kind: NDArray[np.int64]
    at: NDArray[np.int64]
    identity: float

    @property
    def kinds(self) -> dict[str, int]:
        """How often each kind of change was found."""
        count = np.bincount(self.kind, minlength=len(STEP_KINDS)).tolist()
        return {name: times for name, times in zip(STEP_KINDS, count, strict=True) if times and name != "equal"}


@dataclass(frozen=True, slots=True)
class Renaming:
    """``original`` of the work stands as ``replacement`` in ``times`` of ``of`` places: evidence of its own."""

    original: str
    replacement: str
    times: int
    of: int


def compare(page: Canonical, work: Canonical, work_from: int, passage: Passage) -> Comparison:
    """The alignment of a passage; ``work`` begins at canonical position ``work_from`` of the work."""
    kind, at = _operations(page, work, work_from, passage)
    kind, at = _split_scripts(page, work, work_from, kind, at)
    _name_replacements(page.codes, work.codes, work_from, kind, at)
    ours = _weights(page.codes, passage.page_start, at[:, 0], at[:, 1], passage.page_end)
    theirs = _weights(work.codes, 0, at[:, 2] - work_from, at[:, 3] - work_from, len(work))
    kind[(kind == _INSERTED) & (ours >= _LONG_INSERTION)] = ADVERT
    equal = kind <= _SCRIPT
    same = float(ours[equal].sum())
    other = float(np.maximum(ours, theirs)[~equal & (kind != ADVERT)].sum())
    return Comparison(kind, at, same / (same + other) if same + other else 0.0)


def find_renamings(
    page: Canonical, work: Sequence[tuple[Canonical, int]], compared: Sequence[Comparison]
) -> tuple[Renaming, ...]:
    """Names that were replaced throughout: at least three times, and in most places where the name stands."""
    pairs: Counter[tuple[str, str]] = Counter()
    ours = text_of(page.codes)
    whole = [text_of(text.codes) for text, _ in work]
    for theirs, (_, start), comparison in zip(whole, work, compared, strict=True):
        changed = (comparison.kind >= _HOMOPHONE) & (comparison.kind <= _SUBSTITUTED)
        short = comparison.at[:, 1] - comparison.at[:, 0] <= _LONGEST_NAME * 3
        for p0, p1, q0, q1 in comparison.at[changed & short].tolist():
            pairs[theirs[q0 - start : q1 - start], ours[p0:p1]] += 1
    found = []
    for (original, replacement), times in pairs.most_common(_MOST_PAIRS):
        if times >= _FEWEST_RENAMED:
            of = sum(text.count(original) for text in whole)
            if times * 2 > of:
                found.append(Renaming(original, replacement, times, max(of, times)))
    return tuple(found)


def _operations(
    page: Canonical, work: Canonical, work_from: int, passage: Passage
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ours = text_of(page.codes[passage.page_start : passage.page_end])
    theirs = text_of(work.codes)
    rows: list[tuple[int, int, int, int, int]] = []
    for p0, p1, q0, q1 in _pieces(passage):
        own, other = ours[p0 - passage.page_start : p1 - passage.page_start], theirs[q0 - work_from : q1 - work_from]
        if max(len(own), len(other)) > _MOST_PIECE:
            rows.append((_SUBSTITUTED, p0, p1, q0, q1))
            continue
        if own == other:
            rows.append((_EQUAL, p0, p1, q0, q1))
            continue
        for op in Levenshtein.opcodes(other, own):
            at = op.dest_start + p0, op.dest_end + p0, op.src_start + q0, op.src_end + q0
            rows.append((_OPERATIONS[op.tag], *at))
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return table[:, 0].copy(), table[:, 1:]


def _pieces(passage: Passage) -> list[tuple[int, int, int, int]]:
    """Ranges between anchors that lie at least ``_PIECE`` apart."""
    places, others = passage.anchors
    cuts = [(passage.page_start, passage.work_start)]
    while True:
        following = int(np.searchsorted(places, cuts[-1][0] + _PIECE))
        if following >= len(places) or int(others[following]) <= cuts[-1][1]:
            break
        cuts.append((int(places[following]), int(others[following])))
    cuts.append((passage.page_end, passage.work_end))
    return [(a[0], b[0], a[1], b[1]) for a, b in itertools.pairwise(cuts)]


def _split_scripts(
    page: Canonical, work: Canonical, work_from: int, kind: NDArray[np.int64], at: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Equal runs, cut where the raw characters differ in script or width (not in case)."""
    equal = at[kind == _EQUAL]
    row, within = _places(equal[:, 1] - equal[:, 0])
    places, others = equal[row, 0] + within, equal[row, 2] + within
    ours, theirs = page.raw[places], work.raw[others - work_from]
    differs = (ours != theirs) & ((ours > 0x7F) | (theirs > 0x7F))
    if not differs.any():
        return kind, at
    begins = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(differs.astype(np.int8)) != 0)])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(row)) - 1
    cut = np.stack([places[starts], places[ends] + 1, others[starts], others[ends] + 1], axis=1)
    kinds = np.concatenate([np.where(differs[starts], _SCRIPT, _EQUAL), kind[kind != _EQUAL]])
    together = np.concatenate([cut, at[kind != _EQUAL]])
    order = np.argsort(together[:, 0] + together[:, 2], kind="stable")  # both only grow along the passage
    return kinds[order], together[order]


def _places(sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For stretches of these sizes, laid end to end: of which stretch each place is, and which place of it."""
    row = np.repeat(np.arange(len(sizes)), sizes)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _name_replacements(
    page: Codes, work: Codes, work_from: int, kind: NDArray[np.int64], at: NDArray[np.int64]
) -> None:
    """Homophones and look-alikes among replacements of one size: every pair of characters must be such a pair."""
    sizes = at[:, 1] - at[:, 0]
    which = np.flatnonzero((kind == _SUBSTITUTED) & (sizes == at[:, 3] - at[:, 2]))
    if not len(which):
        return
    row, within = _places(sizes[which])
    ours, theirs = page[at[which, 0][row] + within], work[at[which, 2][row] - work_from + within]
    firsts = np.flatnonzero(within == 0)
    wide = is_wide(ours) & is_wide(theirs)
    sounds = np.logical_and.reduceat(_sound_alike(ours, theirs) & wide, firsts)
    looks = np.logical_and.reduceat(_look_alike(ours, theirs) & wide, firsts)
    kind[which[looks]] = _LOOK_ALIKE
    kind[which[sounds]] = _HOMOPHONE


def _sound_alike(ours: Codes, theirs: Codes) -> NDArray[np.bool_]:
    syllables = get_tables().syllable
    alike = np.zeros(len(ours), dtype=np.bool_)
    for one, other in itertools.product(syllables, syllables):
        alike |= (one[ours] == other[theirs]) & (one[ours] != 0)
    return alike


def _look_alike(ours: Codes, theirs: Codes) -> NDArray[np.bool_]:
    pairs = get_tables().glyph_pairs
    wanted = ours.astype(np.uint64) << np.uint64(21) | theirs.astype(np.uint64)
    found: NDArray[np.bool_] = pairs[np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)] == wanted
    return found


def _weights(
    codes: Codes, first: int, starts: NDArray[np.int64], ends: NDArray[np.int64], last: int
) -> NDArray[np.float64]:
    """The length in Han characters of each range."""
    weight = np.concatenate([[0.0], np.cumsum(np.where(is_wide(codes[first:last]), 1.0, LETTER_WEIGHT))])
    ranges: NDArray[np.float64] = weight[ends - first] - weight[starts - first]
    return ranges
