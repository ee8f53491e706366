from __future__ import annotations

import pytest

from infringewatch.matching.marks.streams import MAX_TEXT, ViewKind, plain_views, read_batch, read_view, spell
from infringewatch.matching.marks.tables import PINYIN_BASE, get_tables
from infringewatch.normalise import fold_character


def _strings(text: str, kind: ViewKind) -> list[str]:
    batch = read_batch([text])
    numbers = [n for n in range(len(batch.text)) if batch.kind[n] == kind]
    return ["".join(chr(c) for c in batch.codes[batch.view == n] if c) for n in numbers]


@pytest.mark.parametrize(
    ("raw", "letters"),
    [
        ("耐\u200b克", "耐克"),
        ("耐 - 克", "耐克"),
        ("ＮＩＫＥ", "nike"),
        ("аdidаs", "adidas"),
        ("ﬁne", "fine"),
        ("a$b! c", "a$bc"),
        ("$ony", "$ony"),
        ("國產", "国产"),
        ("\ud800耐\u202e克", "耐克"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_a_plain_view_holds_the_folded_letters(raw: str, letters: str) -> None:
    assert read_view(raw).string == letters


def test_each_letter_knows_its_place_in_the_raw_text() -> None:
    view = read_view("买 Ａ\u200b克")
    assert [("买 Ａ\u200b克"[s:e]) for s, e in zip(view.starts, view.ends, strict=True)] == ["买", "Ａ", "克"]


def test_many_texts_are_read_apart() -> None:
    assert [view.string for view in plain_views(["甲", "", "\U0010ffff乙", "ﬁ丙"])] == ["甲", "", "乙", "fi丙"]


def test_split_characters_are_put_together() -> None:
    assert _strings("女乃粉", ViewKind.MERGED) == ["奶粉"]


def test_parts_that_make_an_ordinary_word_stay_apart() -> None:
    assert _strings("女子高跟", ViewKind.MERGED) == []


def test_letter_pairs_are_read_as_one() -> None:
    assert _strings("rnicro vvord", ViewKind.DIGRAPH) == ["microword"]


def test_spelled_syllables_beside_han_characters_are_read_as_sounds() -> None:
    number = get_tables().spelling["xiao"]
    assert _strings("xiao米", ViewKind.SPELLED) == [chr(PINYIN_BASE + number) + "米"]


@pytest.mark.parametrize(("letters", "lengths"), [("xiaomi", [4, 2]), ("xian", [4]), ("nike", [2, 2]), ("xyz", [])])
def test_letters_are_spelled_as_syllables(letters: str, lengths: list[int]) -> None:
    assert [length for _, length in spell(letters)] == lengths


def test_a_long_text_is_read_as_far_as_the_limit() -> None:
    assert len(read_view("米" * (MAX_TEXT + 5)).codes) == MAX_TEXT


def test_the_stream_table_follows_from_fold() -> None:
    """A sample of the generated table, regenerated: every code point of the scripts that disguises use."""
    steps = get_tables().steps
    for code in [
        *range(0x600),
        *range(0x1E00, 0x2100),
        *range(0x3000, 0x3400),
        *range(0x4E00, 0x5400),
        *range(0xFF00, 0xFFF0),
    ]:
        kept = "".join(c for c in fold_character(chr(code)) if c.isalnum() or c in "$@!|")
        expected = 0 if not kept else 0xFFFFFFFF if len(kept) > 1 else (ord(kept) - code + 1) & 0xFFFFFFFF
        assert steps[code] == expected, hex(code)
