"""Hash keys that a disguised mark shares with its original: linear hashes, so that leaving a letter out is one subtraction.

The hash of a window is the sum of ``PLACE[i] * scatter(code[i])`` (mod 2^64), scattered once more with its key kind.
The same functions serve the list and the titles: what they agree on is what can be found.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]

MAX_WINDOW = 24
_SOUND_SALT = np.uint64(0xD6E8FEB86659FD93)


class KeyKind(IntEnum):
    """What stayed the same."""

    EXACT = 1  # every letter (for Latin: every shape class)
    SOUND = 2  # every near-sound class
    SOUND_BUT_ONE = 3  # every near-sound class but one
    EXACT_BUT_TWO = 4  # two characters of four to six
    ORDER = 5  # the letters, in another order
    LATIN_DELETED = 6  # the shape classes, with one letter left out on either side


def scatter(values: NDArray[np.uint64]) -> Hashes:
    """splitmix64's finisher: a fixed pseudo-random 64-bit value for each value."""
    mixed = values * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


PLACE: Hashes = scatter(np.arange(1000, 1000 + MAX_WINDOW + 2, dtype=np.uint64)) | np.uint64(1)


def letter_hashes(codes: NDArray[np.uint32]) -> Hashes:
    return scatter(codes.astype(np.uint64))


def sound_hashes(classes: NDArray[np.uint16]) -> Hashes:
    return scatter(classes.astype(np.uint64) ^ _SOUND_SALT)


def finish(sums: Hashes, kind: KeyKind, length: int, mask: int = 0) -> Hashes:
    """The key of a window sum. ``length`` and ``mask`` are those of the mark."""
    tag = np.uint64(kind << 16 | length << 8 | mask)
    return scatter(sums ^ scatter(np.array([tag], dtype=np.uint64))[0])
