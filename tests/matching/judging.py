"""A small list, the shipped rules and a fixed day, for tests of what matching says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import Compiled, screen
from infringewatch.model import AllowRow, Finding, Item, ItemKind, Level, Right, RightKind
from infringewatch.ruleset import Ruleset, load_ruleset

DAY = date(2026, 11, 25)
_RULES = Path(__file__).parents[2] / "rules"

SELLER = AllowRow("T1/authorised_sellers/蓝鲸官方店", "authorised_sellers", "蓝鲸官方店")
RIGHTS = (
    Right(
        RightKind.TRADEMARK,
        "蓝鲸兔",
        "T1",
        holder="甲",
        nice_classes=(25,),
        aliases=("Lanvolt",),
        reference_price=Decimal(300),
        currency="CNY",
        allow=(SELLER,),
    ),
    Right(RightKind.TRADEMARK, "小米", "T2", holder="乙", nice_classes=(9,)),
    Right(RightKind.TRADEMARK, "zorvella", "T3", holder="丙", nice_classes=(18,)),
    Right(RightKind.TRADEMARK, "耐步", "T4", holder="丁", nice_classes=(25,), valid_until=date(2026, 1, 1)),
    Right(RightKind.COPYRIGHT, "白塔镇的第七个夏天", "W1", holder="戊", author="林一舟"),
)


@cache
def ruleset() -> Ruleset:
    return load_ruleset(_RULES)


@cache
def compiled() -> Compiled:
    return compile_watchlist(RIGHTS)


def make_context(**changes: Any) -> Context:
    return Context(**{"ruleset": ruleset(), "measure": None, "day": DAY} | changes)


def make_item(title: str, **fields: Any) -> Item:
    return Item(**{"id": "i", "kind": ItemKind.LISTING, "title": title} | fields)


def findings(
    title: str, *, least: Level = Level.REVIEW, context: Context | None = None, **fields: Any
) -> list[Finding]:
    return screen(make_item(title, **fields), compiled(), context or make_context(), least=least)


def finding(title: str, right: str, **fields: Any) -> Finding:
    """The finding on one right, at any level."""
    found = {f.right: f for f in findings(title, least=Level.IGNORE, **fields)}
    return found[right]
