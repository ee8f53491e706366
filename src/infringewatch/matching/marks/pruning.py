"""Throws out candidates that cannot reach the level asked for, whatever else the item brings: in NumPy, before any is aligned.

The bounds are generous: an alignment never earns more bits than its bound, so nothing that would be reported is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.keys import MAX_WINDOW
from infringewatch.matching.marks.relations import LETTER_BITS
from infringewatch.matching.marks.streams import Batch, ViewKind, may_be_in
from infringewatch.matching.marks.tables import get_tables

if TYPE_CHECKING:
    from infringewatch.matching.marks.index import Candidates
    from infringewatch.matching.marks.segment import Segment

Mask = NDArray[np.bool_]
_BOTH_WAYS_BITS = 1.5  # what a letter earns more when it both sounds and looks like the mark's
_MOST_HAN_BITS = 11.0
_EXACT_AHEAD = np.float32(8.0)
"""The mark itself may lie so many bits further below the need than a likeness (``features.exact_strength``)."""
_CHUNK = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """One value a candidate. ``bits``: the most it can earn. ``exact``: the very letters of the form. ``dressed``:
    something stands between the letters, or they are written in a way that may hide the mark."""

    keep: Mask
    bits: NDArray[np.float32]
    exact: Mask
    dressed: Mask


def judge(
    found: Candidates,
    batch: Batch,
    marks: Segment,
    han_needed: NDArray[np.float32],
    latin_needed: NDArray[np.float32],
    slack: NDArray[np.float32],
    titles: Mask,
) -> Verdict:
    """Which candidates may be reported. ``slack`` has a row a text (``windows.Slack``).
    ``titles``: the candidates for titles of works, always looked at where they stand letter by letter."""
    view = batch.view[found.places]
    text = batch.text[view]
    han = marks.is_han[found.forms]
    length = marks.lengths[found.forms].astype(np.int64)
    span = batch.ends[found.places + found.lengths - 1] - batch.starts[found.places]
    dressed = (span > found.lengths) | (batch.kind[view] != ViewKind.PLAIN) | batch.foreign[text]
    needed = np.where(han, han_needed[text], latin_needed[text])
    least = needed - slack[text, np.where(titles, 2, dressed.astype(np.intp))]
    bits, exact = _bounds(found, batch, marks, han, length, least)
    plain = exact & ~dressed & ~titles
    least[plain] = needed[plain] - slack[text[plain], 3]
    return Verdict((exact & titles) | (bits >= least - exact * _EXACT_AHEAD), bits, exact, dressed)


def _bounds(
    found: Candidates, batch: Batch, marks: Segment, han: Mask, length: NDArray[np.int64], least: NDArray[np.float32]
) -> tuple[NDArray[np.float32], Mask]:
    bits = (length * LETTER_BITS).astype(np.float32)
    bits[han] = length[han] * _MOST_HAN_BITS
    exact = np.zeros(len(found), dtype=bool)
    same_length = length == found.lengths
    exact_bits = get_tables().exact_bits
    for n in np.unique(length[same_length]).tolist():
        rows = np.flatnonzero(same_length & (length == n))
        for begin in range(0, len(rows), _CHUNK):
            chunk = rows[begin : begin + _CHUNK]
            begins = marks.offsets[found.forms[chunk]]
            equal = np.ones(len(chunk), dtype=bool)
            for i in range(n):
                equal &= batch.codes[found.places[chunk] + i] == marks.codes[begins + i]
            exact[chunk] = equal
            own = begins[equal & han[chunk]]
            if len(own):
                bits[chunk[equal & han[chunk]]] = sum(exact_bits[marks.codes[own + i]] for i in range(n))
            wide = han[chunk] & ~equal & (n * _MOST_HAN_BITS >= least[chunk])
            bits[chunk[wide]] = _han_bound(batch.codes, found.places[chunk[wide]], marks, found.forms[chunk[wide]], n)
    exact |= found.lengths >= MAX_WINDOW  # only the first letters were filed: the whole name is compared
    return bits, exact


def _han_bound(
    codes: NDArray[np.uint32], places: NDArray[np.intp], marks: Segment, forms: NDArray[np.uint32], length: int
) -> NDArray[np.float32]:
    """Most bits that windows of the form's own length may earn, letter against letter (or in another order)."""
    total = np.zeros(len(places), dtype=np.float32)
    in_order = np.zeros(len(places), dtype=np.float32)
    begin = marks.offsets[forms]
    tables = get_tables()
    for i in range(length):
        theirs, ours = codes[places + i], marks.codes[begin + i]
        total += letter_bound(theirs, ours)
        in_order += tables.exact_bits[ours]
    moved = np.zeros(len(places), dtype=bool)
    if length > 1:
        sums = sum(codes[places + i].astype(np.int64) - marks.codes[begin + i] for i in range(length))
        moved = np.asarray(sums == 0)
    return np.where(moved, np.maximum(total, in_order), total)


def letter_bound(theirs: NDArray[np.uint32], ours: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Most bits that one letter may earn as another, as ``relations.relate`` counts them or a little more."""
    tables = get_tables()
    bits = np.full(len(theirs), -3.5, dtype=np.float32)
    heard, near = tables.syllable[0, theirs], tables.near[0, theirs]
    sounds_near = (near != 0) & (near == tables.near[:, ours]).any(axis=0)
    bits[sounds_near] = tables.near_bits[ours[sounds_near]] - 1.5
    sounds = sounds_near & (heard == tables.syllable[:, ours]).any(axis=0)
    bits[sounds] = tables.sound_bits[ours[sounds]] - 0.5
    open_ = np.flatnonzero(theirs != ours)
    pairs = theirs[open_].astype(np.uint64) << np.uint64(21) | ours[open_]
    looks = open_[may_be_in(tables.glyph_pairs, pairs)]
    bits[looks] = np.maximum(bits[looks], tables.glyph_bits[ours[looks]])
    both = looks[sounds_near[looks]]
    bits[both] += _BOTH_WAYS_BITS
    letter = (theirs >= 97) & (theirs <= 122)
    bits[letter] = 4.0
    same = theirs == ours
    bits[same] = np.maximum(tables.exact_bits[ours[same]], 3.3)
    return bits
