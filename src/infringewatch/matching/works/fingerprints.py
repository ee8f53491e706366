"""Winnowed fingerprints of canonical text (Schleimer, Wilkerson, Aiken 2003), in NumPy.

Any two texts that share a run of ``gram + window - 1`` canonical characters share a print of it. The hash has no
salt and no seed from outside: the same text gives the same prints on every machine.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from infringewatch.errors import PrintsMismatch
from infringewatch.matching.works.canonical import Codes, is_wide, table_version

Hashes: TypeAlias = NDArray[np.uint64]
Positions: TypeAlias = NDArray[np.int64]

_BASE = 0x9E3779B97F4A7C15
_FEW = 8
NO_GRAM = np.uint64((1 << 64) - 1)


@dataclass(frozen=True, slots=True)
class Parameters:
    """How prints are made. A gram that begins with a wide character has ``wide_gram`` characters, any other
    ``letter_gram``; of ``window`` neighbouring grams the smallest hash is kept."""

    wide_gram: int = 8
    letter_gram: int = 15
    window: int = 16


@dataclass(frozen=True, slots=True)
class Header:
    """What an index of prints was made with."""

    parameters: Parameters
    table: str
    scheme: int = 1

    def to_record(self) -> dict[str, object]:
        return {"scheme": self.scheme, "table": self.table, **asdict(self.parameters)}

    def refuse_other(self, found: dict[str, object], name: str) -> None:
        """Raise PrintsMismatch unless ``found`` (an index's own header) says the same."""
        wrong = [
            f"{key} {found.get(key)!r}, not {value!r}"
            for key, value in self.to_record().items()
            if found.get(key) != value
        ]
        if wrong:
            raise PrintsMismatch(f"{name} was made otherwise ({'; '.join(wrong)}): add its works anew")


def current_header() -> Header:
    """The header of the prints that this version makes."""
    return Header(Parameters(), table_version())


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """``hashes[i]`` belongs to the gram that begins at canonical position ``positions[i]`` (ascending)."""

    hashes: Hashes
    positions: Positions

    def __len__(self) -> int:
        return len(self.hashes)


def make_prints(codes: Codes, parameters: Parameters | None = None) -> Prints:
    """The prints of a canonical text. Grams that only repeat one to three characters are left out: they say nothing."""
    parameters = parameters or Parameters()
    hashes = gram_hashes(codes, parameters)
    positions = _winnow(hashes, parameters.window)
    positions = positions[~_is_repetition(codes, parameters.wide_gram)[positions]]
    return Prints(hashes[positions], positions)


def gram_hashes(codes: Codes, parameters: Parameters) -> Hashes:
    """The hash of the gram that begins at each position; ``NO_GRAM`` where the text ends before a letter gram does."""
    count = max(len(codes) - parameters.wide_gram + 1, 0)
    wide = is_wide(codes[:count])
    hashes = np.full(count, NO_GRAM, dtype=np.uint64)
    for mine, size in ((wide, parameters.wide_gram), (~wide, parameters.letter_gram)):
        places = np.flatnonzero(mine[: max(len(codes) - size + 1, 0)])
        if len(places) * _FEW < count:
            hashes[places] = _hash_at(codes, places, size)
        elif len(places):
            hashes[places] = _hash_windows(codes, size)[places]
    return hashes


def _hash_at(codes: Codes, places: Positions, size: int) -> Hashes:
    """What ``_hash_windows`` gives at a few places."""
    total = np.zeros(len(places), dtype=np.uint64)
    for step in range(size):
        factor = np.uint64(pow(_BASE, size - step, 1 << 64))
        total += codes[places + step].astype(np.uint64) * factor
    return _mix(total)


def _hash_windows(codes: Codes, size: int) -> Hashes:
    """A polynomial hash of each window of ``size`` codes, made by doubling, then mixed so that its order is random."""
    if len(codes) < size:
        return np.zeros(0, dtype=np.uint64)
    power, width = codes.astype(np.uint64) * np.uint64(_BASE), 1
    total, covered = np.zeros(len(codes), dtype=np.uint64), 0
    while covered < size:
        if size & width:
            total = _join(total, covered, power, width)
            covered += width
        if covered < size:
            power, width = _join(power, width, power, width), width * 2
    return _mix(total[: len(codes) - size + 1])


def _join(left: Hashes, left_width: int, right: Hashes, right_width: int) -> Hashes:
    """The hash of two neighbouring windows as one: both arrays are indexed by where their window begins."""
    factor = np.uint64(pow(_BASE, right_width, 1 << 64))
    count = max(min(len(left), len(right) - left_width), 0)
    return left[:count] * factor + right[left_width : left_width + count]


def _mix(values: Hashes) -> Hashes:
    """The finaliser of MurmurHash3, cut to 47 bits: six bytes, signed, in any store."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values >> np.uint64(17)


def _winnow(hashes: Hashes, window: int) -> Positions:
    """Positions whose hash is the smallest of some window that holds them (all of them where several are equal)."""
    if not len(hashes):
        return np.zeros(0, dtype=np.int64)
    window = min(window, len(hashes))
    lowest = _sliding(hashes, window, np.minimum)
    edge = np.zeros(window - 1, dtype=np.uint64)
    highest = _sliding(np.concatenate([edge, lowest, edge]), window, np.maximum)
    return np.flatnonzero((hashes == highest) & (hashes != NO_GRAM))


def _sliding(values: Hashes, window: int, extreme: np.ufunc) -> Hashes:
    """``extreme`` over each run of ``window`` values, by doubling."""
    width = 1
    while width * 2 <= window:
        values = extreme(values[:-width], values[width:])
        width *= 2
    rest = window - width
    return values if not rest else extreme(values[:-rest], values[rest:])


def _is_repetition(codes: Codes, gram: int) -> NDArray[np.bool_]:
    """For each position whether the ``gram`` characters from there only repeat one, two or three characters."""
    repeated = np.zeros(len(codes), dtype=np.bool_)
    for period in (1, 2, 3):
        length = gram - period
        if len(codes) < gram:
            break
        same = np.concatenate([[0], np.cumsum(codes[:-period] == codes[period:])])
        repeated[: len(same) - length] |= same[length:] - same[:-length] == length
    return repeated
