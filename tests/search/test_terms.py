from __future__ import annotations

from infringewatch.search.terms import EXACT, LOOSE, Term, read_terms


def test_each_word_is_a_term_of_its_own() -> None:
    assert read_terms("Nike 跑鞋") == (Term(LOOSE, "ni ik ke"), Term(LOOSE, "跑鞋"))


def test_single_characters_in_a_row_are_one_word() -> None:
    assert read_terms("耐 克 跑鞋") == (Term(LOOSE, "耐克"), Term(LOOSE, "跑鞋"))


def test_a_lone_character_is_a_prefix() -> None:
    assert read_terms("克") == (Term(LOOSE, "克", is_prefix=True),)


def test_words_in_quotes_are_exact() -> None:
    assert read_terms('"a b" c1') == (Term(EXACT, "a␣ ␣b"), Term(LOOSE, "c1"))


def test_chinese_quotes_count_as_quotes() -> None:
    assert read_terms("“耐克”") == (Term(EXACT, "耐克"),)


def test_a_word_of_signs_is_looked_for_as_written() -> None:
    assert read_terms("★★") == (Term(EXACT, "★★"),)


def test_the_same_word_twice_is_one_term() -> None:
    assert read_terms("耐克 耐克") == (Term(LOOSE, "耐克"),)


def test_a_blank_text_has_no_terms() -> None:
    assert read_terms(" \u3000 ") == ()
