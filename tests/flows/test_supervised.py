"""Works found on a supervised site stand under measure 36, unless the campaign names a measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from infringewatch.compiling import compile_watchlist
from infringewatch.flows import intake
from infringewatch.matching.context import Context
from infringewatch.model import Item, ItemKind, Outcome, PageResult, Right, RightKind
from infringewatch.ruleset import CampaignSpec, SiteProfile, load_ruleset
from infringewatch.settings import get_settings

_HOST = "novels.example"
_WORK = Right(RightKind.COPYRIGHT, "雾港灯塔守望录", "CR-1", author="林渡")


def _run(*, supervised: bool, measure: str) -> Any:
    profile = SiteProfile("novels", (_HOST,), (f"http://{_HOST}/",), supervised=supervised)
    run: Any = SimpleNamespace(
        spec=CampaignSpec(id="c", title="c", measure=measure),
        profiles=(profile,),
        tenants=(SimpleNamespace(compiled=compile_watchlist([_WORK], cache_dir=None)),),
        context=Context(load_ruleset(get_settings().rules_dir), measure or None, date(2026, 5, 1)),
    )
    run.supervises = lambda url: intake.OpenRun.supervises(run, url)
    return run


def _queues(run: Any) -> set[tuple[str, str]]:
    url = f"http://{_HOST}/book/1"
    item = Item(
        url,
        ItemKind.BOOK,
        url,
        title="雾港灯塔守望录 txt全集下载",
        description="雾港灯塔守望录全本免费阅读，TXT全集下载",
    )
    page = replace(PageResult("1", url, url, Outcome.OK, datetime(2026, 5, 1, tzinfo=UTC)), items=(item,))
    return {(match.finding.measure, match.finding.queue) for match in intake._screen(run, [page])}


@pytest.mark.parametrize(
    ("supervised", "measure", "expected"),
    [
        (True, "", ("36", "unlicensed_work")),
        (False, "", ("28", "piracy")),
        (True, "28", ("28", "piracy")),
        (False, "36", ("36", "unlicensed_work")),
    ],
)
def test_the_measure_is_the_campaigns_or_the_sites(supervised: bool, measure: str, expected: tuple[str, str]) -> None:
    assert _queues(_run(supervised=supervised, measure=measure)) == {expected}
