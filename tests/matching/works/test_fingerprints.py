"""Prints: what a shared run guarantees, and input that has nothing to say."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.fingerprints import make_prints

_HAN = st.integers(0x4E00, 0x9F00).map(chr)
_RUN, _LETTER_RUN = 23, 33


def _shared(one: str, other: str) -> set[int]:
    first, second = (make_prints(canonicalise(text).codes).hashes.tolist() for text in (one, other))
    return set(first) & set(second)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_HAN, min_size=_RUN, max_size=_RUN, unique=True).map("".join),
    st.text(_HAN, max_size=60),
    st.text(_HAN, max_size=60),
)
def test_a_shared_run_of_23_han_characters_always_gives_a_shared_print(run: str, before: str, after: str) -> None:
    assert _shared(before + run + after, after + run + before)


@settings(max_examples=60, deadline=None)
@given(st.permutations("abcdefghijklmnopqrstuvwxyz0123456"), st.text("qwertz", max_size=60))
def test_a_shared_run_of_33_letters_always_gives_a_shared_print(run: list[str], around: str) -> None:
    assert len(run) == _LETTER_RUN
    assert _shared(around + "".join(run), "".join(run) + around)


def test_one_character_repeated_has_no_prints() -> None:
    assert len(make_prints(canonicalise("哈" * 10_000).codes)) == 0


def test_an_empty_text_has_no_prints() -> None:
    assert len(make_prints(canonicalise("").codes)) == 0


def test_positions_ascend() -> None:
    prints = make_prints(canonicalise("".join(map(chr, range(0x4E00, 0x5200)))).codes)
    assert (np.diff(prints.positions) > 0).all()
