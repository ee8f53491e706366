from __future__ import annotations

from infringewatch.matching.words import count_of, cut


def _cut(text: str) -> list[str]:
    return [text[word.start : word.end] for word in cut(text)]


def test_a_text_is_cut_into_its_likeliest_words() -> None:
    assert _cut("北京大学生活动") in (["北京", "大学生", "活动"], ["北京大学", "生活", "动"])


def test_what_is_no_word_stands_alone() -> None:
    assert _cut("耐囍") == ["耐", "囍"]


def test_every_character_is_in_one_word() -> None:
    assert "".join(_cut("山西小米5斤 abc")) == "山西小米5斤 abc"


def test_an_empty_text_has_no_words() -> None:
    assert cut("") == ()


def test_ordinary_words_are_counted_in_both_languages() -> None:
    assert count_of("苹果") > 20 and count_of("apple") > 20 and count_of("康帅傅") == 0
