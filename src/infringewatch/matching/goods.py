"""Which goods an item is about, as Nice classes, and how they stand to the classes of a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from infringewatch.matching.cues import Found, Words, fold_cached
from infringewatch.model import Item, ItemKind, Right

_RELATED = (
    frozenset({18, 25, 14, 26}),
    frozenset({25, 28}),
    frozenset({29, 30, 31, 32}),
    frozenset({32, 33}),
    frozenset({7, 8, 11, 21}),
    frozenset({7, 9, 11}),
    frozenset({3, 5, 44}),
    frozenset({5, 10, 44}),
    frozenset({20, 24, 27, 21}),
    frozenset({6, 19, 20}),
    frozenset({12, 4, 28}),
    frozenset({9, 38, 41, 42}),
    frozenset({16, 41, 28}),
    frozenset({1, 2, 17, 19}),
    frozenset({30, 43}),
)
"""Goods that buyers meet beside each other; the groups follow the similar-goods practice only roughly."""
_RETAIL = 35
_CLASSES_OF_WORKS = (9, 16, 41)
_NOUN = 1.0
"""Strength of words that name goods; words that are only said of them (全网通, 加绒, 52度) count where no noun stands."""
_HEAD_ENDS = re.compile(r"\b(for|with|compatible|fits|by|from|in|of)\b|[|,;(\[【（]|- ")


@dataclass(frozen=True, slots=True)
class Goods:
    """What an item is: ``head`` is the class of its head noun or of the item's own field, ``others`` those of other
    nouns in its title. ``word`` is what was read."""

    head: int | None
    others: frozenset[int]
    word: str
    declared: bool


def read_goods(item: Item, words: Words, *, without: tuple[int, int] | None = None) -> Goods:
    """``without``: a folded range of the title (the mark itself) whose words are no goods."""
    text = fold_cached(item.title).text
    apart = [f for f in words.find(text) if without is None or f.end <= without[0] or f.start >= without[1]]
    found = [f for f in apart if f.term.strength >= _NOUN] or apart
    others = frozenset(f.term.nice_class for f in found if f.term.nice_class)
    if item.nice_class:
        return Goods(item.nice_class, others, f"class {item.nice_class}", True)
    if item.category and (declared := words.find(fold_cached(item.category).text)):
        return Goods(declared[-1].term.nice_class, others, declared[-1].term.text, True)
    if item.kind in (ItemKind.BOOK, ItemKind.CHAPTER):
        return Goods(16, others, "a book", True)
    if item.kind is ItemKind.VIDEO:
        return Goods(41, others, "a film", True)
    head = _head_of(found, text)
    return Goods(head.term.nice_class, others, head.term.text, False) if head else Goods(None, others, "", False)


def _head_of(found: Sequence[Found], text: str) -> Found | None:
    """Chinese: the last noun. English: the last one before "for", "with", a comma …, else the first."""
    if not found:
        return None
    if found[-1].term.language == "zh":
        return found[-1]
    for stop in _HEAD_ENDS.finditer(text):
        before = [f for f in found if f.end <= stop.start()]
        if before:
            return before[-1]
    return found[-1]


def classes_of(right: Right) -> Sequence[int]:
    """The classes of goods for which a right is at home: a work's are recordings and files, books, and shows."""
    return _CLASSES_OF_WORKS if right.is_work else right.nice_classes


def class_relation(goods: Goods, classes: Sequence[int]) -> tuple[float, float]:
    """How surely the goods are those of the mark, and how surely they are others (both 0-1)."""
    if not classes or (goods.head is None and not goods.others):
        return 0.0, 0.0
    sureness = 1.0 if goods.declared else 0.8
    if goods.head in classes or _RETAIL in classes:
        return sureness, 0.0
    if goods.others & set(classes):
        return 0.4, 0.3 if goods.declared else 0.0
    if goods.head is None:
        return 0.0, 0.0
    near = not _related_to(goods.head).isdisjoint(classes)
    return 0.0, (0.25 if near else 1.0) * sureness


@cache
def _related_to(nice_class: int) -> frozenset[int]:
    return frozenset[int]().union(*(group for group in _RELATED if nice_class in group))
