"""Ordinary words and how often they are met: cuts Chinese into words, and knows English ones.

From ``tables/words.tsv.gz`` (jieba's and symspellpy's lists, both MIT). Loaded at the first title that has a candidate.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "tables" / "words.tsv.gz"
_LONGEST = 4
_TOTAL_BITS = math.log2(10_000_000)
_UNKNOWN_BITS = 22.0


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a cut text: ``text[start:end]``, with its count in 10 million words (0: not a word we know)."""

    start: int
    end: int
    count: int


@cache
def get_words() -> dict[str, int]:
    with gzip.open(_FILE, "rt", encoding="utf-8") as lines:
        return {word: int(count) for word, count in (line.split("\t") for line in lines)}


def count_of(word: str) -> int:
    """How often ``word`` (folded) is met in 10 million words of its language; 0 where it is no ordinary word."""
    return get_words().get(word, 0)


def bits_of_count(count: int) -> float:
    """The surprise of a word that is met ``count`` times in 10 million; endless for what is no word."""
    return _TOTAL_BITS - math.log2(count) if count else math.inf


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[Word, ...]:
    """The likeliest words of ``text`` (Han characters; others stand alone), by counts of single words."""
    words = get_words()
    best = [0.0] * (len(text) + 1)
    step = [1] * (len(text) + 1)
    for start in range(len(text) - 1, -1, -1):
        best[start] = math.inf
        for length in range(1, min(_LONGEST, len(text) - start) + 1):
            count = words.get(text[start : start + length], 0)
            if count == 0 and length > 1:
                continue
            bits = _TOTAL_BITS - math.log2(count) if count else _UNKNOWN_BITS
            if bits + best[start + length] < best[start]:
                best[start], step[start] = bits + best[start + length], length
    found: list[Word] = []
    at = 0
    while at < len(text):
        piece = text[at : at + step[at]]
        found.append(Word(at, at + step[at], words.get(piece, 0)))
        at += step[at]
    return tuple(found)
