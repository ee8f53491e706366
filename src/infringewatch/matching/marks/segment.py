"""A part of the compiled list as flat arrays: forms, and their sorted keys behind a bitmap. Written once, then only mapped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Form, FormKind, make_forms
from infringewatch.matching.marks.keys import MAX_WINDOW, PLACE, Hashes, letter_hashes
from infringewatch.matching.marks.listkeys import Ids, build_keys
from infringewatch.model import Right

_BLOCK = 50_000
MAX_TWINS = 1000
"""At most so many forms are filed under one key: a list that has one name a million times must not make a million
findings of one title. The first of the list are kept; the conflict is reported."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """``right[f]`` is the number of form f's right in the list that this segment was compiled from; its letters are
    ``codes[offsets[f] : offsets[f] + lengths[f]]``. ``keys`` are sorted, ``ids[k]`` is the form of ``keys[k]``."""

    keys: Hashes
    ids: Ids
    bitmap: NDArray[np.uint8]
    codes: NDArray[np.uint32]
    offsets: NDArray[np.uint32]
    lengths: NDArray[np.uint16]
    kinds: NDArray[np.uint8]
    is_han: NDArray[np.bool_]
    right: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.lengths)

    def look_up(self, keys: Hashes) -> tuple[NDArray[np.intp], Ids]:
        """Rows of ``keys`` that are filed here, and beside each the form; a row comes once for every form."""
        maybe = np.flatnonzero(may_hold(self.bitmap, keys))
        if not len(maybe) or not len(self.keys):
            return maybe[:0], np.zeros(0, np.uint32)
        maybe = maybe[np.argsort(keys[maybe])]  # in order of the keys, the searches touch each page of the file once
        asked = keys[maybe]
        first = np.searchsorted(self.keys, asked, side="left")
        held = self.keys[np.minimum(first, len(self.keys) - 1)] == asked  # the bitmap says yes now and then by mistake
        maybe, asked, first = maybe[held], asked[held], first[held]
        count = np.searchsorted(self.keys, asked, side="right") - first
        rows = np.repeat(maybe, count)
        begin = np.repeat(first - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        return rows, self.ids[begin + np.arange(len(rows))]

    def window_lengths(self, *, han: bool) -> frozenset[int]:
        found = np.unique(self.lengths[self.is_han == han])
        return frozenset(np.minimum(found, MAX_WINDOW).tolist())

    def count_of_script(self, *, han: bool) -> int:
        """Forms of a script that the list itself writes: what is derived from them does not make the list longer."""
        return int(np.count_nonzero((self.is_han == han) & (self.kinds < FormKind.PINYIN)))

    def letters_of(self, form: int) -> NDArray[np.uint32]:
        begin = int(self.offsets[form])
        return self.codes[begin : begin + int(self.lengths[form])]

    def letter_hashes(self) -> Hashes:
        """One hash a form, of its first letters: forms that are written alike have the same."""
        found = np.zeros(len(self), dtype=np.uint64)
        sizes = np.minimum(self.lengths, MAX_WINDOW)
        for size in np.unique(sizes).tolist():
            rows = np.flatnonzero(sizes == size)
            for i in range(size):
                found[rows] += letter_hashes(self.codes[self.offsets[rows] + i]) * PLACE[i]
        return found

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for spec in fields(self):
            np.save(folder / f"{spec.name}.npy", getattr(self, spec.name))


def load_segment(folder: Path) -> Segment:
    """The arrays of ``folder``, mapped: processes that read the same folder share the memory."""
    # A plain view of the map: the memmap class itself makes every small access ten times slower.
    return Segment(*(np.load(folder / f"{spec.name}.npy", mmap_mode="r").view(np.ndarray) for spec in fields(Segment)))


def build_segment(rights: Sequence[Right]) -> Segment:
    """Forms and keys of ``rights``, block by block so that a million rights need no million objects at once."""
    parts = [_build_block(rights[begin : begin + _BLOCK], begin) for begin in range(0, max(1, len(rights)), _BLOCK)]
    counts = np.cumsum([0, *(len(part) for part in parts)])
    keys = np.concatenate([part.keys for part in parts])
    ids = np.concatenate([part.ids + np.uint32(start) for part, start in zip(parts, counts[:-1], strict=True)])
    if len(parts) > 1:
        order = np.argsort(keys, kind="stable")
        keys, ids = keys[order], ids[order]
    crowded = _beyond(keys, MAX_TWINS)
    keys, ids = keys[~crowded], ids[~crowded]
    lengths = np.concatenate([part.lengths for part in parts])
    return Segment(
        keys,
        ids,
        make_bitmap(keys),
        np.concatenate([part.codes for part in parts]),
        np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])[:-1].astype(np.uint32),
        lengths,
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("kinds", "is_han", "right")),
    )


def _build_block(rights: Sequence[Right], first: int) -> Segment:
    forms: list[Form] = make_forms(rights)
    keys, ids = build_keys(forms)
    lengths = np.array([len(form.codes) for form in forms], dtype=np.uint16)
    return Segment(
        keys,
        ids,
        np.zeros(0, np.uint8),
        np.concatenate([np.zeros(0, np.uint32), *(form.codes for form in forms)]),
        np.zeros(0, np.uint32),
        lengths,
        np.array([form.kind for form in forms], dtype=np.uint8),
        np.array([form.is_han for form in forms], dtype=bool),
        np.array([form.right + first for form in forms], dtype=np.int32),
    )


def _beyond(keys: Hashes, most: int) -> NDArray[np.bool_]:
    """Which entries of the sorted keys have ``most`` equal ones before them."""
    beyond = np.zeros(len(keys), dtype=bool)
    beyond[most:] = keys[most:] == keys[:-most]
    return beyond


def make_bitmap(keys: Hashes) -> NDArray[np.uint8]:
    """Eight to sixteen bits a key: most questions end here, before the sorted array is touched."""
    size = max(10, int(np.ceil(np.log2(max(1, len(keys)) * 8))))
    bits = np.zeros(1 << (size - 3), dtype=np.uint8)
    spot = keys >> np.uint64(64 - size)
    np.bitwise_or.at(
        bits, (spot >> np.uint64(3)).astype(np.intp), np.uint8(1) << (spot & np.uint64(7)).astype(np.uint8)
    )
    return bits


def may_hold(bitmap: NDArray[np.uint8], keys: Hashes) -> NDArray[np.bool_]:
    size = len(bitmap).bit_length() + 2
    spot = keys >> np.uint64(64 - size)
    return (bitmap[(spot >> np.uint64(3)).astype(np.intp)] >> (spot & np.uint64(7)).astype(np.uint8) & 1).astype(bool)
