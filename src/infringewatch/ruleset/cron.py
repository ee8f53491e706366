"""Whether a line is a cron schedule of five fields. The clock itself is the scheduler's."""

from __future__ import annotations

import re

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, _MONTHS),
    (0, 7, _DAYS),
)
_PART = re.compile(r"(\*|(?P<low>\w+)(?:-(?P<high>\w+))?)(?:/(?P<step>\d+))?")


def is_cron(line: str) -> bool:
    """Minute, hour, day of the month, month, day of the week: ``*``, numbers or names, ranges, lists, steps."""
    fields = line.split()
    return len(fields) == len(_FIELDS) and all(map(_is_field, fields, *zip(*_FIELDS, strict=True)))


def _is_field(text: str, first: int, last: int, names: list[str]) -> bool:
    return all(_is_part(part, first, last, names) for part in text.lower().split(","))


def _is_part(text: str, first: int, last: int, names: list[str]) -> bool:
    match = _PART.fullmatch(text)
    if match is None or (match["step"] is not None and int(match["step"]) == 0):
        return False
    start = len(names) == 12  # months are counted from 1, days of the week from 0
    values = [names.index(bound) + start if bound in names else bound for bound in match.group("low", "high") if bound]
    if not all(str(value).isdecimal() and first <= int(value) <= last for value in values):
        return False
    return len(values) < 2 or int(values[0]) <= int(values[1])
