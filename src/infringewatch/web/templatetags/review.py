"""Filters for templates: the field's words, ages, and addresses cut in the middle."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from infringewatch.web.words import word

register = template.Library()
register.filter("word", word)


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
