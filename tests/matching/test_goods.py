from __future__ import annotations

import pytest

from infringewatch.matching.cues import lexicons_of
from infringewatch.matching.goods import class_relation, read_goods
from infringewatch.model import ItemKind
from tests.matching.judging import make_item, ruleset


def _head(title: str, **fields: object) -> int | None:
    return read_goods(make_item(title, **fields), lexicons_of(ruleset()).goods).head


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("男士透气跑步鞋", 25),
        ("无线蓝牙耳机 降噪", 9),
        ("小米粥 速食", 30),
        ("leather handbag for women", 18),
        ("case for running shoes", 25),
        ("running shoes men size 9", 25),
        ("watch strap for phones", 14),
        ("abc xyz", None),
        ("", None),
    ],
)
def test_the_head_noun_names_the_class(title: str, head: int | None) -> None:
    assert _head(title) == head


def test_the_items_own_class_goes_first() -> None:
    assert _head("跑步鞋", nice_class=28) == 28


def test_a_category_is_read_like_a_title() -> None:
    assert _head("新款", category="女鞋/运动鞋") == 25


def test_books_and_films_are_goods_of_their_own() -> None:
    assert (_head("x", kind=ItemKind.BOOK), _head("x", kind=ItemKind.VIDEO)) == (16, 41)


def test_the_marks_own_letters_are_no_goods() -> None:
    goods = read_goods(make_item("苹果 手机"), lexicons_of(ruleset()).goods, without=(0, 2))
    assert goods.others == {9}


@pytest.mark.parametrize(
    ("classes", "relation"),
    [((25,), (0.8, 0.0)), ((18,), (0.0, 0.2)), ((1,), (0.0, 0.8)), ((35,), (0.8, 0.0)), ((), (0.0, 0.0))],
)
def test_goods_are_compared_with_the_marks_classes(classes: tuple[int, ...], relation: tuple[float, float]) -> None:
    goods = read_goods(make_item("跑步鞋"), lexicons_of(ruleset()).goods)
    assert class_relation(goods, classes) == pytest.approx(relation)
