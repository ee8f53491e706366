"""Which characters are taken for noise, and that what is left still points at the raw text."""

from __future__ import annotations

import random

import pytest

from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import screen_page
from infringewatch.matching.works.noise import readings_of
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints

_COMMON = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xF0)]
# Text repeats itself: some characters are common, most are rare.
_WEIGHTS = [1 / (rank + 10) for rank in range(len(_COMMON))]


def _make_text(seed: int, size: int = 2400) -> str:
    return "".join(random.Random(seed).choices(_COMMON, _WEIGHTS, k=size))


def _strew(text: str, alphabet: str, every: int) -> str:
    draw = random.Random(9)
    return "".join(c + (draw.choice(alphabet) if at % every == every - 1 else "") for at, c in enumerate(text))


@pytest.mark.parametrize("alphabet", ["abcdefghij", "0123456789", "ㄅㄆㄇㄈ", "㐀㐁㐂㐃", "的", "".join(_COMMON)])
@pytest.mark.parametrize("every", [4, 6])
def test_a_copy_with_a_foreign_character_after_every_fourth_is_found(alphabet: str, every: int) -> None:
    text = _make_text(1)
    store = SqlitePrints(":memory:")
    store.add("W", "W", [WorkPart("", text)])
    (copied,) = screen_page(_strew(text, alphabet, every), store, None).works
    assert copied.work_share > 0.95


def test_plain_text_has_one_reading() -> None:
    assert len(list(readings_of(canonicalise(_make_text(2))))) == 1


def test_japanese_text_keeps_its_kana() -> None:
    page = canonicalise("私は東京の学校で日本語を勉強しています。" * 20)
    assert len(list(readings_of(page))) == 1


def test_what_is_left_keeps_its_offsets() -> None:
    text = _strew(_make_text(3), "abc", 4)
    reading, noise = list(readings_of(canonicalise(text)))[-1]
    assert "".join(text[offset] for offset in noise[:3]).strip("abc") == ""
    assert all(text[offset] == chr(code) for offset, code in zip(reading.offsets, reading.raw, strict=True))
