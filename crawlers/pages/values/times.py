"""Durations and dates as pages write them. Pure; a date that cannot be read is left out, not guessed."""

from __future__ import annotations

import re
from datetime import date, datetime

_ISO = re.compile(r"P?(?:(\d+(?:\.\d+)?)D)?T?(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?", re.I)
_CLOCK = re.compile(r"(?<![\d:])(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:\.\d+)?(?![\d:])")
_WORDS = re.compile(
    r"(?:(\d+)\s*(?:小时|小時|时|時|hours?|hrs?|h|std\.?|heures?|horas?|ore|часов|час)(?![a-z]))?\s*(?:(\d+)\s*(?:分钟|分鐘|分|minutes?|mins?|min|m|минут\w*)(?![a-z]))?\s*(?:(\d+)\s*(?:秒|seconds?|secs?|sec|s|секунд\w*)(?![a-z]))?",
    re.I,
)
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)(?:\s*日)?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_ZONE = re.compile(r"^\s*(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d{2})(?!\d)")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro", "feb february februar février febrero febbraio fevereiro", "mar march märz mars marzo março",
            "apr april avril abril aprile", "may mai mayo maggio maio", "jun june juni juin junio giugno junho", "jul july juli juillet julio luglio julho",
            "aug august août agosto", "sep sept september septembre septiembre settembre setembro", "oct october oktober okt octobre octubre ottobre outubro",
            "nov november novembre noviembre novembro", "dec december dezember dez décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH_WORD = r"([A-Za-zäéûç]{3,10})\.?"
_MONTH_FIRST = re.compile(rf"{_MONTH_WORD}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d{{2}})")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:de\s+)?{_MONTH_WORD}\s+(?:de\s+)?((?:19|20)\d{{2}})"
)


def read_duration(value: object) -> float | None:
    """Seconds out of ``PT1H2M``, the sloppy ``T8S``, ``1:02:03``, ``12:34``, ``8分30秒`` or a plain number of seconds."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if 0 < value < 1e7 else None
    text = str(value).strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text) if 0 < float(text) < 1e7 else None
    return _iso(text) or _clock(text) or _in_words(text)


def _iso(text: str) -> float | None:
    match = _ISO.fullmatch(text)
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds or None


def _clock(text: str) -> float | None:
    match = _CLOCK.search(text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return float((hours * 60 + minutes) * 60 + seconds) or None


def _in_words(text: str) -> float | None:
    for match in _WORDS.finditer(text[:100]):
        if any(match.groups()):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return float((hours * 60 + minutes) * 60 + seconds) or None
    return None


def read_date(value: str) -> str:
    """ISO date (or date and time, with the zone that stands there) of the first date in ``value``; else empty.

    ``03/04/2025`` is left out where day and month could be exchanged.
    """
    text = value.strip()[:200]
    if match := _DATE.search(text):
        return _iso_date(match, text)
    if match := _MONTH_FIRST.search(text):
        return _plain_date(match[3], _MONTHS.get(match[1].lower(), 0), match[2])
    if match := _DAY_MONTH.search(text):
        return _plain_date(match[3], _MONTHS.get(match[2].lower(), 0), match[1])
    if (match := _DAY_FIRST.search(text)) and (int(match[1]) > 12 or "." in match[0] or match[1] == match[2]):
        return _plain_date(match[3], match[2], match[1])
    return ""


def _iso_date(match: re.Match[str], text: str) -> str:
    year, month, day, hour, minute, second = match.groups()
    if hour is None:
        return _plain_date(year, month, day)
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001  (the page's own zone follows, if it names one)
    except ValueError:
        return ""
    zone = _ZONE.match(text[match.end() :])
    return moment.isoformat() + (zone[1].replace("Z", "+00:00") if zone else "")


def _plain_date(year: str | int, month: str | int, day: str | int) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
