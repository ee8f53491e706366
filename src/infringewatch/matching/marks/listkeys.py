"""The keys under which each form of the list is filed: one row for every way in which it may be disguised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Form, FormKind
from infringewatch.matching.marks.keys import MAX_WINDOW, PLACE, Hashes, KeyKind, finish, letter_hashes, sound_hashes
from infringewatch.matching.marks.shapes import SHAPE
from infringewatch.matching.marks.tables import Codes, get_tables

MAX_MASKED = 12
PAIR_LENGTHS = range(4, 7)
MAX_LATIN = 20
GLYPHS_OF_TWO = 12
GLYPHS_OF_THREE = 2
_INITIALS = 26
LATIN = 255
"""The mask number that keeps Latin keys apart from Han ones."""

Ids = NDArray[np.uint32]


def build_keys(forms: Sequence[Form]) -> tuple[Hashes, Ids]:
    """Sorted keys, and beside each the number of its form."""
    keys: list[Hashes] = []
    ids: list[Ids] = []
    for han in (True, False):
        groups: dict[int, list[int]] = {}
        for number, form in enumerate(forms):
            if form.is_han == han:
                groups.setdefault(min(len(form.codes), MAX_WINDOW), []).append(number)
        for length, numbers in groups.items():
            codes = np.stack([forms[n].codes[:MAX_WINDOW] for n in numbers])
            which = np.array(numbers, dtype=np.uint32)
            derived = np.array([forms[n].kind is FormKind.PINYIN for n in numbers])
            for found, rows in _han_keys(codes, length) if han else _latin_keys(codes, length, derived):
                keys.append(found)
                ids.append(which[rows])
    if not keys:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint32)
    all_keys, all_ids = np.concatenate(keys), np.concatenate(ids)
    order = np.lexsort((all_ids, all_keys))
    all_keys, all_ids = all_keys[order], all_ids[order]
    fresh = np.ones(len(all_keys), dtype=bool)
    fresh[1:] = (all_keys[1:] != all_keys[:-1]) | (all_ids[1:] != all_ids[:-1])
    return all_keys[fresh], all_ids[fresh]


_Rows = tuple[Hashes, NDArray[np.intp]]


def _han_keys(codes: Codes, length: int) -> Iterator[_Rows]:
    rows = np.arange(len(codes))
    terms = letter_hashes(codes) * PLACE[:length]
    whole = terms.sum(axis=1, dtype=np.uint64)
    yield finish(whole, KeyKind.EXACT, length), rows
    yield finish(letter_hashes(codes).sum(axis=1, dtype=np.uint64), KeyKind.ORDER, length), rows
    yield from _sound_keys(codes, length)
    if length in PAIR_LENGTHS:
        for i, j in combinations(range(length), 2):
            mask = i * length + j
            yield finish(whole - terms[:, i] - terms[:, j], KeyKind.EXACT_BUT_TWO, length, mask), rows
    if 4 <= length <= MAX_MASKED:
        for j in range(length):
            shorter = np.delete(codes, j, axis=1)
            yield (
                finish(
                    (letter_hashes(shorter) * PLACE[: length - 1]).sum(axis=1, dtype=np.uint64),
                    KeyKind.EXACT,
                    length - 1,
                ),
                rows,
            )
    if length == 2:
        yield from _two_character_keys(codes)
    if length == 3:
        yield from _three_character_keys(codes)


def _sound_keys(codes: Codes, length: int) -> Iterator[_Rows]:
    """Every combination of the readings of up to two characters that have several."""
    hashes = all_sound_hashes(codes)
    several = [k for k in range(1, len(hashes)) if (hashes[k] != 0).any()]
    for choice in product(range(len(several) + 1), repeat=min(length, 2 if several else 0)):
        # The choice is made for the first two characters that have other readings; all the rest take the usual one.
        chosen = hashes[0].copy()
        changed = np.zeros(len(codes), dtype=bool)
        for nth, reading in enumerate(choice):
            if reading == 0:
                continue
            has = np.cumsum((hashes[1] != 0), axis=1)
            spot = (has == nth + 1) & (hashes[1] != 0) & (hashes[reading] != 0)
            chosen = np.where(spot, hashes[reading], chosen)
            changed |= spot.any(axis=1)
        rows = np.flatnonzero(changed) if any(choice) else np.arange(len(codes))
        if not len(rows):
            continue
        terms = chosen[rows] * PLACE[:length]
        whole = terms.sum(axis=1, dtype=np.uint64)
        yield finish(whole, KeyKind.SOUND, length), rows
        if 3 <= length <= MAX_MASKED:
            for i in range(length):
                yield finish(whole - terms[:, i], KeyKind.SOUND_BUT_ONE, length, i), rows


def all_sound_hashes(codes: Codes) -> Hashes:
    """Shape (readings, *codes.shape): the hash of each reading's near-sound class; 0 where there is no such reading.
    A character without any sounds like itself only."""
    near = get_tables().near[:, codes]
    hashes: Hashes = np.where(near != 0, sound_hashes(near), np.uint64(0))
    hashes[0] = np.where(near[0] != 0, hashes[0], letter_hashes(codes))
    return hashes


def _two_character_keys(codes: Codes) -> Iterator[_Rows]:
    """Look-alikes of either character beside the other one itself, and either's initial letter (耐K)."""
    pairs: list[tuple[int, int, int]] = []
    letters = _initials()
    for row, (a, b) in enumerate(codes.tolist()):
        pairs += [(row, x, b) for x in _nearest(a)]
        pairs += [(row, a, y) for y in _nearest(b)]
        pairs += [(row, letters[a], b)] if a in letters else []
        pairs += [(row, a, letters[b])] if b in letters else []
    if pairs:
        table = np.array(pairs, dtype=np.int64)
        terms = letter_hashes(table[:, 1:].astype(np.uint32)) * PLACE[:2]
        yield finish(terms.sum(axis=1, dtype=np.uint64), KeyKind.EXACT, 2), table[:, 0]


@cache
def _nearest(code: int) -> tuple[int, ...]:
    """The nearest look-alikes, and of those further away the parts of the character and what it is a part of: whoever
    leaves a part out (齐 for 霁) keeps what a buyer reads, though most of the strokes differ."""
    row = [other for other, _ in get_tables().neighbours.get(code, ())]
    return (*row[:GLYPHS_OF_TWO], *(other for other in row[GLYPHS_OF_TWO:] if _is_part(code, other)))


def _is_part(a: int, b: int) -> bool:
    return b in _parts().get(a, ()) or a in _parts().get(b, ())


@cache
def _parts() -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for parts, made in get_tables().splits.items():
        for whole in made:
            found.setdefault(ord(whole), set()).update(map(ord, parts))
    return found


def _three_character_keys(codes: Codes) -> Iterator[_Rows]:
    """The nearest look-alikes of two characters beside the third one itself (粤利粤 for 奥利奥)."""
    near = get_tables().neighbours
    triples: list[tuple[int, ...]] = []
    for row, mark in enumerate(codes.tolist()):
        for i, j in combinations(range(3), 2):
            for x, _ in near.get(mark[i], ())[:GLYPHS_OF_THREE]:
                for y, _ in near.get(mark[j], ())[:GLYPHS_OF_THREE]:
                    changed = [*mark]
                    changed[i], changed[j] = x, y
                    triples.append((row, *changed))
    if triples:
        table = np.array(triples, dtype=np.int64)
        terms = letter_hashes(table[:, 1:].astype(np.uint32)) * PLACE[:3]
        yield finish(terms.sum(axis=1, dtype=np.uint64), KeyKind.EXACT, 3), table[:, 0]


def _initials() -> dict[int, int]:
    tables = get_tables()
    names = {number: ord(name[0]) for name, number in tables.spelling.items()}
    return {code: names[int(tables.syllable[0, code])] for code in range(0x4E00, 0xA000) if tables.syllable[0, code]}


def _latin_keys(codes: Codes, length: int, derived: NDArray[np.bool_]) -> Iterator[_Rows]:
    """A derived spelling is looked for as it is: with a letter changed it would be anybody's word."""
    hashes = letter_hashes(SHAPE[codes])
    whole = (hashes * PLACE[:length]).sum(axis=1, dtype=np.uint64)
    yield finish(whole, KeyKind.EXACT, length, LATIN), np.arange(len(codes))
    rows = np.flatnonzero(~derived)
    hashes, whole = hashes[rows], whole[rows]
    if 4 <= length <= MAX_LATIN:
        yield finish(whole, KeyKind.LATIN_DELETED, length, LATIN), rows
        for j in range(length):
            shorter = np.delete(hashes, j, axis=1) * PLACE[: length - 1]
            yield finish(shorter.sum(axis=1, dtype=np.uint64), KeyKind.LATIN_DELETED, length - 1, LATIN), rows
