"""Which days are working days where. The one door to the calendars of China and the United States."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import holidays

from infringewatch.errors import CalendarEnds

IsWorkingDay = Callable[[date], bool]
_US = holidays.country_holidays("US")


def is_working_day_in_china(day: date) -> bool:
    """By the State Council's yearly notice, make-up days included. Raises CalendarEnds for a year without one."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise CalendarEnds(
            f"the State Council's holidays of {day.year} are not known to this version: count this limit by hand"
        ) from error


def is_business_day_in_the_us(day: date) -> bool:
    """Monday to Friday without federal holidays."""
    return day.weekday() < 5 and day not in _US


def is_weekday(day: date) -> bool:
    """Monday to Friday; public holidays of the member states are not known here."""
    return day.weekday() < 5


def calendar_of(jurisdiction: str) -> IsWorkingDay:
    """How a jurisdiction (two letters) tells working days."""
    return {"CN": is_working_day_in_china, "US": is_business_day_in_the_us}.get(jurisdiction, is_weekday)


def add_working_days(day: date, amount: int, is_working: IsWorkingDay) -> date:
    """The ``amount``-th working day after ``day``; ``day`` itself is not counted."""
    while amount:
        day += timedelta(days=1)
        amount -= is_working(day)
    return day


def next_working_day(day: date, is_working: IsWorkingDay) -> date:
    """``day``, or the first working day after it."""
    while not is_working(day):
        day += timedelta(days=1)
    return day
