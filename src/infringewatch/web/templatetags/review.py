"""Filters for templates: the field's words, ages, and addresses cut in the middle."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from infringewatch.web.sentences import say
from infringewatch.web.words import word

register = template.Library()
register.filter("word", word)
register.filter("say", say)


@register.filter
def age(value: datetime | None) -> str:
    """How long ago, in one short word; the exact time belongs in a title."""
    if value is None:
        return ""
    minutes = max(0, int((datetime.now(UTC) - value).total_seconds() // 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": minutes // 60}
    return _("%(n)s d") % {"n": minutes // 1440}


@register.filter
def duration(seconds: float) -> str:
    """A length of time in one or two short words: ``45 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return _("%(s)s s") % {"s": whole}
    if whole < 3600:
        return _("%(m)s min %(s)s s") % {"m": whole // 60, "s": whole % 60}
    return _("%(h)s h %(m)s min") % {"h": whole // 3600, "m": whole % 3600 // 60}


@register.filter
def exact(value: datetime | None) -> str:
    """The whole time in the reader's zone, with how far that is from UTC: ``2026-03-01 20:00:00 UTC+8``."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S} {zone_name(value)}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A time in the reader's zone, to the minute."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def zone_name(value: datetime) -> str:
    """How far the reader's zone is from UTC at that time: ``UTC``, ``UTC+8``, ``UTC-3:30``."""
    offset = timezone.localtime(value).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


@register.filter
def middle(value: str, size: int = 48) -> str:
    """A long address or hash without its middle."""
    half = (size - 1) // 2
    return value if len(value) <= size else f"{value[:half]}…{value[-half:]}"


@register.filter
def money(value: Decimal | None) -> str:
    """A price without needless decimals."""
    if value is None:
        return ""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


@register.filter
def percent(value: float) -> str:
    return f"{value * 100:.0f}"
