from __future__ import annotations

import pytest

from infringewatch.matching.marks.align import Alignment, Letters, align
from infringewatch.matching.marks.streams import read_batch, read_view


def _align(text: str, mark: str, view: int = 0) -> Alignment:
    batch, form = read_batch([text]), read_view(mark)
    rows = batch.view == view
    rows[-1] = rows[-1] and batch.codes[-1] != 0
    keep = rows & (batch.codes != 0)
    letters = Letters(batch.codes[keep].tolist(), batch.starts[keep].tolist(), batch.ends[keep].tolist(), text)
    return align(letters, form.codes.tolist(), mark, tuple(form.starts.tolist()))


@pytest.mark.parametrize(
    ("text", "mark", "relation"),
    [
        ("康帅傅", "康师傅", "look_alike"),
        ("奈克", "耐克", "same_sound"),
        ("飞力浦", "飞利浦", "same_sound"),
        ("耐\u200b克", "耐克", "invisible"),
        ("耐-克", "耐克", "separator"),
        ("耐 克", "耐克", "space"),
        ("аpple", "apple", "script"),
        ("ｎike", "nike", "width"),
        ("app1e", "apple", "leet"),
        ("nikr", "nike", "keyboard"),
        ("adiddas", "adidas", "doubled"),
        ("adias", "adidas", "dropped"),
        ("addias", "adidas", "swapped"),
        ("東芝", "东芝", "variant"),
        ("耐k", "耐克", "initial"),
        ("大x兔", "大白兔", "different"),
    ],
)
def test_each_difference_is_named(text: str, mark: str, relation: str) -> None:
    assert relation in _align(text, mark).relations


def test_split_and_spelled_characters_are_named() -> None:
    assert "split" in _align("女乃粉", "奶粉", view=1).relations
    assert "pinyin" in _align("xiao米", "小米", view=1).relations


@pytest.mark.parametrize("text", ["康帅傅", "耐 \u200b克", "ad1das", "女乃粉", "大x兔x"])
def test_the_pieces_of_an_alignment_spell_the_raw_span(text: str) -> None:
    alignment = _align(text, "大白兔")
    assert "".join(pair.text for pair in alignment.pairs) == text[alignment.start : alignment.end]


def test_the_mark_itself_is_exact_and_hides_nothing() -> None:
    alignment = _align("Nike", "NIKE")
    assert alignment.exact and alignment.similarity == 1.0 and alignment.hiding == 0.0


def test_a_likeness_is_never_worth_more_than_the_mark_itself() -> None:
    whole = _align("大白兔", "大白兔").bits
    assert all(_align(text, "大白兔").bits <= whole for text in ("大白免", "太白兔", "大x兔", "打白图"))


def test_more_disguise_is_less_similar() -> None:
    assert (
        _align("大白兔", "大白兔").similarity
        > _align("大白免", "大白兔").similarity
        > _align("大x免", "大白兔").similarity
    )
