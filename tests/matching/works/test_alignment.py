"""Passages under heavy changes: what is left of a copy, and what two texts share by chance."""

from __future__ import annotations

import random

import numpy as np
import pytest

from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import Copied, align_passages
from infringewatch.matching.works.sounds import fold_sounds
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints

_COMMON = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xF0)]


def _make_text(seed: int, size: int) -> str:
    return "".join(random.Random(seed).choices(_COMMON, k=size))


_WORK = _make_text(1, 6000)


@pytest.fixture(scope="module")
def store() -> SqlitePrints:
    made = SqlitePrints(":memory:")
    made.add("W", "W", [WorkPart("", _WORK)])
    return made


def _screen(page: str, store: SqlitePrints) -> list[Copied]:
    return align_passages(canonicalise(page), store, None)


def _homophones(text: str, share: float) -> str:
    by_sound: dict[int, list[str]] = {}
    for character in _COMMON:
        by_sound.setdefault(int(fold_sounds(canonicalise(character).codes)[0]), []).append(character)
    draw = random.Random(2)
    sounds = fold_sounds(canonicalise(text).codes).tolist()
    return "".join(
        draw.choice(by_sound[sound]) if draw.random() < share else character
        for character, sound in zip(text, sounds, strict=True)
    )


def test_homophones_part_no_passage(store: SqlitePrints) -> None:
    (copied,) = _screen(_homophones(_WORK[1000:4000], 0.3), store)
    (aligned,) = copied.passages
    assert aligned.passage.work_end - aligned.passage.work_start > 2980
    assert aligned.comparison.kinds["homophone"] > 300


def test_moved_pieces_are_passages_of_their_own(store: SqlitePrints) -> None:
    pieces = [_WORK[at : at + 200] for at in (3000, 200, 4400, 1800)]
    (copied,) = _screen("\n".join(pieces), store)
    starts = [a.passage.work_start for a in copied.passages]
    assert starts == pytest.approx([3000, 200, 4400, 1800], abs=4)


def test_a_passage_goes_on_over_an_advert(store: SqlitePrints) -> None:
    (copied,) = _screen(_WORK[:600] + _make_text(3, 120) + _WORK[600:1200], store)
    (aligned,) = copied.passages
    assert aligned.comparison.kinds["advert"] >= 1
    assert copied.covered == pytest.approx(1200, abs=10)


def test_two_distant_quotations_are_not_joined(store: SqlitePrints) -> None:
    page = _WORK[500:540] + _make_text(4, 160) + _WORK[700:740]
    (copied,) = _screen(page, store)
    assert len(copied.passages) == 2


def test_one_shared_phrase_is_no_passage(store: SqlitePrints) -> None:
    assert _screen(_make_text(5, 1500) + _WORK[2000:2024] + _make_text(6, 1500), store) == []


def test_steps_cover_the_passage_without_a_gap(store: SqlitePrints) -> None:
    (copied,) = _screen(_homophones(_WORK[:2000], 0.2) + _make_text(7, 300), store)
    for aligned in copied.passages:
        at = aligned.comparison.at
        passage = aligned.passage
        assert at[0].tolist()[::2] == [passage.page_start, passage.work_start]
        assert at[-1].tolist()[1::2] == [passage.page_end, passage.work_end]
        assert np.array_equal(at[1:, [0, 2]], at[:-1, [1, 3]])
