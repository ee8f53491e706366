from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from infringewatch.notices.gate import CHECKS, check, text_sha256
from infringewatch.notices.records import NoticeCase
from infringewatch.notices.rendering import BLANK, render
from infringewatch.ruleset import Content
from tests.notices.samples import HIT, NOW, REGIMES, SECOND, make_case


def _faults(case: NoticeCase) -> list[tuple[str, str]]:
    return [(fault.name, fault.subject) for fault in check(case, render(case, NOW.date()), NOW).faults]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_a_complete_notice_passes_and_the_pass_names_its_text(regime: str, language: str) -> None:
    case = make_case(regime, HIT, SECOND, language=language)
    text = render(case, NOW.date())
    gate_pass = check(case, text, NOW).gate_pass
    assert gate_pass is not None and (gate_pass.text_sha256, gate_pass.regime) == (text_sha256(text), regime)


@pytest.mark.parametrize(
    ("regime", "field"),
    [
        (regime.id, field.id)
        for regime in REGIMES.values()
        for field in regime.form_on(NOW.date()).of(Content.PERSON, Content.STATEMENT)
        if field.required
    ],
)
def test_every_required_field_and_statement_of_a_regime_is_needed(regime: str, field: str) -> None:
    assert field in {subject for _, subject in _faults(make_case(regime, fields={field: ""}))}


@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_optional_fields_may_be_left_out(regime: str) -> None:
    optional = {field.id: "" for field in REGIMES[regime].notice_fields if not field.required}
    assert _faults(make_case(regime, fields=optional)) == []


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"state": "new"}, "decided"),
        ({"state": "authorised"}, "decided"),
        ({"decided_by": ""}, "decided"),
        ({"evidence": ()}, "evidence_sealed"),
        ({"damaged": ("ab" * 32,)}, "evidence_verifies"),
        ({"unread": ("ab" * 32,)}, "evidence_verifies"),
        ({"right_valid_until": date(2026, 3, 1)}, "right_in_force"),
        ({"right_valid_from": date(2026, 3, 3)}, "right_in_force"),
        ({"right_withdrawn": True}, "right_in_force"),
        ({"permission": "TM-1/authorised_sellers/好物小店"}, "not_authorised"),
        ({"noticed_at": NOW}, "not_repeated"),
        ({"noticed_at": NOW - timedelta(days=14)}, "not_repeated"),
    ],
)
def test_a_hit_that_does_not_hold_is_named(changes: dict[str, Any], name: str) -> None:
    assert name in {fault for fault, _ in _faults(make_case("CN-EC", replace(HIT, **changes)))}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"channel": "pigeon"}, "channel_known"),
        ({"drafter": ""}, "statements_made"),
        ({"strangers": ("http://shop.example/9",)}, "hits_unchanged"),
        ({"four_eyes": True}, "two_people"),
        ({"four_eyes": True, "approver": ""}, "two_people"),
    ],
)
def test_a_case_that_does_not_hold_is_named(changes: dict[str, Any], name: str) -> None:
    assert [fault for fault, _ in _faults(make_case(**changes))] == [name] or name == "statements_made"


def test_a_second_person_lets_it_through_and_stands_in_the_pass() -> None:
    case = make_case(four_eyes=True, approver="lin")
    gate_pass = check(case, render(case, NOW.date()), NOW).gate_pass
    assert gate_pass is not None and gate_pass.four_eyes_by == "lin"


def test_a_regime_can_ask_for_two_people_by_itself() -> None:
    case = replace(make_case(), regime=replace(REGIMES["CN-EC"], four_eyes=True))
    assert [name for name, _ in _faults(case)] == ["two_people"]


def test_the_same_address_may_be_noticed_again_after_the_waiting_time() -> None:
    assert _faults(make_case("CN-EC", replace(HIT, noticed_at=NOW - timedelta(days=15)))) == []


def test_after_a_counter_notice_the_network_rules_leave_only_the_law_suit() -> None:
    answered = replace(HIT, counter_at=NOW - timedelta(days=30))
    assert [name for name, _ in _faults(make_case("CN-NET", answered))] == ["not_barred"]
    assert _faults(make_case("CN-EC", answered)) == []


def test_a_platform_takes_only_so_many_addresses() -> None:
    hits = [replace(HIT, address=f"https://item.taobao.com/{n}") for n in range(301)]
    assert _faults(make_case("CN-EC", *hits[:300])) == []
    assert _faults(make_case("CN-EC", *hits)) == [("within_limits", "item.taobao.com: 301 / 300")]


def test_a_law_that_was_not_in_force_yet_lets_nothing_pass() -> None:
    case = make_case()
    early = NOW.replace(year=2018)
    assert "law_in_force" in {fault.name for fault in check(case, render(case, NOW.date()), early).faults}


def test_a_right_holds_on_its_last_day() -> None:
    assert _faults(make_case("CN-EC", replace(HIT, right_valid_until=NOW.date()))) == []


@pytest.mark.parametrize("regime", ["US-DMCA", "CN-NET"])
def test_a_trade_mark_has_no_way_that_is_for_works_only(regime: str) -> None:
    assert _faults(make_case(regime, replace(HIT, right_kind="trademark"))) == [("right_covered", "山岚")]


def test_an_address_must_stand_whole_in_the_text() -> None:
    case = make_case()
    text = render(case, NOW.date()).replace("http://shop.example/1", "http://shop.example/12")
    assert [fault.name for fault in check(case, text, NOW).faults] == ["addresses_in_text"]


def test_a_case_without_hits_passes_nothing() -> None:
    assert check(replace(make_case(), hits=()), "text", NOW).gate_pass is None


def test_a_blank_left_in_the_text_holds_it_back() -> None:
    case = make_case()
    assert check(case, render(case, NOW.date()) + BLANK, NOW).gate_pass is None


def test_every_check_says_how_to_mend_what_it_misses() -> None:
    assert len({one.name for one in CHECKS}) == len(CHECKS)
    assert all(one.what and one.mend for one in CHECKS)
