"""Generate ``matching/tables/stream.npz`` from ``normalise.fold`` and the committed words: run it after either changes.

    .venv/bin/python tools/tables/stream.py

``steps``: for each code point what a mark's or a title's stream takes of it (0: nothing; 1 + the folded code point
minus its own, wrapping; ``EXPANDS``: several characters). Letters and digits are kept, and the few symbols that stand for letters.
``codes`` and ``counts``: how often each Han character stands in 10 million ordinary words (from ``words.tsv.gz``).
"""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import numpy as np

from infringewatch.normalise import fold_character

TABLES = Path(__file__).parents[2] / "src/infringewatch/matching/tables"
_SYMBOLS = "$@!|"
EXPANDS = 0xFFFFFFFF


def main() -> None:
    steps = np.zeros(0x110000, dtype=np.uint32)
    for code in range(0x110000):
        kept = "".join(c for c in fold_character(chr(code)) if c.isalnum() or c in _SYMBOLS)
        if len(kept) == 1:
            steps[code] = (ord(kept) - code + 1) & 0xFFFFFFFF
        elif kept:
            steps[code] = EXPANDS
    counts: Counter[str] = Counter()
    with gzip.open(TABLES / "words.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            word, count = line.split("\t")
            if not word.isascii():
                for character in word:
                    counts[character] += int(count)
    characters = sorted(counts)
    target = TABLES / "stream.npz"
    np.savez_compressed(
        target,
        steps=steps,
        codes=np.array([ord(c) for c in characters], dtype=np.uint32),
        counts=np.array([counts[c] for c in characters], dtype=np.uint32),
    )
    print(f"{target.name}: {np.count_nonzero(steps)} kept, {len(characters)} counted, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
