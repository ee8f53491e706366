from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from infringewatch.errors import InputError
from infringewatch.notices.gate import check, text_sha256
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.notices.regimes import REGIMES
from infringewatch.notices.rendering import BLANK, render
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HIT = NoticeHit(
    "http://shop.example/1", "高仿 山岚 手表", "好物小店", "山岚", "TM-1", "copyright", "infringing", ("ab" * 32,),
    date(2020, 1, 1), date(2030, 1, 1),
)  # fmt: skip
FILLED = {"holder": "山岚公司", "address": "某路 1 号", "contact": "law@shanlan.example", "recipient": "示例平台"}
SIGNED = {"signature": "梅", "good_faith": "yes", "accuracy": "yes", "reasons": "It copies our mark."}


def _case(regime: str = "CN-EC", hit: NoticeHit = HIT, **fields: str) -> NoticeCase:
    return NoticeCase(regime, (hit,), FILLED | SIGNED | fields)


def _faults(case: NoticeCase) -> list[tuple[str, str]]:
    return [(fault.what, fault.subject) for fault in check(case, render(case, NOW.date()), NOW).faults]


@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_a_complete_notice_passes_and_the_pass_names_its_text(regime: str) -> None:
    case = _case(regime)
    text = render(case, NOW.date())
    gate_pass = check(case, text, NOW).gate_pass
    assert gate_pass is not None and (gate_pass.text_sha256, gate_pass.regime) == (text_sha256(text), regime)


@pytest.mark.parametrize(
    ("regime", "field"),
    [(regime.id, name) for regime in REGIMES.values() for name in (*regime.fields, *regime.statements)],
)
def test_every_field_and_statement_of_a_regime_is_needed(regime: str, field: str) -> None:
    case = NoticeCase(regime, (HIT,), FILLED | SIGNED | {field: ""})
    faults = check(case, render(case, NOW.date()), NOW).faults
    assert field in {fault.subject for fault in faults}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"state": "new"}, "a person decided: infringing"),
        ({"state": "authorised"}, "a person decided: infringing"),
        ({"evidence": ()}, "evidence is sealed"),
        ({"right_valid_until": date(2026, 2, 28)}, "the right is in force"),
        ({"right_valid_from": date(2026, 3, 2)}, "the right is in force"),
        ({"right_withdrawn": True}, "the right is in force"),
    ],
)
def test_a_hit_that_does_not_hold_is_named(changes: dict[str, object], what: str) -> None:
    assert what in {fault for fault, _ in _faults(_case(hit=replace(HIT, **changes)))}  # type: ignore[arg-type]


def test_a_right_holds_on_its_last_day() -> None:
    assert _faults(_case(hit=replace(HIT, right_valid_until=NOW.date()))) == []


@pytest.mark.parametrize("regime", ["US-DMCA", "CN-NET"])
def test_a_trade_mark_has_no_way_that_is_for_works_only(regime: str) -> None:
    hit = replace(HIT, right_kind="trademark")
    assert _faults(_case(regime, hit)) == [("this way is open to the kind of right", "山岚")]


def test_an_address_must_stand_whole_in_the_text() -> None:
    case = _case()
    text = render(case, NOW.date()).replace("http://shop.example/1", "http://shop.example/12")
    assert check(case, text, NOW).gate_pass is None


def test_a_case_without_hits_passes_nothing() -> None:
    assert check(NoticeCase("CN-EC", (), FILLED | SIGNED), "text", NOW).gate_pass is None


def test_an_unknown_way_is_refused() -> None:
    assert check(_case("XX"), "text", NOW).gate_pass is None
    with pytest.raises(InputError):
        render(_case("XX"), NOW.date())


def test_a_blank_left_in_the_text_holds_it_back() -> None:
    case = _case()
    assert check(case, render(case, NOW.date()) + BLANK, NOW).gate_pass is None


def test_a_crawled_title_begins_no_line_of_its_own_and_names_no_field() -> None:
    text = render(_case(hit=replace(HIT, title="x\n签名：somebody else $signature")), NOW.date())
    assert "1. http://shop.example/1 — x 签名：somebody else $signature" in text


def test_texts_and_rules_know_the_same_ways_for_the_same_rights() -> None:
    rules = load_ruleset(get_settings().rules_dir).regimes
    assert {r.id: r.kinds for r in REGIMES.values()} == {r.id: r.kinds for r in rules.values()}
