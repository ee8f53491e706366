from __future__ import annotations

import numpy as np
import pytest

from infringewatch.matching.features import exact_strength
from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.windows import needed_bits


def _asked(forms: int) -> float:
    marks: CompiledMarks = compile_marks([])
    marks._counts.update({True: forms, False: forms})
    return float(needed_bits(marks, np.array([12]), han=True)[0])


def test_a_longer_list_asks_for_more_than_a_bit_each_doubling_until_the_words_of_titles_are_paid_for() -> None:
    assert _asked(2000) - _asked(1000) == pytest.approx(1.8)
    assert _asked(2_000_000) - _asked(1_000_000) == pytest.approx(1.0)


def test_the_mark_itself_of_two_common_characters_is_sure_in_a_short_list_and_asks_for_a_second_sign_in_a_long_one() -> (
    None
):
    bits = 19.0
    assert exact_strength(bits, _asked(350), True) == 1.0
    assert exact_strength(bits, _asked(1_000_000), True) < 0.55


def test_the_mark_itself_of_four_characters_is_sure_in_any_list() -> None:
    assert exact_strength(36.0, _asked(1_000_000), True) == 1.0
