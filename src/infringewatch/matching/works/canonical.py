"""Canonical text: what is left of a text when case, width, script, spacing and punctuation are taken away.

One code-point table (``matching/tables/canonical_text.npz``, made by ``tools/tables/canonical_text.py``) does
everything in one NumPy pass, and each canonical character remembers the raw code point that it came from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint32]
Offsets: TypeAlias = NDArray[np.int64]

_TABLE_FILE = Path(__file__).parents[1] / "tables" / "canonical_text.npz"
_EXPANDED = 0x110000
_FIRST_WIDE = 0x2E80
LETTER_WEIGHT = 0.25
"""A Han character (kana, Hangul syllable) carries about as much as four letters: lengths are counted so."""


@dataclass(frozen=True, slots=True, eq=False)
class Canonical:
    """``codes[i]`` is a canonical code point made by the raw code point ``raw[i]``, which stands at ``offsets[i]``
    (ascending)."""

    codes: Codes
    offsets: Offsets
    raw: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def text(self) -> str:
        return text_of(self.codes)

    def cut(self, start: int, end: int) -> Canonical:
        return Canonical(self.codes[start:end], self.offsets[start:end], self.raw[start:end])

    def raw_range(self, start: int, end: int) -> tuple[int, int]:
        """Half-open raw range of the canonical range ``start:end`` (not empty)."""
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


def canonicalise(raw: str, *, start: int = 0) -> Canonical:
    """Canonical text of ``raw``; offsets count code points from ``start``. Lone surrogates are dropped."""
    steps, expansions = _table()
    given = np.frombuffer(raw.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    step = steps[given]
    offsets = np.flatnonzero(step)
    codes = (given[offsets] + step[offsets] - np.uint32(1)).astype(np.uint32)
    if len(codes) and int(codes.max()) >= _EXPANDED:
        codes, offsets = _expand(codes, offsets, expansions)
    return Canonical(codes, offsets + start, given[offsets])


def join(pieces: Sequence[Canonical]) -> Canonical:
    """Neighbouring pieces of one text as one."""
    if len(pieces) == 1:
        return pieces[0]
    joined = (np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("codes", "offsets", "raw"))
    return Canonical(*joined) if pieces else canonicalise("")


def text_of(codes: Codes) -> str:
    """Code points as a string."""
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def is_wide(codes: Codes) -> NDArray[np.bool_]:
    """Which characters are Han, kana or Hangul: one of them weighs as much as four letters."""
    return codes >= _FIRST_WIDE


def weight_of(codes: Codes) -> float:
    """Length in Han characters, four letters or digits counting as one."""
    wide = int(np.count_nonzero(is_wide(codes)))
    return wide + (len(codes) - wide) * LETTER_WEIGHT


@cache
def table_version() -> str:
    """Names the table by its content; kept in every index, so that another table's prints are refused."""
    return hashlib.sha256(_TABLE_FILE.read_bytes()).hexdigest()[:12]


@cache
def _table() -> tuple[NDArray[np.uint32], list[Codes]]:
    with np.load(_TABLE_FILE) as packed:
        steps = packed["steps"]
        expansions = [np.frombuffer(str(text).encode("utf-32-le"), dtype="<u4") for text in packed["expansions"]]
    return steps, expansions


def _expand(codes: Codes, offsets: Offsets, expansions: list[Codes]) -> tuple[Codes, Offsets]:
    """Put several characters where one code point stands for several (``ﬁ``, ``㍿``)."""
    pieces: list[Codes] = []
    places: list[Offsets] = []
    done = 0
    for index in np.flatnonzero(codes >= _EXPANDED).tolist():
        expansion = expansions[int(codes[index]) - _EXPANDED]
        pieces += [codes[done:index], expansion]
        places += [offsets[done:index], np.full(len(expansion), offsets[index], dtype=np.int64)]
        done = index + 1
    return np.concatenate([*pieces, codes[done:]]), np.concatenate([*places, offsets[done:]])
