from __future__ import annotations

import re

import pytest
from django.utils import translation

from infringewatch.web.sentences import FORMS, say


@pytest.mark.parametrize(
    ("sentence", "chinese"),
    [
        ("mei has decided this hit in the meantime", "mei 已先判定了这条线索"),
        ("'22x' is not a date in the form 2026-01-31", "'22x' 不是形如 2026-01-31 的日期"),
        ("marks.csv: is empty", "marks.csv：文件为空"),
        ("is missing", "缺失"),
        ("log in first", "请先登录"),
        ("nobody has ever said this", "nobody has ever said this"),
    ],
)
def test_a_sentence_is_said_in_chinese_with_its_values(sentence: str, chinese: str) -> None:
    with translation.override("zh-hans"):
        assert say(sentence) == chinese


def test_english_stays_as_it_was() -> None:
    with translation.override("en"):
        assert say("there is no hit 7") == "there is no hit 7"


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_known_by_its_own_pattern(form: str) -> None:
    values = {name: f"«{name}»" for name in re.findall(r"%\((\w+)\)s", form)}
    with translation.override("zh-hans"):
        said = say(form % values)
    assert said != form % values and all(value in said for value in values.values())
