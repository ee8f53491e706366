"""The compiled list: forms and their sorted keys behind a bitmap, and the look-up of a batch of texts in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Conflict, Form, FormKind, find_conflicts, make_forms
from infringewatch.matching.marks.keys import MAX_WINDOW, Hashes, KeyKind
from infringewatch.matching.marks.listkeys import Ids, build_keys
from infringewatch.matching.marks.streams import Batch
from infringewatch.matching.marks.textkeys import iter_windows
from infringewatch.model import Right


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Pairs of window and form that share a key, one array a column."""

    places: NDArray[np.intp]
    lengths: NDArray[np.int32]
    forms: Ids

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledMarks:
    """``forms[i].right`` counts in the list of rights that was compiled."""

    forms: Sequence[Form]
    keys: Hashes
    ids: Ids
    bitmap: NDArray[np.uint8]
    conflicts: tuple[Conflict, ...] = ()
    han_lengths: frozenset[int] = field(default=frozenset())
    latin_lengths: frozenset[int] = field(default=frozenset())

    han_count: int = 0
    latin_count: int = 0

    def count_of_script(self, *, han: bool) -> int:
        """How many written forms of a script the list has: each is one more chance of a chance likeness. Derived
        spellings are not counted: they are looked for letter by letter only."""
        return self.han_count if han else self.latin_count

    def candidates(self, batch: Batch) -> Candidates:
        """Every pair of window and form that shares a key; the same pair once."""
        places, lengths, forms = [], [], []
        for windows in iter_windows(batch, self.han_lengths, self.latin_lengths):
            rows, ids = self._look_up(windows.keys)
            if len(rows):
                places.append(windows.places[rows])
                lengths.append(np.full(len(rows), windows.length, dtype=np.int32))
                forms.append(ids)
        if not places:
            return Candidates(np.zeros(0, np.intp), np.zeros(0, np.int32), np.zeros(0, np.uint32))
        table = np.stack([np.concatenate(places), np.concatenate(lengths), np.concatenate(forms)]).astype(np.int64)
        table = np.unique(table, axis=1)
        return Candidates(table[0].astype(np.intp), table[1].astype(np.int32), table[2].astype(np.uint32))

    def _look_up(self, keys: Hashes) -> tuple[NDArray[np.intp], Ids]:
        maybe = np.flatnonzero(may_hold(self.bitmap, keys))
        if not len(maybe):
            return maybe, np.zeros(0, np.uint32)
        asked = keys[maybe]
        first = np.searchsorted(self.keys, asked, side="left")
        count = np.searchsorted(self.keys, asked, side="right") - first
        rows = np.repeat(maybe, count)
        begin = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        return rows, self.ids[begin + np.arange(len(rows))]


def compile_marks(rights: Sequence[Right], *, cache_dir: Path | None = None) -> CompiledMarks:
    """The compiled form of ``rights`` (marks and titles of works alike)."""
    forms = make_forms(rights)
    keys, ids = build_keys(forms)
    return CompiledMarks(
        forms,
        keys,
        ids,
        make_bitmap(keys),
        find_conflicts(rights, forms),
        frozenset(min(len(f.codes), MAX_WINDOW) for f in forms if f.is_han),
        frozenset(min(len(f.codes), MAX_WINDOW) for f in forms if not f.is_han),
        sum(f.is_han for f in forms),
        sum(not f.is_han and f.kind is not FormKind.PINYIN for f in forms),
    )


def make_bitmap(keys: Hashes) -> NDArray[np.uint8]:
    """About eight bits a key: seven misses of eight end here, before the sorted array is touched."""
    size = max(10, int(np.ceil(np.log2(max(1, len(keys)) * 8))))
    bits = np.zeros(1 << size, dtype=bool)
    bits[(keys >> np.uint64(64 - size)).astype(np.intp)] = True
    return np.packbits(bits, bitorder="little")


def may_hold(bitmap: NDArray[np.uint8], keys: Hashes) -> NDArray[np.bool_]:
    size = len(bitmap).bit_length() + 2
    spot = keys >> np.uint64(64 - size)
    return (bitmap[(spot >> np.uint64(3)).astype(np.intp)] >> (spot & np.uint64(7)).astype(np.uint8) & 1).astype(bool)


__all__ = ["Candidates", "CompiledMarks", "KeyKind", "compile_marks"]
