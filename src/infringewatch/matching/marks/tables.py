"""The generated tables as arrays over code points: what a character sounds like, looks like, and how common it is.

Read once per process from ``matching/tables`` (see ``docs/matching.md`` for sources and licences); never changed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "tables"
CODE_POINTS = 0x110000
PINYIN_BASE = 0xF0000
"""A spelled syllable stands in a stream as this plus its number (private plane 15: no text has those)."""
MAX_READINGS = 3
_FILES = ("stream.npz", "syllables.tsv", "glyphs.tsv", "splits.tsv", "transliterations.tsv")

Codes: TypeAlias = NDArray[np.uint32]
Floats: TypeAlias = NDArray[np.float32]

_MERGED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "f"), ("h", "f"))
_DIGIT_READINGS = dict(
    zip("0123456789", ["ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"], strict=True)
)


def near_sound(syllable: str) -> str:
    """The class of syllables that are often mixed up in speech: zh-z, ch-c, sh-s, n-l-r, hu-f, ng-n."""
    body = syllable[:-1] if syllable.endswith("ng") else syllable
    for initial, merged in _MERGED_INITIALS:
        if body.startswith(initial) and len(body) > len(initial):
            rest = body[len(initial) :]
            # "hu" is f only before a vowel (hui-fei, huan-fan); "h" alone only before u (hu-fu).
            if initial == "h" and rest != "u":
                return body
            return merged + rest
    return body


@dataclass(frozen=True, slots=True, eq=False)
class MarkTables:
    """Arrays indexed by code point unless said otherwise.

    ``syllable[k]`` is the number of the k-th reading (0: none), ``near[k]`` the class of that reading.
    ``glyph_pairs`` is sorted, ``a << 21 | b`` for look-alike a and b; ``glyph_similarity`` runs beside it.
    ``exact_bits`` and so on say how surprising it is to meet this character, or one that sounds or looks like it.
    """

    steps: Codes
    syllable: NDArray[np.uint16]
    near: NDArray[np.uint16]
    spelling: dict[str, int]
    glyph_pairs: NDArray[np.uint64]
    glyph_similarity: Floats
    neighbours: dict[int, list[tuple[int, float]]]
    splits: dict[str, str]
    exact_bits: Floats
    sound_bits: Floats
    near_bits: Floats
    glyph_bits: Floats
    version: str

    def look_alike(self, a: int, b: int) -> float:
        """Similarity of two characters by shape; 0 where they do not look alike."""
        for other, similarity in self.neighbours.get(a, ()):
            if other == b:
                return similarity
        return 0.0


@cache
def get_tables() -> MarkTables:
    with np.load(FOLDER / "stream.npz") as stored:
        steps, codes, counts = stored["steps"], stored["codes"], stored["counts"]
    syllable, near, spelling = _read_syllables()
    neighbours = _read_glyphs()
    pairs = sorted((a << 21 | b, s) for a, row in neighbours.items() for b, s in row)
    frequency = np.full(CODE_POINTS, 2.0**-17)
    frequency[codes] = np.maximum(counts / counts.sum(), 2.0**-17)
    bits = _bits(frequency, syllable[0], near[0], neighbours)
    return MarkTables(
        steps,
        syllable,
        near,
        spelling,
        np.array([pair for pair, _ in pairs], dtype=np.uint64),
        np.array([similarity for _, similarity in pairs], dtype=np.float32),
        neighbours,
        _read_splits(),
        *bits,
        version=_version(),
    )


def _read_lines(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def _read_syllables() -> tuple[NDArray[np.uint16], NDArray[np.uint16], dict[str, int]]:
    rows = [(ord(c), readings.split(" ")) for c, readings in _read_lines("syllables.tsv")]
    rows += [(ord(digit), [reading]) for digit, reading in _DIGIT_READINGS.items()]
    names = sorted({reading for _, readings in rows for reading in readings})
    spelling = {name: number for number, name in enumerate(names, 1)}
    classes = {name: number for number, name in enumerate(sorted({near_sound(n) for n in names}), 1)}
    syllable = np.zeros((MAX_READINGS, CODE_POINTS), dtype=np.uint16)
    near = np.zeros((MAX_READINGS, CODE_POINTS), dtype=np.uint16)
    rows += [(PINYIN_BASE + number, [name]) for name, number in spelling.items()]
    for code, readings in rows:
        for k, reading in enumerate(readings[:MAX_READINGS]):
            syllable[k, code] = spelling[reading]
            near[k, code] = classes[near_sound(reading)]
    return syllable, near, spelling


def _read_glyphs() -> dict[int, list[tuple[int, float]]]:
    found: dict[int, dict[int, float]] = defaultdict(dict)
    for character, row in _read_lines("glyphs.tsv"):
        for entry in row.split(" "):
            similarity = int(entry[1:]) / 100
            found[ord(character)][ord(entry[0])] = similarity
            found[ord(entry[0])][ord(character)] = similarity
    return {a: sorted(row.items(), key=lambda pair: (-pair[1], pair[0])) for a, row in found.items()}


def _read_splits() -> dict[str, str]:
    """Parts to the character they make; where there are several, all of them, the commonest is left to whoever reads."""
    return {parts: made.replace(" ", "") for parts, made in _read_lines("splits.tsv")}


def _bits(
    frequency: NDArray[np.float64],
    syllable: NDArray[np.uint16],
    near: NDArray[np.uint16],
    neighbours: dict[int, list[tuple[int, float]]],
) -> tuple[Floats, Floats, Floats, Floats]:
    han = np.zeros(CODE_POINTS, dtype=bool)
    han[0x3400:0xA000] = True
    weight = np.where(han, frequency, 0.0)
    by_syllable = np.bincount(syllable, weights=weight)[syllable]
    by_near = np.bincount(near, weights=weight)[near]
    by_glyph = np.full(CODE_POINTS, 2.0**-9)
    for a, row in neighbours.items():
        by_glyph[a] = max(2.0**-11, sum(frequency[b] for b, _ in row))

    def to_bits(share: NDArray[np.float64], most: float) -> Floats:
        return np.minimum(-np.log2(np.maximum(share, 2.0**-20)), most).astype(np.float32)

    return (
        to_bits(frequency, 11.0),
        to_bits(np.maximum(by_syllable, frequency), 8.5),
        to_bits(np.maximum(by_near, frequency), 8.0),
        to_bits(by_glyph, 9.0),
    )


def _version() -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update((FOLDER / name).read_bytes())
    return digest.hexdigest()[:12]
