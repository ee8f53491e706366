"""What a page's copied text is called: level, score, one finding for each right, places in both texts, kinds of change."""

from __future__ import annotations

import random
from datetime import date

import pytest

from infringewatch.matching.context import Context
from infringewatch.matching.works.screening import screen_text
from infringewatch.matching.works.store import WorkPart
from infringewatch.model import Finding, Item, ItemKind, Level, Right, RightKind
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

_COMMON = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xF0)]


def _make_text(seed: int, size: int) -> str:
    return "".join(random.Random(seed).choices(_COMMON, k=size))


_TEXTS = {f"W{number}": _make_text(number, 4000) for number in range(4)}
_RIGHTS = {key: Right(RightKind.COPYRIGHT, key, key, holder=key) for key in _TEXTS}
_OWN = _make_text(99, 3000)


@pytest.fixture(scope="module")
def store() -> SqlitePrints:
    made = SqlitePrints(":memory:")
    for key, text in _TEXTS.items():
        made.add(key, key, [WorkPart("", text)])
    return made


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))


def _find(text: str, store: SqlitePrints, context: Context) -> list[Finding]:
    return screen_text(Item("i", ItemKind.CHAPTER, text=text), store, _RIGHTS, context)


def test_a_copied_chapter_is_strong_and_points_at_both_texts(store: SqlitePrints, context: Context) -> None:
    page = _OWN[:100] + _TEXTS["W0"][500:2500]
    (finding,) = _find(page, store, context)
    (span,) = finding.spans
    assert finding.level is Level.STRONG
    assert page[span.start : span.end] == _TEXTS["W0"][span.right_start : span.right_end]
    assert span.end - span.start == pytest.approx(2000, abs=3)


def test_many_short_quotations_are_ignored(store: SqlitePrints, context: Context) -> None:
    quotes = "".join(_OWN[at : at + 400] + _TEXTS["W1"][at : at + 60] for at in range(0, 2400, 400))
    (finding,) = _find(quotes, store, context)
    assert finding.level is Level.IGNORE


def test_pieces_of_a_patchwork_are_for_review(store: SqlitePrints, context: Context) -> None:
    page = "".join(text[1000:1110] for text in _TEXTS.values())
    found = _find(page, store, context)
    assert [finding.level for finding in found] == [Level.REVIEW] * 4


def test_there_is_one_finding_for_each_right(store: SqlitePrints, context: Context) -> None:
    page = _TEXTS["W2"][:600] + _TEXTS["W3"][:600] + _TEXTS["W2"][2000:2600]
    assert sorted(finding.right for finding in _find(page, store, context)) == ["W2", "W3"]


def test_the_score_grows_with_what_was_copied(store: SqlitePrints, context: Context) -> None:
    scores = [
        _find(_OWN[size:] + _TEXTS["W0"][:size], store, context)[0].score
        for size in (60, 130, 200, 290, 500, 900, 1500)
    ]
    assert scores == sorted(scores)
    assert len(set(scores)) == len(scores)


def test_noise_that_was_strewn_in_is_named(store: SqlitePrints, context: Context) -> None:
    text = _TEXTS["W0"][:1500]
    page = "".join(text[at : at + 4] + random.Random(at).choice("abcdefgh") for at in range(0, 1500, 4))
    (finding,) = _find(page, store, context)
    assert finding.details["kinds"]["noise"] == pytest.approx(375, abs=5)
    assert finding.match_score > 0.99
