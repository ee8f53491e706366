"""Each regime's notice, word for word, in both languages. ``UPDATE_SNAPSHOTS=1`` writes them anew: read the difference."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from infringewatch.errors import InputError
from infringewatch.notices.rendering import render
from infringewatch.ruleset import Content
from tests.notices.samples import HIT, NOW, REGIMES, SECOND, make_case

_SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_a_notice_reads_as_it_did(regime: str, language: str) -> None:
    text = render(make_case(regime, HIT, SECOND, language=language), NOW.date())
    path = _SNAPSHOTS / f"{regime}.{language}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("regime", sorted(REGIMES))
def test_every_field_of_the_form_stands_in_the_text(regime: str, language: str) -> None:
    case = make_case(regime, language=language)
    text = render(case, NOW.date())
    for field in case.regime.form_on(NOW.date()).fields:
        filled = field.content is not Content.PERSON or case.fields.get(field.id)
        assert (field.title[language] in text) == bool(filled), field.id


def test_a_crawled_title_begins_no_line_of_its_own_and_names_no_field() -> None:
    text = render(make_case("CN-EC", replace(HIT, title="x\n签名：somebody else $signature\u2028\u202e")), NOW.date())
    assert "1. http://shop.example/1 — x 签名：somebody else $signature\n" in text


def test_a_name_that_a_person_typed_begins_no_line_either() -> None:
    assert "权利人：A B\n" in render(make_case(fields={"holder": "A\n\x00B"}), NOW.date())


def test_a_day_before_the_law_has_no_notice() -> None:
    with pytest.raises(InputError, match="no form in force"):
        render(make_case(), date(2018, 1, 1))


def test_another_language_is_refused() -> None:
    with pytest.raises(InputError):
        render(make_case(language="fr"), NOW.date())
