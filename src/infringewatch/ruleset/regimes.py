"""Regimes of notice and takedown: what a notice must hold, which clocks run, what each platform's channel takes.

All of it is dated data with article, source and ``verified``; nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infringewatch.model import NoticeEventKind, RightKind
from infringewatch.ruleset.forms import (
    Form,
    Letter,
    NoticeField,
    form_on,
    read_basis_under,
    read_letter,
    read_notice_fields,
)
from infringewatch.ruleset.law import LegalBasis, read_bases, read_titles
from infringewatch.ruleset.tables import Table, closed


class ClockUnit(StrEnum):
    """``at_once`` is a duty without a number ("promptly", "immediately"); ``amount`` is then 0."""

    AT_ONCE = "at_once"
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    CN_WORKING_DAYS = "cn_working_days"
    US_BUSINESS_DAYS = "us_business_days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Clock:
    """One time limit: who must do what, how long after which event. ``at_least`` turns it around: not before.

    ``ends_on`` are the events that meet it.
    """

    id: str
    title: Mapping[str, str]
    who: str
    starts_on: NoticeEventKind
    ends_on: tuple[NoticeEventKind, ...]
    amount: int
    unit: ClockUnit
    at_least: bool
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform's channel for notices. A limit of ``None`` is not known."""

    id: str
    title: Mapping[str, str]
    hosts: tuple[str, ...]
    entry: str
    material: tuple[str, ...]
    max_addresses: int | None
    max_file_bytes: int | None
    answer_days: int | None
    answer_unit: ClockUnit
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Regime:
    """One file of ``rules/regimes``. ``after_counter`` says what may follow a counter-statement:
    ``wait`` (the clocks run), ``litigate_only`` (no second notice) or ``appeal``.

    Days are counted in ``zone``. ``four_eyes``: another person than the drafter lets a notice through.
    ``repeat_days``: how long the same address and right are not noticed again (the installation's own rule).
    """

    id: str
    version: int
    title: Mapping[str, str]
    jurisdiction: str
    zone: str
    four_eyes: bool
    repeat_days: int
    letter: Letter
    kinds: frozenset[RightKind]
    after_counter: str
    legal_basis: tuple[LegalBasis, ...]
    notice_fields: tuple[NoticeField, ...]
    counter_fields: tuple[NoticeField, ...]
    clocks: tuple[Clock, ...]
    platforms: tuple[Platform, ...]

    @property
    def rule_id(self) -> str:
        return f"{self.id}@{self.version}"

    def clocks_on(self, day: date) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks if clock.basis.holds_on(day))

    def form_on(self, day: date) -> Form:
        """What a notice must hold on ``day``."""
        return form_on(self.notice_fields, day)

    def basis_on(self, day: date) -> LegalBasis | None:
        """The law that the way rests on, where it is in force on ``day``."""
        return next((basis for basis in self.legal_basis if basis.holds_on(day)), None)

    def platform_of(self, host: str) -> Platform | None:
        """The platform that ``host`` belongs to, its subdomains too; ``None`` where no channel of it is known."""
        return next(
            (one for one in self.platforms for known in one.hosts if host == known or host.endswith(f".{known}")), None
        )


def read_regime(table: Table) -> Regime:
    return Regime(
        id=table.text("id", required=True, pattern="[A-Z][A-Z0-9-]*"),
        version=table.integer("version", low=1, high=1_000_000, required=True),
        title=read_titles(table),
        jurisdiction=table.text("jurisdiction", required=True, pattern="[A-Z]{2}"),
        zone=_read_zone(table),
        four_eyes=table.flag("four_eyes"),
        repeat_days=table.integer("repeat_days", 15, low=0, high=365),
        letter=read_letter(table),
        kinds=frozenset(table.choices("kinds", RightKind, required=True)),
        after_counter=table.word("after_counter", ("wait", "litigate_only", "appeal"), required=True),
        legal_basis=read_bases(table),
        notice_fields=read_notice_fields(table, "notice_fields", required=True),
        counter_fields=read_notice_fields(table, "counter_fields"),
        clocks=tuple(_read_clock(entry) for entry in closed(table.tables("clocks", required=True))),
        platforms=tuple(_read_platform(entry) for entry in closed(table.tables("platforms"))),
    )


def _read_zone(table: Table) -> str:
    zone = table.text("zone", required=True)
    try:
        ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        table.fault("zone", f"{zone!r} is no time zone")
    return zone


def _read_clock(entry: Table) -> Clock:
    unit = entry.choice("unit", ClockUnit)
    amount = entry.integer("amount", low=0, high=3650)
    if (unit is ClockUnit.AT_ONCE) != (amount == 0):
        entry.fault("amount", "must be 0 (or left out) with at_once, and above 0 otherwise")
    return Clock(
        id=entry.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        title=read_titles(entry),
        who=entry.word("who", ("platform", "right_holder", "user", "authority", "court"), required=True),
        starts_on=entry.choice("starts_on", NoticeEventKind),
        ends_on=entry.choices("ends_on", NoticeEventKind),
        amount=amount,
        unit=unit,
        at_least=entry.flag("at_least"),
        basis=read_basis_under(entry),
    )


def _read_platform(entry: Table) -> Platform:
    return Platform(
        id=entry.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        title=read_titles(entry),
        hosts=entry.texts("hosts"),
        entry=entry.text("entry"),
        material=entry.texts("material"),
        max_addresses=entry.maybe_integer("max_addresses", low=1, high=1_000_000),
        max_file_bytes=entry.maybe_integer("max_file_bytes", low=1, high=1 << 40),
        answer_days=entry.maybe_integer("answer_days", low=1, high=365),
        answer_unit=entry.choice("answer_unit", ClockUnit, ClockUnit.CALENDAR_DAYS),
        basis=read_basis_under(entry),
    )
