"""What a person typed, read into terms that must all be found. Pure: no engine is known here.

Words are loose (spaces and punctuation inside a listing's words do not hide them); "words in quotes" are exact.
Single characters that follow each other are one word: who looks for 耐 克 means 耐克.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from infringewatch.search.grams import as_written, only_letters, phrase_grams

LOOSE = "loose"
EXACT = "exact"
_QUOTED = re.compile(r'["“”„«]([^"“”„»]+)["“”»]')


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase of grams in one field (LOOSE or EXACT); ``is_prefix``: a single character, which begins a gram."""

    field: str
    grams: str
    is_prefix: bool = False


def read_terms(text: str) -> tuple[Term, ...]:
    """The terms of ``text``; none where it is blank. A word of signs only (🔥, ★★) is looked for as written."""
    terms = [_make_term(EXACT, as_written(quoted)) for quoted in _QUOTED.findall(text)]
    for word in _join_single_characters(_QUOTED.sub(" ", text).split()):
        letters = only_letters(word)
        terms.append(_make_term(LOOSE, letters) if letters else _make_term(EXACT, as_written(word)))
    return tuple(term for term in dict.fromkeys(terms) if term.grams)


def _make_term(field: str, characters: str) -> Term:
    return Term(field, phrase_grams(characters), is_prefix=len(characters) == 1)


def _join_single_characters(words: Iterable[str]) -> Iterator[str]:
    for is_single, group in groupby(words, key=lambda word: len(word) == 1):
        if is_single:
            yield "".join(group)
        else:
            yield from group
