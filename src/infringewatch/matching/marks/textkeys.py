"""The windows of a batch of texts and their keys: where in a text could a form of the list stand?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.keys import MAX_WINDOW, PLACE, Hashes, KeyKind, finish, letter_hashes
from infringewatch.matching.marks.listkeys import LATIN, MAX_LATIN, MAX_MASKED, PAIR_LENGTHS, all_sound_hashes
from infringewatch.matching.marks.shapes import SHAPE
from infringewatch.matching.marks.streams import Batch, ViewKind

_MAX_JOINED = 3
_MAX_SPELLED_OUT = 12

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Windows of ``length`` letters beginning at ``places`` (indices into the batch), with their keys."""

    kind: KeyKind
    length: int
    places: Places
    keys: Hashes


def iter_windows(batch: Batch, han: frozenset[int], latin: frozenset[int]) -> Iterator[Windows]:
    """All windows for forms of the given lengths."""
    if len(batch.codes) == 0:
        return
    if han:
        yield from _han_windows(batch, han)
    if latin:
        yield from _exact_latin(batch, latin)
        yield from _deleted_latin(batch, latin)


def _han_windows(batch: Batch, lengths: frozenset[int]) -> Iterator[Windows]:
    spans = _Spans(batch, lambda codes: codes >= 0x2E80)
    letters, sounds = letter_hashes(batch.codes), all_sound_hashes(batch.codes)[0]
    exact, sound = _window_sums(letters, max(lengths) + 1), _window_sums(sounds, max(lengths))
    plain = np.concatenate([np.zeros(1, np.uint64), np.cumsum(letters, dtype=np.uint64)])
    for n in sorted(lengths | {n - 1 for n in lengths if n >= 4}):
        places = spans.places(n)
        yield Windows(KeyKind.EXACT, n, places, finish(exact[n][places], KeyKind.EXACT, n))
        if n not in lengths:
            continue
        order = plain[places + n] - plain[places]
        yield Windows(KeyKind.ORDER, n, places, finish(order, KeyKind.ORDER, n))
        whole = sound[n][places]
        yield Windows(KeyKind.SOUND, n, places, finish(whole, KeyKind.SOUND, n))
        if 3 <= n <= MAX_MASKED:
            for i in range(n):
                left = whole - sounds[places + i] * PLACE[i]
                yield Windows(KeyKind.SOUND_BUT_ONE, n, places, finish(left, KeyKind.SOUND_BUT_ONE, n, i))
            longer = spans.places(n + 1)
            for j in range(1, n):
                skipped = exact[j][longer] + exact[n][longer + 1] - exact[j][longer + 1]
                yield Windows(KeyKind.EXACT, n + 1, longer, finish(skipped, KeyKind.EXACT, n))
        if n in PAIR_LENGTHS:
            for i, j in combinations(range(n), 2):
                left = exact[n][places] - letters[places + i] * PLACE[i] - letters[places + j] * PLACE[j]
                yield Windows(KeyKind.EXACT_BUT_TWO, n, places, finish(left, KeyKind.EXACT_BUT_TWO, n, i * n + j))


def _exact_latin(batch: Batch, lengths: frozenset[int]) -> Iterator[Windows]:
    spans = _Spans(batch, lambda codes: (codes >= 97) & (codes <= 122), only=lambda codes: (codes > 0) & (codes < 128))
    sums = _window_sums(letter_hashes(SHAPE[batch.codes]), max(lengths))
    for n in sorted(lengths):
        places = spans.places(n)
        yield Windows(KeyKind.EXACT, n, places, finish(sums[n][places], KeyKind.EXACT, n, LATIN))


def _deleted_latin(batch: Batch, lengths: frozenset[int]) -> Iterator[Windows]:
    wanted = {n + d for n in lengths if 4 <= n <= MAX_LATIN for d in (-1, 0, 1)}
    starts, ends = word_windows(batch)
    hashes = letter_hashes(SHAPE[batch.codes])
    for n in sorted(wanted):
        places = starts[ends - starts == n]
        if not len(places):
            continue
        letters = hashes[places[:, None] + np.arange(n)]
        whole = (letters * PLACE[:n]).sum(axis=1, dtype=np.uint64)
        yield Windows(KeyKind.LATIN_DELETED, n, places, finish(whole, KeyKind.LATIN_DELETED, n, LATIN))
        for j in range(n):
            shorter = (np.delete(letters, j, axis=1) * PLACE[: n - 1]).sum(axis=1, dtype=np.uint64)
            yield Windows(KeyKind.LATIN_DELETED, n, places, finish(shorter, KeyKind.LATIN_DELETED, n - 1, LATIN))


def word_windows(batch: Batch) -> tuple[Places, Places]:
    """Starts and ends of words of ASCII letters and digits, of up to three neighbours together, and of words that are
    spelled out letter by letter."""
    ascii_ = (batch.codes > 0) & (batch.codes < 128) & (batch.kind[batch.view] != ViewKind.SPELLED)
    joined = np.zeros(len(batch.codes), dtype=bool)
    joined[1:] = ascii_[1:] & ascii_[:-1] & (batch.starts[1:] == batch.ends[:-1])
    first = np.flatnonzero(ascii_ & ~joined)
    last = np.flatnonzero(ascii_ & ~np.append(joined[1:], False)) + 1
    short = (last - first) <= 2
    starts, ends = [first], [last]
    together = np.ones(len(first), dtype=bool)
    spelled = short.copy()
    for m in range(1, _MAX_SPELLED_OUT):
        count = len(first) - m
        if count <= 0:
            break
        together = together[:count] & (last[m - 1 : m - 1 + count] == first[m : m + count])
        spelled = spelled[:count] & short[m:]
        keep = together & (spelled if m >= _MAX_JOINED else True) & (last[m:] - first[:count] <= MAX_LATIN + 1)
        starts.append(first[:count][keep])
        ends.append(last[m:][keep])
    return np.concatenate(starts), np.concatenate(ends)


def _window_sums(hashes: Hashes, longest: int) -> list[Hashes]:
    """``sums[n][p]``: sum of ``PLACE[i] * hashes[p + i]`` for i < n, letters beyond the end counting 0."""
    padded = np.concatenate([hashes, np.zeros(longest + 2, dtype=np.uint64)])
    size = len(hashes) + 1
    sums = [np.zeros(size, dtype=np.uint64)]
    for n in range(1, min(longest, MAX_WINDOW + 1) + 1):
        sums.append(sums[-1] + PLACE[n - 1] * padded[n - 1 : n - 1 + size])
    return sums


class _Spans:
    """Where windows may lie: within one view, with at least one letter of the script in question."""

    def __init__(
        self,
        batch: Batch,
        needed: Callable[[NDArray[np.uint32]], NDArray[np.bool_]],
        only: Callable[[NDArray[np.uint32]], NDArray[np.bool_]] = lambda codes: codes > 0,
    ) -> None:
        barred = ~only(batch.codes)
        self._barred = np.concatenate([[0], np.cumsum(barred)])
        self._needed = np.concatenate([[0], np.cumsum(needed(batch.codes))])

    def places(self, length: int) -> Places:
        if len(self._barred) <= length:
            return np.zeros(0, dtype=np.intp)
        free = self._barred[length:] == self._barred[:-length]
        return np.flatnonzero(free & (self._needed[length:] > self._needed[:-length]))
