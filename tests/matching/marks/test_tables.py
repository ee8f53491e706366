from __future__ import annotations

import pytest

from infringewatch.matching.marks.tables import get_tables, near_sound


@pytest.mark.parametrize(
    ("a", "b"),
    [("zhang", "zan"), ("li", "ni"), ("ri", "li"), ("shi", "si"), ("huan", "fan"), ("hu", "fu"), ("chong", "con")],
)
def test_syllables_that_are_mixed_up_share_a_class(a: str, b: str) -> None:
    assert near_sound(a) == near_sound(b)


@pytest.mark.parametrize(("a", "b"), [("hao", "fao"), ("ma", "na"), ("he", "fe")])
def test_other_syllables_do_not(a: str, b: str) -> None:
    assert near_sound(a) != near_sound(b)


@pytest.mark.parametrize("pair", ["师帅", "免兔", "特持", "未末", "己已", "曰日", "千干", "刊利"])
def test_well_known_look_alikes_are_neighbours_both_ways(pair: str) -> None:
    a, b = map(ord, pair)
    assert get_tables().look_alike(a, b) > 0.5 and get_tables().look_alike(b, a) > 0.5


@pytest.mark.parametrize("pair", ["师鱼", "一龙", "米宝"])
def test_characters_that_do_not_look_alike_are_none(pair: str) -> None:
    assert get_tables().look_alike(*map(ord, pair)) == 0


def test_a_common_character_is_less_surprising_than_a_rare_one() -> None:
    bits = get_tables().exact_bits
    assert bits[ord("的")] < bits[ord("米")] < bits[ord("雕")] + 1e-6


def test_a_character_of_several_readings_keeps_the_usual_ones() -> None:
    tables = get_tables()
    assert {tables.spelling["le"], tables.spelling["yue"]} <= set(tables.syllable[:, ord("乐")].tolist())
