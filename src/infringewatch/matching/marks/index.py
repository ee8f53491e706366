"""The compiled list: one big segment and, after small changes, a second one with what was added; both may be files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Conflict, Form, FormKind, make_forms
from infringewatch.matching.marks.listkeys import Ids
from infringewatch.matching.marks.segment import Segment
from infringewatch.matching.marks.streams import Batch
from infringewatch.matching.marks.textkeys import iter_windows
from infringewatch.model import Right


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of window and form of one segment that share a key, one array a column."""

    segment: int
    places: NDArray[np.intp]
    lengths: NDArray[np.int32]
    forms: Ids

    def __len__(self) -> int:
        return len(self.places)

    def only(self, keep: NDArray[np.bool_]) -> Candidates:
        return Candidates(self.segment, self.places[keep], self.lengths[keep], self.forms[keep])


@dataclass(frozen=True, slots=True, eq=False)
class CompiledMarks:
    """``places_of[s][r]`` is the number in ``rights`` of right r of segment s, -1 where the list has it no more."""

    rights: Sequence[Right]
    segments: tuple[Segment, ...]
    places_of: tuple[NDArray[np.int32], ...]
    conflicts: tuple[Conflict, ...] = ()
    _forms: dict[int, list[Form]] = field(default_factory=dict)

    def count_of_script(self, *, han: bool) -> int:
        """How many written forms of a script the list has: each is one more chance of a chance likeness."""
        return sum(segment.count_of_script(han=han) for segment in self.segments)

    def candidates(self, batch: Batch) -> list[Candidates]:
        """Every pair of window and form that shares a key, the same pair once; one record for each segment."""
        han = frozenset[int]().union(*(s.window_lengths(han=True) for s in self.segments))
        latin = frozenset[int]().union(*(s.window_lengths(han=False) for s in self.segments))
        found: list[list[tuple[NDArray[np.intp], NDArray[np.int64], Ids]]] = [[] for _ in self.segments]
        for windows in iter_windows(batch, han, latin):
            for number, segment in enumerate(self.segments):
                rows, ids = segment.look_up(windows.keys)
                if len(rows):
                    found[number].append((windows.places[rows], np.full(len(rows), windows.length), ids))
        return [self._gather(number, columns) for number, columns in enumerate(found) if columns]

    def _gather(self, number: int, found: list[tuple[NDArray[np.intp], NDArray[np.int64], Ids]]) -> Candidates:
        places, lengths, forms = (np.concatenate(column).astype(np.int64) for column in zip(*found, strict=True))
        # One number for each pair: places and forms fit 32 bits, lengths 5.
        pairs = np.unique(places << 37 | forms << 5 | lengths)
        ids = (pairs >> 5 & 0xFFFFFFFF).astype(np.uint32)
        kept = self.places_of[number][self.segments[number].right[ids]] >= 0
        pairs, ids = pairs[kept], ids[kept]
        return Candidates(number, (pairs >> 37).astype(np.intp), (pairs & 31).astype(np.int32), ids)

    def form(self, segment: int, number: int) -> Form:
        """The form with its text; made anew from the right and kept, since few of a million are ever met."""
        stored = self.segments[segment]
        right = int(self.places_of[segment][stored.right[number]])
        if right not in self._forms:
            self._forms[right] = [
                Form(right, f.kind, f.text, f.codes, f.places) for f in make_forms([self.rights[right]])
            ]
        kind, letters = FormKind(int(stored.kinds[number])), stored.letters_of(number)
        return next(f for f in self._forms[right] if f.kind is kind and np.array_equal(f.codes, letters))
