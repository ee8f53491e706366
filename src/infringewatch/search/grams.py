"""Text cut into overlapping pairs of characters, by us and for both engines, so that both find the same.

Loose grams hold letters and digits only: 耐 克 and 耐·克 are found by 耐克. Exact grams keep spaces and punctuation.
Each text ends with its last character alone; so every character begins exactly one gram, a single character is
found by a prefix, and no phrase runs from one text into the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import add
from typing import NamedTuple

from infringewatch.normalise import fold_text

LONGEST = 20_000  # characters of one text that are indexed; what a listing says of itself is far below
_SPACE = "␣"
_ASCII_MARKS = {code: code + 0xFEE0 for code in range(0x21, 0x7F) if not chr(code).isalnum()}


class Grams(NamedTuple):
    """The grams of some texts, each kind separated by blanks."""

    loose: str
    exact: str


def make_grams(texts: Iterable[str]) -> Grams:
    """Both kinds of grams of ``texts``, of each its first LONGEST characters."""
    folded = [fold_text(text[:LONGEST]) for text in texts if text]  # once for both: folding is half of the cost
    return Grams(
        " ".join(_grams_to_the_end(_letters_of(text)) for text in folded),
        " ".join(_grams_to_the_end(_signs_of(text)) for text in folded),
    )


def phrase_grams(characters: str) -> str:
    """The grams of a phrase that is asked for, separated by blanks; of a single character that character."""
    return " ".join(map(add, characters, characters[1:])) or characters


def only_letters(text: str) -> str:
    """``text`` folded, without all that is neither letter nor digit."""
    return _letters_of(fold_text(text))


def as_written(text: str) -> str:
    """``text`` folded in width and case only: each run of spaces one sign, and ASCII marks in their wide form.

    Folding leaves no wide form over, so the two never meet; and neither engine takes a wide mark for a separator.
    """
    return _signs_of(fold_text(text))


def _letters_of(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _signs_of(folded: str) -> str:
    return _SPACE.join(folded.split()).translate(_ASCII_MARKS)


def _grams_to_the_end(characters: str) -> str:
    return f"{phrase_grams(characters)} {characters[-1]}" if len(characters) > 1 else characters
