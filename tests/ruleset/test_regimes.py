from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infringewatch.ruleset import Content, check_rules, load_regimes
from infringewatch.settings import get_settings

RULES = get_settings().rules_dir
DAY = date(2026, 3, 2)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for path in (RULES / "regimes").glob("*.yaml"):
        (tmp_path / "regimes").mkdir(exist_ok=True)
        (tmp_path / "regimes" / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return tmp_path


def _change(path: Path, old: str, new: str) -> int:
    """Returns the line that was changed."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "field"),
    [
        ("us-dmca.yaml", "zone: America/New_York", "zone: Mars/Base", "zone"),
        ("us-dmca.yaml", "ends_on: [removed, refused]", "ends_on: [eaten]", "clocks.0.ends_on"),
        ("cn-ec.yaml", "starts_on: notice_received", "starts_on: notice_recieved", "clocks.0.starts_on"),
        ("cn-ec.yaml", "content: rights", "content: wrongs", "notice_fields.6.content"),
        ("cn-ec.yaml", "four_eyes: false", "four_eyes: perhaps", "four_eyes"),
        ("cn-ec.yaml", "repeat_days: 15", "repeat_days: -1", "repeat_days"),
        ("eu-dsa.yaml", "language: en", "language: fr", "letter.language"),
        ("eu-dsa.yaml", "id: contact", "id: holder", "notice_fields.2.id"),
    ],
)
def test_a_mistake_in_a_regime_is_named_by_file_line_and_key(
    rules: Path, file: str, old: str, new: str, field: str
) -> None:
    line = _change(rules / "regimes" / file, old, new)
    faults = [(fault.file, fault.line, fault.field) for fault in check_rules(rules)]
    assert faults == [(str(rules / "regimes" / file), line, field)]


def test_a_statement_needs_its_wording_in_both_languages(rules: Path) -> None:
    _change(rules / "regimes" / "cn-ec.yaml", "      zh: 通知人保证", "      de: 通知人保证")
    assert [fault.field for fault in check_rules(rules)] == ["notice_fields.11.text.zh"]


def test_a_field_follows_another_of_its_name_when_the_law_changes(rules: Path) -> None:
    path = rules / "regimes" / "eu-dsa.yaml"
    ended = "{law: *law, article: old, source: *copy, valid_from: 2024-02-17, valid_until: 2026-06-30, verified: false}"
    begun = "{law: *law, article: new, source: *copy, valid_from: 2026-07-01, verified: false}"
    old = "  - {id: contact, title: {en: E-mail address, zh: 电子邮箱}, basis: *art16}\n"
    twice = "".join(
        old.replace("*art16", basis).replace("E-mail", name) for basis, name in ((ended, "A"), (begun, "B"))
    )
    _change(path, old, twice)
    regime = load_regimes(rules)["EU-DSA"]
    titles = [
        next(field.title["en"] for field in regime.form_on(day).fields if field.id == "contact")
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert titles == ["A address", "B address"]


def test_before_its_law_a_regime_has_no_form() -> None:
    assert load_regimes(RULES)["EU-DSA"].form_on(date(2024, 2, 16)).fields == ()


@pytest.mark.parametrize("regime", ["CN-EC", "CN-NET", "EU-DSA", "US-DMCA"])
def test_every_notice_names_rights_addresses_evidence_and_a_statement(regime: str) -> None:
    form = load_regimes(RULES)[regime].form_on(DAY)
    assert {field.content for field in form.fields} == set(Content)


@pytest.mark.parametrize(
    ("host", "platform"),
    [
        ("taobao.com", "alibaba_ipp"),
        ("item.taobao.com", "alibaba_ipp"),
        ("nottaobao.com", None),
        ("shop.example", None),
    ],
)
def test_a_platform_is_known_by_its_hosts(host: str, platform: str | None) -> None:
    found = load_regimes(RULES)["CN-EC"].platform_of(host)
    assert (found.id if found else None) == platform
