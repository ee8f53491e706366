"""Regimes of notice and takedown: what a notice must hold, which clocks run, what each platform's channel takes.

All of it is dated data with article, source and ``verified``; nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from infringewatch.model import RightKind
from infringewatch.ruleset.law import LegalBasis, read_bases, read_basis, read_titles
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
    """One time limit: who must do what, how long after which event. ``at_least`` turns it around: not before."""

    id: str
    title: Mapping[str, str]
    who: str
    starts_on: str
    amount: int
    unit: ClockUnit
    at_least: bool
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class NoticeField:
    """One thing that a notice must hold. ``id`` is a word that the gate and the templates share."""

    id: str
    title: Mapping[str, str]
    required: bool
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
    ``wait`` (the clocks run), ``litigate_only`` (no second notice) or ``appeal``."""

    id: str
    version: int
    title: Mapping[str, str]
    jurisdiction: str
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


def read_regime(table: Table) -> Regime:
    return Regime(
        id=table.text("id", required=True, pattern="[A-Z][A-Z0-9-]*"),
        version=table.integer("version", low=1, high=1_000_000, required=True),
        title=read_titles(table),
        jurisdiction=table.text("jurisdiction", required=True, pattern="[A-Z]{2}"),
        kinds=frozenset(table.choices("kinds", RightKind, required=True)),
        after_counter=table.word("after_counter", ("wait", "litigate_only", "appeal"), required=True),
        legal_basis=read_bases(table),
        notice_fields=_read_notice_fields(table, "notice_fields", required=True),
        counter_fields=_read_notice_fields(table, "counter_fields"),
        clocks=tuple(_read_clock(entry) for entry in closed(table.tables("clocks", required=True))),
        platforms=tuple(_read_platform(entry) for entry in closed(table.tables("platforms"))),
    )


def _read_basis_under(table: Table) -> LegalBasis:
    inner = table.table("basis", required=True)
    if inner is None:
        return LegalBasis({}, "", "", None, None, False)
    basis = read_basis(inner)
    inner.close()
    return basis


def _read_notice_fields(table: Table, key: str, *, required: bool = False) -> tuple[NoticeField, ...]:
    return tuple(
        NoticeField(
            id=entry.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
            title=read_titles(entry),
            required=entry.flag("required", True),
            basis=_read_basis_under(entry),
        )
        for entry in closed(table.tables(key, required=required))
    )


def _read_clock(entry: Table) -> Clock:
    unit = entry.choice("unit", ClockUnit)
    amount = entry.integer("amount", low=0, high=3650)
    if (unit is ClockUnit.AT_ONCE) != (amount == 0):
        entry.fault("amount", "must be 0 (or left out) with at_once, and above 0 otherwise")
    return Clock(
        id=entry.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        title=read_titles(entry),
        who=entry.word("who", ("platform", "right_holder", "user", "authority", "court"), required=True),
        starts_on=entry.text("starts_on", required=True, pattern="[a-z][a-z0-9_]*"),
        amount=amount,
        unit=unit,
        at_least=entry.flag("at_least"),
        basis=_read_basis_under(entry),
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
        basis=_read_basis_under(entry),
    )
