"""What a pirate does to a copied chapter: other names, adverts between the lines, invisible characters, a part only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from infringewatch.demo.content import Chapter

_ZERO_WIDTH = "\u200b"
_STEP = 23


def rename(chapter: Chapter, names: Mapping[str, str]) -> Chapter:
    def exchange(text: str) -> str:
        for old, new in names.items():
            text = text.replace(old, new)
        return text

    return Chapter(exchange(chapter.heading), tuple(exchange(text) for text in chapter.paragraphs))


def insert_adverts(chapter: Chapter, adverts: Sequence[str]) -> Chapter:
    """An advert after every fourth paragraph."""
    lines = chain.from_iterable(
        [text, adverts[number // 4 % len(adverts)]] if number % 4 == 3 else [text]
        for number, text in enumerate(chapter.paragraphs)
    )
    return Chapter(chapter.heading, tuple(lines))


def insert_zero_width(chapter: Chapter) -> Chapter:
    def salt(text: str) -> str:
        return _ZERO_WIDTH.join(text[start : start + _STEP] for start in range(0, len(text), _STEP))

    return Chapter(chapter.heading, tuple(salt(text) for text in chapter.paragraphs))


def keep_part(chapter: Chapter, start: float, end: float) -> Chapter:
    """The paragraphs between two shares of the chapter."""
    count = len(chapter.paragraphs)
    return Chapter(chapter.heading, chapter.paragraphs[int(start * count) : int(end * count)])
