from __future__ import annotations

import pytest

from infringewatch.matching.marks.forms import FormKind, find_form, make_forms
from infringewatch.model import Right, RightKind


def _forms(
    name: str, kind: RightKind = RightKind.TRADEMARK, aliases: tuple[str, ...] = ()
) -> list[tuple[str, FormKind]]:
    return [(form.text, form.kind) for form in make_forms([Right(kind, name, "1", aliases=aliases)])]


def test_a_chinese_mark_is_looked_for_in_pinyin_too() -> None:
    assert _forms("蓝鲸兔") == [("蓝鲸兔", FormKind.NAME), ("lanjingtu", FormKind.PINYIN)]


def test_a_bilingual_mark_is_looked_for_by_its_parts() -> None:
    assert {text for text, kind in _forms("海澜Hylan") if kind is FormKind.PART} == {"海澜", "Hylan"}


def test_aliases_are_forms() -> None:
    assert ("Lanvolt", FormKind.ALIAS) in _forms("蓝鲸兔", aliases=("Lanvolt",))


def test_a_title_has_no_parts_and_no_pinyin() -> None:
    assert _forms("白塔Tower", RightKind.COPYRIGHT) == [("白塔Tower", FormKind.NAME)]


@pytest.mark.parametrize("name", ["", " ", "米", "A", "!!!", "——", "\u200b", "\ud800", "🔥🔥"])
def test_a_mark_that_would_match_everything_has_no_form(name: str) -> None:
    assert _forms(name) == []


def test_an_alias_that_is_the_name_written_otherwise_is_one_form() -> None:
    assert _forms("NIVOLA", aliases=("nivola", "ＮＩＶＯＬＡ")) == [("NIVOLA", FormKind.NAME)]


def test_a_form_is_found_again_from_its_letters() -> None:
    right = Right(RightKind.TRADEMARK, "海澜Hylan", "1", aliases=("Hai Lan",))
    for form in make_forms([right]):
        again = find_form(right, 5, form.kind, form.codes)
        assert (again.right, again.text, again.places) == (5, form.text, form.places)


def test_a_well_known_name_in_the_other_script_is_a_form_both_ways() -> None:
    latin, han = (Right(RightKind.TRADEMARK, name, "T1") for name in ("ROLEX", "劳力士"))
    assert "劳力士" in {form.text for form in make_forms([latin])}
    assert "rolex" in {form.text for form in make_forms([han])}


def test_such_a_form_is_made_anew_from_its_right() -> None:
    right = Right(RightKind.TRADEMARK, "Coca-Cola", "T1")
    form = next(form for form in make_forms([right]) if form.text == "可口可乐")
    assert find_form(right, 0, form.kind, form.codes).text == "可口可乐"
