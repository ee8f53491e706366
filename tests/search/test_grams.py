from __future__ import annotations

from itertools import pairwise

import pytest

from infringewatch.normalise import fold_text
from infringewatch.search.grams import as_written, make_grams, only_letters, phrase_grams


def test_a_text_ends_with_its_last_character_alone() -> None:
    assert make_grams(["耐克鞋"]).loose == "耐克 克鞋 鞋"


def test_spaces_and_signs_do_not_hide_a_mark_from_loose_grams() -> None:
    assert make_grams(["耐 克", "耐·克", "耐\u200b克"]).loose == " ".join(["耐克 克"] * 3)


def test_exact_grams_keep_spaces_and_signs() -> None:
    assert make_grams(["耐 克"]).exact == "耐␣ ␣克 克"


def test_exact_grams_hold_no_sign_that_an_engine_takes_for_a_separator() -> None:
    characters = set(make_grams([" ".join(map(chr, range(33, 127)))]).exact)
    assert all(character.isalnum() or ord(character) > 127 for character in characters - {" "})


@pytest.mark.parametrize("text", ["", "…", " \t", "\u200b"])
def test_a_text_without_letters_has_no_loose_grams(text: str) -> None:
    assert make_grams([text]).loose == ""


def test_a_single_character_stands_alone() -> None:
    assert make_grams(["克"]).loose == phrase_grams("克") == "克"


@pytest.mark.parametrize("text", ["Nike 耐 克", "ＮＩＫＥ①½", "a", "ñandú", "ﷺ", "𠮷野家"])
def test_letters_are_those_of_the_folded_text(text: str) -> None:
    assert only_letters(text) == "".join(character for character in fold_text(text) if character.isalnum())


@pytest.mark.parametrize("text", ["Nike 耐 克", "ＮＩＫＥ①½", "ñandú shoes", "𠮷野家"])
def test_loose_grams_are_the_bigrams_of_the_folded_text_and_its_last_character(text: str) -> None:
    letters = [character for character in fold_text(text) if character.isalnum()]
    bigrams = [first + second for first, second in pairwise(letters)]
    assert make_grams([text]).loose.split() == [*bigrams, bigrams[-1][-1]]


def test_wide_and_narrow_signs_are_written_the_same() -> None:
    assert as_written("Ｎike！") == as_written("nike!")
