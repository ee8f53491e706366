"""The compiled list: one big segment and, after small changes, a second one with what was added; both may be files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Conflict, Form, FormKind, find_form
from infringewatch.matching.marks.listkeys import Ids
from infringewatch.matching.marks.segment import Segment
from infringewatch.matching.marks.streams import Batch
from infringewatch.matching.marks.textkeys import iter_windows
from infringewatch.model import Right

_KEPT_FORMS = 100_000


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
    _forms: dict[tuple[int, int], Form] = field(default_factory=dict)
    _counts: dict[bool, int] = field(default_factory=dict)
    _lengths: dict[bool, frozenset[int]] = field(default_factory=dict)
    _works: dict[bool, NDArray[np.bool_]] = field(default_factory=dict)

    def count_of_script(self, *, han: bool) -> int:
        """How many written forms of a script the list has: each is one more chance of a chance likeness."""
        if han not in self._counts:
            self._counts[han] = sum(segment.count_of_script(han=han) for segment in self.segments)
        return self._counts[han]

    def _window_lengths(self, *, han: bool) -> frozenset[int]:
        if han not in self._lengths:
            self._lengths[han] = frozenset[int]().union(*(s.window_lengths(han=han) for s in self.segments))
        return self._lengths[han]

    def candidates(self, batch: Batch) -> list[Candidates]:
        """Every pair of window and form that shares a key, the same pair once; one record for each segment."""
        han, latin = self._window_lengths(han=True), self._window_lengths(han=False)
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
        pairs = np.sort(places << 37 | forms << 5 | lengths)
        pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])]
        ids = (pairs >> 5 & 0xFFFFFFFF).astype(np.uint32)
        kept = self.places_of[number][self.segments[number].right[ids]] >= 0
        pairs, ids = pairs[kept], ids[kept]
        return Candidates(number, (pairs >> 37).astype(np.intp), (pairs & 31).astype(np.int32), ids)

    def is_title(self, found: Candidates) -> NDArray[np.bool_]:
        """Which candidates are forms of works."""
        if True not in self._works:
            self._works[True] = np.fromiter(
                (right.is_work for right in self.rights), dtype=bool, count=len(self.rights)
            )
        return self._works[True][self.places_of[found.segment][self.segments[found.segment].right[found.forms]]]

    def form(self, segment: int, number: int) -> Form:
        """The form with its text; made anew from the right and kept, since few of a million are ever met."""
        known = self._forms.get((segment, number))
        if known is None:
            stored = self.segments[segment]
            right = int(self.places_of[segment][stored.right[number]])
            if len(self._forms) >= _KEPT_FORMS:
                self._forms.clear()
            known = find_form(self.rights[right], right, FormKind(int(stored.kinds[number])), stored.letters_of(number))
            self._forms[segment, number] = known
        return known
