"""Shape classes of Latin letters and digits: what print may stand for what letter (0-o, 1-l-i, 5-s, @-a)."""

from __future__ import annotations

import numpy as np

from infringewatch.matching.marks.tables import CODE_POINTS, Codes

CLASSES = ("o0", "il1|!", "e3", "a4@", "s5$", "t7", "b8", "g9", "z2", "uv")
"""The first letter names the class. Members differ little enough to be read as one another."""

KEYBOARD_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def _class_table() -> Codes:
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    for letters in CLASSES:
        for letter in letters:
            table[ord(letter)] = ord(letters[0])
    return table


SHAPE: Codes = _class_table()


def _keyboard_neighbours() -> frozenset[tuple[str, str]]:
    pairs = set()
    for r, row in enumerate(KEYBOARD_ROWS):
        for c, letter in enumerate(row):
            near = [(r, c + 1), (r + 1, c), (r + 1, c - 1)]
            for other in (KEYBOARD_ROWS[y][x] for y, x in near if y < 4 and 0 <= x < len(KEYBOARD_ROWS[y])):
                pairs |= {(letter, other), (other, letter)}
    return frozenset(pairs)


KEYBOARD_NEIGHBOURS = _keyboard_neighbours()


def is_same_shape(a: str, b: str) -> bool:
    return bool(SHAPE[ord(a)] == SHAPE[ord(b)])
