"""Law as dated data: where a rule comes from, from when to when it holds, and whether anybody has checked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from infringewatch.ruleset.tables import Table, closed, texts_by_key


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One article. ``verified`` is false until somebody has compared it with the official text; pages show that.

    ``law`` holds the law's name by language ("en", "zh"), ``note`` a remark, where there is one. ``None`` for a date
    means "not limited".
    """

    law: Mapping[str, str]
    article: str
    source: str
    valid_from: date | None
    valid_until: date | None
    verified: bool
    note: Mapping[str, str] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def read_titles(table: Table, key: str = "title") -> Mapping[str, str]:
    """A text in English and Chinese; both are needed."""
    inner = table.table(key, required=True)
    titles = texts_by_key(inner)
    for language in ("en", "zh"):
        if inner is not None and language not in titles:
            inner.fault(language, "is missing")
    return titles


def read_period(table: Table) -> tuple[date | None, date | None]:
    """``valid_from`` and ``valid_until``, in that order in time."""
    start, end = table.day("valid_from"), table.day("valid_until")
    if start and end and start > end:
        table.fault("valid_until", f"lies before valid_from ({start})")
    return start, end


def read_basis(table: Table) -> LegalBasis:
    start, end = read_period(table)
    return LegalBasis(
        law=read_titles(table, "law"),
        article=table.text("article", required=True),
        source=table.text("source", required=True),
        valid_from=start,
        valid_until=end,
        verified=table.flag("verified", required=True),
        note=_read_note(table),
    )


def _read_note(table: Table) -> Mapping[str, str]:
    """A remark in both languages, or one text for both; empty where there is none."""
    if table.is_table("note"):
        return read_titles(table, "note")
    text = table.text("note")
    return {"en": text, "zh": text} if text else {}


def read_bases(table: Table, key: str = "legal_basis", *, required: bool = True) -> tuple[LegalBasis, ...]:
    return tuple(read_basis(entry) for entry in closed(table.tables(key, required=required)))
