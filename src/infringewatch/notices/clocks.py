"""When a time limit ends, by the rule of its regime: days and working days, counted in the regime's own zone. Pure.

Days: the day of the event is not counted, a limit ends with its last day, and where that is no working day, with the
next one (China: Civil Code 201-203; EU: Regulation 1182/71, art. 3).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from infringewatch.notices.calendars import (
    add_working_days,
    calendar_of,
    is_business_day_in_the_us,
    is_working_day_in_china,
    next_working_day,
)
from infringewatch.ruleset import ClockUnit

_LAST_SECOND = time(23, 59, 59)


def due_at(amount: int, unit: ClockUnit, started: datetime, *, zone: str, jurisdiction: str) -> datetime | None:
    """The last second of the limit, in UTC; ``None`` for "at once", which names no number.

    Raises CalendarEnds where the days run into a year whose holidays are not known.
    """
    if unit is ClockUnit.AT_ONCE:
        return None
    if unit is ClockUnit.HOURS:
        return started + timedelta(hours=amount)
    last = _last_day(amount, unit, started.astimezone(ZoneInfo(zone)).date(), jurisdiction)
    return datetime.combine(last, _LAST_SECOND, ZoneInfo(zone)).astimezone(UTC)


def _last_day(amount: int, unit: ClockUnit, first: date, jurisdiction: str) -> date:
    if unit is ClockUnit.CN_WORKING_DAYS:
        return add_working_days(first, amount, is_working_day_in_china)
    if unit is ClockUnit.US_BUSINESS_DAYS:
        return add_working_days(first, amount, is_business_day_in_the_us)
    if unit is ClockUnit.CALENDAR_DAYS:
        last = first + timedelta(days=amount)
    else:
        last = _add_months(first, amount * (12 if unit is ClockUnit.YEARS else 1))
    return next_working_day(last, calendar_of(jurisdiction))


def _add_months(day: date, amount: int) -> date:
    """The same day of a later month, or its last day where it has none of that number."""
    years, month = divmod(day.month - 1 + amount, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
