"""Text cut into overlapping pairs of characters, by us and for both engines, so that both find the same.

Loose grams hold letters and digits only: 耐 克 and 耐·克 are found by 耐克. Exact grams keep spaces and punctuation.
Each text ends with its last character alone; so every character begins exactly one gram, a single character is
found by a prefix, and no phrase runs from one text into the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from infringewatch.normalise import character_bigrams, fold_text

LONGEST = 20_000  # characters of one text that are indexed; what a listing says of itself is far below
_SPACE = "␣"
_ASCII_MARKS = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


def loose_grams(texts: Iterable[str]) -> str:
    """The loose grams of ``texts``, separated by blanks."""
    return " ".join(_grams_to_the_end(only_letters(text)) for text in texts)


def exact_grams(texts: Iterable[str]) -> str:
    """The exact grams of ``texts``, separated by blanks."""
    return " ".join(_grams_to_the_end(as_written(text)) for text in texts)


def phrase_grams(characters: str) -> str:
    """The grams of a phrase that is asked for, separated by blanks; of a single character that character."""
    return " ".join(first + second for first, second in pairwise(characters)) or characters


def only_letters(text: str) -> str:
    """``text`` folded, without all that is neither letter nor digit."""
    grams = character_bigrams(fold_text(text[:LONGEST]))
    return "".join(gram[0] for gram in grams) + (grams[-1][1:] if grams else "")


def as_written(text: str) -> str:
    """``text`` folded in width and case only: each run of spaces one sign, and ASCII marks in their wide form.

    Folding leaves no wide form over, so the two never meet; and neither engine takes a wide mark for a separator.
    """
    return _SPACE.join(fold_text(text[:LONGEST]).split()).translate(_ASCII_MARKS)


def _grams_to_the_end(characters: str) -> str:
    return f"{phrase_grams(characters)} {characters[-1]}" if len(characters) > 1 else characters
