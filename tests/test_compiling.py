from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.matcher import screen
from infringewatch.model import Queue, Right, RightKind
from tests.matching.judging import RIGHTS, SELLER, make_context, make_item

_PRODUCT = Right(RightKind.PRODUCT, "驰影竞速跑鞋", "P1", mark="T1", reference_price=Decimal(900), currency="CNY")


def test_a_product_is_found_under_its_mark_and_named() -> None:
    (found,) = screen(make_item("驰影竞速跑鞋 男"), compile_watchlist([*RIGHTS, _PRODUCT]), make_context())
    assert (found.right, found.name, found.measure) == ("T1", "驰影竞速跑鞋", "27")


def test_the_marks_permissions_hold_for_its_products() -> None:
    item = make_item("驰影竞速跑鞋", seller="蓝鲸官方店")
    (found,) = screen(item, compile_watchlist([*RIGHTS, _PRODUCT]), make_context())
    assert (found.queue, found.suppressed_by) == (Queue.AUTHORISED, SELLER.id)


def test_a_products_own_price_is_the_reference() -> None:
    item = make_item("驰影竞速跑鞋", price=Decimal(250), currency="CNY")
    (found,) = screen(item, compile_watchlist([*RIGHTS, _PRODUCT]), make_context())
    assert found.queue is Queue.COUNTERFEIT


def test_a_famous_mark_is_judged_by_its_own_pack_under_27() -> None:
    famous = replace(RIGHTS[0], famous=True)
    (found,) = screen(make_item("蓝鲸免 运动鞋"), compile_watchlist([famous]), make_context())
    assert (found.rule.partition("@")[0], found.measure) == ("m35", "27")


def test_what_was_compiled_is_kept_in_the_cache(tmp_path: Path) -> None:
    compile_watchlist(RIGHTS, cache_dir=tmp_path)
    assert list(tmp_path.glob("marks-*/*/keys.npy"))
