from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infringewatch.errors import CalendarEnds
from infringewatch.notices.clocks import due_at
from infringewatch.ruleset import ClockUnit

_CN = {"zone": "Asia/Shanghai", "jurisdiction": "CN"}
_US = {"zone": "America/New_York", "jurisdiction": "US"}
_EU = {"zone": "Europe/Brussels", "jurisdiction": "EU"}


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "unit", "where", "started", "due"),
    [
        # the day of the event is not counted, the last day counts whole: 16 March, 23:59:59 in Shanghai
        (15, ClockUnit.CALENDAR_DAYS, _CN, "2026-03-01T04:00", "2026-03-16T15:59:59"),
        # 17:00 UTC is the next day in Shanghai already
        (15, ClockUnit.CALENDAR_DAYS, _CN, "2026-03-01T17:00", "2026-03-17T15:59:59"),
        # the fifteenth day is 1 October, a holiday: the first working day after it is the 8th
        (15, ClockUnit.CALENDAR_DAYS, _CN, "2026-09-16T04:00", "2026-10-08T15:59:59"),
        # Sunday 4 January 2026 was worked, for the holiday of 1 to 3 January
        (1, ClockUnit.CN_WORKING_DAYS, _CN, "2026-01-02T04:00", "2026-01-04T15:59:59"),
        (20, ClockUnit.CN_WORKING_DAYS, _CN, "2026-11-25T04:00", "2026-12-23T15:59:59"),
        # ten business days over Thanksgiving (26 November 2026), in Eastern time
        (10, ClockUnit.US_BUSINESS_DAYS, _US, "2026-11-20T15:00", "2026-12-08T04:59:59"),
        (14, ClockUnit.US_BUSINESS_DAYS, _US, "2026-11-20T15:00", "2026-12-12T04:59:59"),
        (24, ClockUnit.HOURS, _CN, "2026-03-01T04:00", "2026-03-02T04:00"),
        # 31 August has no match in February; 28 February 2026 is a Saturday
        (6, ClockUnit.MONTHS, _EU, "2025-08-31T10:00", "2026-03-02T22:59:59"),
        (1, ClockUnit.YEARS, _EU, "2025-03-03T10:00", "2026-03-03T22:59:59"),
    ],
)
def test_a_limit_ends_as_its_law_counts(
    amount: int, unit: ClockUnit, where: dict[str, str], started: str, due: str
) -> None:
    assert due_at(amount, unit, _at(started), **where) == _at(due)


def test_at_once_names_no_day() -> None:
    assert due_at(0, ClockUnit.AT_ONCE, _at("2026-03-01T04:00"), **_CN) is None


def test_working_days_of_a_year_without_a_published_calendar_are_not_guessed() -> None:
    with pytest.raises(CalendarEnds, match="2100"):
        due_at(5, ClockUnit.CN_WORKING_DAYS, _at("2100-03-01T04:00"), **_CN)


def test_days_that_end_in_a_year_without_a_published_calendar_are_not_guessed_either() -> None:
    with pytest.raises(CalendarEnds):
        due_at(15, ClockUnit.CALENDAR_DAYS, _at("2100-03-01T04:00"), **_CN)
