"""Characters strewn into a text to break its grams, told from the text by their kind, number or rhythm.

No print survives a foreign character after every fourth of the text. The readings of a page are the text as it stands
and, where a page shows noise, the text without it; all keep their raw offsets.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Canonical, Codes, Offsets, is_wide

_LONGEST_RUN = 2  # foreign characters in a row that still are noise and no word
_NOISY = 0.03
_JAPANESE = 0.3
_DOMINANT = 0.09  # no Han character makes up so much of a text
_PERIODS = range(3, 13)
_WINDOW = 480
_RHYTHM = 4.0  # standard deviations, the mean over windows
_FEWEST = 120


def readings_of(page: Canonical) -> Iterator[tuple[Canonical, Offsets]]:
    """The page as it stands, then what is left when a noise that it shows is taken away (at most two more), each with
    the raw offsets of what was taken."""
    yield page, page.offsets[:0]
    if len(page) < _FEWEST:
        return
    noise = _foreign(page.codes) | _dominant(page.codes)
    if noise.sum() >= _NOISY * len(page):
        yield _without(page, noise)
    rhythm = _rhythmic(page)
    if rhythm is not None:
        yield _without(page, rhythm)


def _without(page: Canonical, noise: NDArray[np.bool_]) -> tuple[Canonical, Offsets]:
    return Canonical(page.codes[~noise], page.offsets[~noise], page.raw[~noise]), page.offsets[noise]


def _foreign(codes: Codes) -> NDArray[np.bool_]:
    """Short runs of characters of another kind than the text's: letters, digits, kana or rare characters in Chinese,
    anything but the Latin letters within Latin text."""
    han = _is_common_han()[codes]
    kana = (codes >= 0x3040) & (codes < 0x3100)
    if kana.mean() > _JAPANESE:
        return np.zeros(len(codes), dtype=np.bool_)
    own = han if is_wide(codes).mean() > 0.5 else (codes >= ord("a")) & (codes <= ord("z"))
    edges = np.flatnonzero(np.diff(np.concatenate([[True], own, [True]]).astype(np.int8)))
    foreign = np.zeros(len(codes), dtype=np.bool_)
    starts, ends = edges[::2], edges[1::2]
    short = ends - starts <= _LONGEST_RUN
    foreign[starts[short]] = True
    foreign[ends[short] - 1] = True
    return foreign


def _dominant(codes: Codes) -> NDArray[np.bool_]:
    values, count = np.unique(codes, return_counts=True)
    often = values[(count > _DOMINANT * len(codes)) & is_wide(values)]
    return np.isin(codes, often) if len(often) else np.zeros(len(codes), dtype=np.bool_)


def _rhythmic(page: Canonical) -> NDArray[np.bool_] | None:
    """Every n-th raw character, where those are unlike the others: much rarer in the page, or much more common."""
    _, which, count = np.unique(page.codes, return_inverse=True, return_counts=True)
    rarity = -np.log2(count[which] / len(page))
    rarity = (rarity - rarity.mean()) / max(float(rarity.std()), 1e-9)
    window = page.offsets // _WINDOW
    windows = int(window[-1]) + 1
    if windows * _FEWEST > 8 * len(page):  # mostly blanks: no rhythm to see, and no bound on the counts
        return None
    if not _has_peak(page, rarity, windows):
        return None
    best, found = _RHYTHM, None
    for period in _PERIODS:
        cell = window * period + page.offsets % period
        size = np.bincount(cell, minlength=windows * period)
        total = np.bincount(cell, weights=rarity, minlength=windows * period)
        score = np.abs(total / np.sqrt(np.maximum(size, 1))).reshape(windows, period)
        full = size.reshape(windows, period).sum(axis=1) >= _FEWEST
        strength = float(score.max(axis=1)[full].mean()) if full.any() else 0.0
        if strength > best:
            best, found = strength, score.argmax(axis=1)[window] == page.offsets % period
    return found


def _has_peak(page: Canonical, rarity: NDArray[np.float64], windows: int) -> bool:
    """Whether the spectrum over raw places stands out anywhere between the longest and the shortest period: a cheap
    look before the exact one."""
    series = np.zeros(windows * _WINDOW)
    series[page.offsets] = rarity
    power = (np.abs(np.fft.rfft(series.reshape(windows, _WINDOW), axis=1)) ** 2).mean(axis=0)
    band = power[_WINDOW // _PERIODS[-1] - 2 : _WINDOW // _PERIODS[0] + 2]
    return bool(band.max() > (2 + 8 / np.sqrt(windows)) * np.median(band))


@cache
def _is_common_han() -> NDArray[np.bool_]:
    """The 6,763 characters of GB 2312: what simplified text is written with."""
    table = np.zeros(0x110000, dtype=np.bool_)
    pairs = bytes(b for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    table[[ord(character) for character in pairs.decode("gb2312", "ignore")]] = True
    return table
