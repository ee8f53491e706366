"""A whole folder of rules: every mistake at once, and what the files say of each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from infringewatch.errors import CampaignError, ProfileError, RuleError
from infringewatch.model import Queue, RightKind
from infringewatch.ruleset import (
    Allegation,
    Ruleset,
    check_rules,
    load_campaign,
    load_profile,
    load_ruleset,
    parse_campaign,
)

SHIPPED = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="module")
def shipped() -> Ruleset:
    return load_ruleset(SHIPPED)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED, tmp_path / "rules")
    return tmp_path / "rules"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_each_measure_is_there(shipped: Ruleset) -> None:
    assert set(shipped.measures) == {"m27", "m28", "m35", "m36"}


def test_a_pack_names_its_rule_by_id_and_version(shipped: Ruleset) -> None:
    pack = shipped.measures["m27"]
    assert pack.rule_id == f"m27@{pack.version}"


@pytest.mark.parametrize(
    ("kind", "measure", "famous", "pack"),
    [
        (RightKind.TRADEMARK, "27", False, "m27"),
        (RightKind.TRADEMARK, "27", True, "m35"),
        (RightKind.PLANT_VARIETY, "27", True, "m27"),
        (RightKind.COPYRIGHT, "28", False, "m28"),
        (RightKind.COPYRIGHT, "36", True, "m36"),
    ],
)
def test_the_pack_follows_kind_measure_and_fame(
    shipped: Ruleset, kind: RightKind, measure: str, famous: bool, pack: str
) -> None:
    found = shipped.pack_for(kind, measure, famous=famous)
    assert found is not None and found.id == pack


def test_no_pack_judges_a_trademark_under_28(shipped: Ruleset) -> None:
    assert shipped.pack_for(RightKind.TRADEMARK, "28") is None


def test_a_supervised_site_is_asked_before_it_is_accused(shipped: Ruleset) -> None:
    assert shipped.measures["m36"].queues[Allegation.WORK] is Queue.UNLICENSED_WORK


def test_every_piece_of_law_says_whether_it_was_verified(shipped: Ruleset) -> None:
    assert all(basis.source for regime in shipped.regimes.values() for basis in regime.legal_basis)
    assert not any(clock.basis.verified for regime in shipped.regimes.values() for clock in regime.clocks)


def test_the_wait_after_a_counter_statement_is_fifteen_days(shipped: Ruleset) -> None:
    clocks = {clock.id: clock for clock in shipped.regimes["CN-EC"].clocks}
    assert (clocks["complain_or_sue"].amount, clocks["complain_or_sue"].basis.article) == (15, "43")


def test_the_version_follows_every_byte(shipped: Ruleset, rules: Path) -> None:
    assert load_ruleset(rules).version == shipped.version
    change(rules / "measures" / "m27.yaml", "id: m27", "# a note\nid: m27")
    assert load_ruleset(rules).version != shipped.version


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("measures/m27.yaml", "  exact_mark:", "  exact_marc:", "weights.exact_marc"),
        ("measures/m27.yaml", "imitation: imitation", "imitation: nowhere", "queues.imitation"),
        ("measures/m27.yaml", 'measure: "27"', 'measure: "99"', "measure"),
        ("measures/m27.yaml", "verified: false", "verifed: false", "legal_basis.0.verified"),
        ("measures/m27.yaml", "review: ", "review: 1.", "thresholds.review"),
        ("regimes/cn-ec.yaml", "amount: 15", "amount: fifteen", "clocks.2.amount"),
        ("campaigns/demo.yaml", "id: demo", "id: demo\nschedule: {cron: 61 * * * *}", "schedule.cron"),
        ("campaigns/demo.yaml", "id: demo", "id: demo\nschedule: {cron: 1 * * * *, zone: Mars}", "schedule.zone"),
        ("campaigns/demo.yaml", "pages: 600", "pages: -1", "budgets.pages"),
        ("campaigns/demo.yaml", "demo-market", "demo-nowhere", "sites"),
    ],
)
def test_a_mistake_is_named_by_file_and_key(rules: Path, file: str, old: str, new: str, field: str) -> None:
    change(rules / file, old, new)
    assert (str(rules / file), field) in [(fault.file, fault.field) for fault in check_rules(rules)]
    with pytest.raises(RuleError, match="mistake"):
        load_ruleset(rules)


def test_mistakes_of_several_files_are_named_together(rules: Path) -> None:
    change(rules / "measures" / "m27.yaml", "version: ", "version: x")
    change(rules / "measures" / "m28.yaml", "version: ", "version: x")
    assert len({fault.file for fault in check_rules(rules)}) == 2


def test_a_file_outside_the_known_folders_is_a_mistake(rules: Path) -> None:
    (rules / "measure").mkdir()
    (rules / "measure" / "m99.yaml").write_text("id: m99\n")
    assert "no known folder" in check_rules(rules)[0].reason


def test_two_files_with_one_id_are_a_mistake(rules: Path) -> None:
    shutil.copy(rules / "measures" / "m27.yaml", rules / "measures" / "m27b.yaml")
    assert "also the name" in check_rules(rules)[0].reason


def test_a_file_that_is_not_utf_8_is_a_mistake(rules: Path) -> None:
    (rules / "lexicons" / "x.yaml").write_bytes("标题: x".encode("gb18030"))
    assert "not UTF-8" in check_rules(rules)[0].reason


def test_a_profile_needs_hosts_and_start(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\n")
    with pytest.raises(ProfileError) as refused:
        load_profile(tmp_path / "a.yaml")
    assert {fault.field for fault in refused.value.faults} == {"hosts", "start"}


def test_an_unknown_field_of_an_item_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: a\nhosts: [a.example]\nstart: http://a.example/\nfields: {titel: h1}\n")
    with pytest.raises(ProfileError) as refused:
        load_profile(tmp_path / "a.yaml")
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(4, "fields.titel")]


@pytest.mark.parametrize(
    ("key", "mistaken"),
    [
        ("fields.title", "fields: {title: 'h1['}"),
        ("fields.title.css", "fields: {title: {css: ['h1', 'p:contains(x)']}}"),
        ("roles.item", "roles: {item: '> a'}"),
        ("roles.item.css", "roles: {item: {css: 'a:has('}}"),
        ("cards", "cards: '..'"),
    ],
)
def test_what_is_no_css_selector_is_a_mistake(tmp_path: Path, key: str, mistaken: str) -> None:
    (tmp_path / "a.yaml").write_text(f"name: a\nhosts: [a.example]\nstart: http://a.example/\n{mistaken}\n")
    with pytest.raises(ProfileError) as refused:
        load_profile(tmp_path / "a.yaml")
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(4, key)]


def test_a_campaign_without_a_site_is_refused() -> None:
    with pytest.raises(CampaignError, match="1 mistake"):
        parse_campaign("id: a\ntitle: A\n", "a.yaml")


def test_a_missing_campaign_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"none\.yaml"):
        load_campaign(tmp_path / "none.yaml")


def test_the_documented_examples_are_good(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    profile, campaign = (block.split("```")[0] for block in text.split("```yaml\n")[1:3])
    (tmp_path / "shop.yaml").write_text(profile, encoding="utf-8")
    assert load_profile(tmp_path / "shop.yaml").name in parse_campaign(campaign, "docs").sites
