from __future__ import annotations

import pytest

from infringewatch.normalise import fold_text
from infringewatch.search.grams import as_written, exact_grams, loose_grams, only_letters, phrase_grams


def test_a_text_ends_with_its_last_character_alone() -> None:
    assert loose_grams(["耐克鞋"]) == "耐克 克鞋 鞋"


def test_spaces_and_signs_do_not_hide_a_mark_from_loose_grams() -> None:
    assert loose_grams(["耐 克", "耐·克", "耐\u200b克"]) == " ".join(["耐克 克"] * 3)


def test_exact_grams_keep_spaces_and_signs() -> None:
    assert exact_grams(["耐 克"]) == "耐␣ ␣克 克"


def test_exact_grams_hold_no_sign_that_an_engine_takes_for_a_separator() -> None:
    characters = set(exact_grams([" ".join(map(chr, range(33, 127)))]))
    assert all(character.isalnum() or ord(character) > 127 for character in characters - {" "})


@pytest.mark.parametrize("text", ["", "…", " \t", "\u200b"])
def test_a_text_without_letters_has_no_loose_grams(text: str) -> None:
    assert loose_grams([text]) == ""


def test_a_single_character_stands_alone() -> None:
    assert loose_grams(["克"]) == phrase_grams("克") == "克"


@pytest.mark.parametrize("text", ["Nike 耐 克", "ＮＩＫＥ①½", "a", "ñandú", "ﷺ", "𠮷野家"])
def test_letters_are_those_of_the_folded_text(text: str) -> None:
    assert only_letters(text) == "".join(character for character in fold_text(text) if character.isalnum())


def test_wide_and_narrow_signs_are_written_the_same() -> None:
    assert as_written("Ｎike！") == as_written("nike!")
