"""How one letter of a text may stand for one letter of a mark. Each relation has a similarity, the surprise of meeting
it by chance (bits), and how much it speaks for a wish to hide (0-1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from infringewatch.matching.marks.shapes import KEYBOARD_NEIGHBOURS, is_same_shape
from infringewatch.matching.marks.tables import PINYIN_BASE, MarkTables, get_tables

LETTER_BITS = 4.2


@dataclass(frozen=True, slots=True)
class Relation:
    """``hiding`` is 0 for what happens innocently."""

    name: str
    similarity: float
    bits: float
    hiding: float


HIDING = {
    "same": 0.0,
    "width": 0.1,
    "variant": 0.2,
    "script": 1.0,
    "split": 0.9,
    "pinyin": 0.6,
    "initial": 0.5,
    "look_alike": 0.5,
    "leet": 0.6,
    "same_sound": 0.4,
    "near_sound": 0.25,
    "keyboard": 0.3,
    "swapped": 0.4,
    "doubled": 0.3,
    "inserted": 0.15,
    "dropped": 0.2,
    "different": 0.0,
    "invisible": 1.0,
    "separator": 0.6,
    "space": 0.25,
}
"""The vocabulary of an alignment (``docs/matching.md`` explains each word), and how much each speaks for hiding."""


def make_relation(name: str, similarity: float, bits: float) -> Relation:
    return Relation(name, similarity, bits, HIDING[name])


@cache
def relate(text: int, mark: int) -> Relation:
    """The best reading of the folded letter ``text`` as the folded letter ``mark``."""
    return _relate_han(text, mark) if mark >= 0x2E80 else _relate_latin(text, mark)


def _relate_han(text: int, mark: int) -> Relation:
    tables = get_tables()
    if text == mark:
        return make_relation("same", 1.0, float(tables.exact_bits[mark]))
    ways = [*_by_sound(text, mark, tables), *_by_shape(text, mark, tables)]
    best = max(ways, key=lambda way: way.bits, default=make_relation("different", 0.0, -3.5))
    if len(ways) == 2:  # it sounds and looks alike (汪 for 旺): rarer than either
        return replace(best, similarity=max(way.similarity for way in ways), bits=best.bits + 1.5, hiding=0.6)
    return best


def _by_sound(text: int, mark: int, tables: MarkTables) -> list[Relation]:
    heard, near = int(tables.syllable[0, text]), int(tables.near[0, text])
    if not heard:
        return _by_initial(text, mark, tables)
    name = "pinyin" if text >= PINYIN_BASE else "same_sound"
    if heard in tables.syllable[:, mark]:
        return [make_relation(name, 0.88, float(tables.sound_bits[mark]) - 0.5)]
    if near in tables.near[:, mark]:
        return [
            make_relation("pinyin" if name == "pinyin" else "near_sound", 0.75, float(tables.near_bits[mark]) - 1.5)
        ]
    return []


def _by_initial(text: int, mark: int, tables: MarkTables) -> list[Relation]:
    if not 97 <= text <= 122 or not tables.syllable[0, mark]:
        return []
    return [make_relation("initial", 0.6, 4.0)] if _syllable_initials()[int(tables.syllable[0, mark])] == text else []


@cache
def _syllable_initials() -> dict[int, int]:
    return {number: ord(name[0]) for name, number in get_tables().spelling.items()}


def _by_shape(text: int, mark: int, tables: MarkTables) -> list[Relation]:
    similarity = tables.look_alike(text, mark)
    if not similarity:
        return []
    # 0.54 is the least likeness in the table (a part for the whole), 0.92 the highest that is met often: 免 for 兔.
    sureness = min(1.0, max(0.0, similarity - 0.4) / 0.4)
    return [
        make_relation("look_alike", 0.55 + 0.4 * sureness, float(tables.glyph_bits[mark]) * (0.55 + 0.45 * sureness))
    ]


def _relate_latin(text: int, mark: int) -> Relation:
    if text == mark:
        return make_relation("same", 1.0, LETTER_BITS if 97 <= mark <= 122 else 3.3)
    if text >= 128 or not text:
        return make_relation("different", 0.0, -5.0)
    a, b = chr(text), chr(mark)
    if is_same_shape(a, b):
        return make_relation("leet", 0.9, LETTER_BITS - 1.2)
    if (a, b) in KEYBOARD_NEIGHBOURS:
        return make_relation("keyboard", 0.4, -1.5)
    return make_relation("different", 0.0, -4.0)
