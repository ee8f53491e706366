from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from infringewatch.web.middleware import ZONE_COOKIE
from infringewatch.web.templatetags.review import exact, moment
from tests.web.conftest import Add

EVENING = datetime(2026, 3, 1, 18, 30, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "2026-03-01 18:30:05 UTC"),
        ("Asia/Shanghai", "2026-03-02 02:30:05 UTC+8"),
        ("America/St_Johns", "2026-03-01 15:00:05 UTC-3:30"),
    ],
)
def test_an_exact_time_names_its_distance_from_utc(zone: str, shown: str) -> None:
    with timezone.override(zone):
        assert exact(EVENING) == shown
        assert moment(EVENING) == shown[:16]


def test_times_are_shown_in_the_zone_that_the_browser_named(page: Client, add_hit: Add) -> None:
    add_hit(first_seen=EVENING)
    assert "2026-03-01 18:30:05 UTC" in page.get("/queue/27").content.decode()
    page.cookies[ZONE_COOKIE] = "Asia%2FShanghai"
    assert "2026-03-02 02:30:05 UTC+8" in page.get("/queue/27").content.decode()


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc/passwd", "%00", "x" * 500])
def test_an_invented_zone_does_no_harm(page: Client, add_hit: Add, zone: str) -> None:
    add_hit(first_seen=EVENING)
    page.cookies[ZONE_COOKIE] = zone
    assert "18:30:05 UTC" in page.get("/queue/27").content.decode()
