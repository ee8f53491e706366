from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import save_campaign
from infringewatch.ruleset import CampaignSpec, CatchUp, Schedule
from infringewatch.scheduler import due_times, open_due_runs
from infringewatch.settings import read_settings
from infringewatch.store.models import CampaignRun

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAILY = Schedule("0 3 * * *", "UTC")
TEXT = """
id: nightly
title: Nightly
schedule: {cron: "0 3 * * *", zone: UTC}
profiles: [{name: shop, hosts: [shop.example], start: ["http://shop.example/"]}]
"""


def _spec(catch_up: CatchUp, schedule: Schedule = DAILY) -> CampaignSpec:
    return CampaignSpec("c", "C", schedule=schedule, catch_up=catch_up)


@pytest.mark.parametrize(("catch_up", "starts"), [(CatchUp.SKIP, 0), (CatchUp.ONCE, 1), (CatchUp.ALL, 3)])
def test_missed_starts_are_caught_up_by_policy(catch_up: CatchUp, starts: int) -> None:
    assert len(due_times(_spec(catch_up), MONDAY - timedelta(days=3), MONDAY)) == starts


def test_a_start_that_is_due_now_is_made_also_without_catching_up() -> None:
    now = MONDAY.replace(hour=3, second=20)
    assert due_times(_spec(CatchUp.SKIP), now - timedelta(hours=2), now) == [MONDAY.replace(hour=3)]


@pytest.mark.parametrize(
    ("days", "starts"),
    [
        ("0", "Sun"),
        ("1", "Mon"),
        ("7", "Sun"),
        ("sun-tue", "Sun Mon Tue"),
        ("0-2", "Sun Mon Tue"),
        ("6-7", "Sat Sun"),
        ("1-5", "Mon Tue Wed Thu Fri"),
        ("1-5/2", "Mon Wed Fri"),
        ("*/2", "Sun Tue Thu Sat"),
        ("1,SAT", "Mon Sat"),
        ("*", "Sun Mon Tue Wed Thu Fri Sat"),
    ],
)
def test_weekdays_are_those_of_cron(days: str, starts: str) -> None:
    week = due_times(_spec(CatchUp.ALL, Schedule(f"0 3 * * {days}", "UTC")), MONDAY - timedelta(days=7), MONDAY)
    assert {start.strftime("%a") for start in week} == set(starts.split())


def test_a_schedule_is_read_in_its_own_zone() -> None:
    shanghai = _spec(CatchUp.ALL, Schedule("0 3 * * *", "Asia/Shanghai"))
    assert due_times(shanghai, MONDAY - timedelta(days=1), MONDAY) == [MONDAY.replace(day=22, hour=19)]


def test_a_campaign_without_schedule_is_never_due() -> None:
    assert due_times(CampaignSpec("c", "C"), MONDAY - timedelta(days=7), MONDAY) == []


@pytest.mark.django_db
def test_two_clocks_open_one_run(tmp_path: Path) -> None:
    settings = read_settings({"INFRINGEWATCH_HOME": str(tmp_path)})
    plan = {"text": TEXT, "file": "nightly"}
    save_campaign("nightly", "Nightly", plan, actor=MACHINE_ACTOR, now=MONDAY - timedelta(days=1))
    first, second = open_due_runs(settings, MONDAY), open_due_runs(settings, MONDAY)
    assert (len(first), len(second), CampaignRun.objects.count()) == (1, 0, 1)
