"""What a notice must hold, as dated data: each field with its wording, who fills it in, and the article that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from infringewatch.ruleset.law import LegalBasis, read_basis, read_titles
from infringewatch.ruleset.tables import Table, closed


class Content(StrEnum):
    """Where a field's content comes from: a person types it, a person declares it, or the case holds it."""

    PERSON = "person"
    STATEMENT = "statement"
    RIGHTS = "rights"
    ADDRESSES = "addresses"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class NoticeField:
    """One thing that a notice must hold. ``id`` names what a person filled in; ``text`` is the wording of a statement.

    ``long`` is for fields of several lines.
    """

    id: str
    title: Mapping[str, str]
    content: Content
    required: bool
    long: bool
    text: Mapping[str, str]
    basis: LegalBasis


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands around the fields: heading and request, each in both languages; ``language`` is the usual one."""

    language: str
    title: Mapping[str, str]
    request: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields that the law asks for on one day, in the order of the text."""

    fields: tuple[NoticeField, ...]

    def of(self, *contents: Content) -> tuple[NoticeField, ...]:
        return tuple(field for field in self.fields if field.content in contents)


def form_on(fields: Iterable[NoticeField], day: date) -> Form:
    return Form(tuple(field for field in fields if field.basis.holds_on(day)))


def read_letter(table: Table) -> Letter:
    inner = table.table("letter", required=True)
    if inner is None:
        return Letter("", {}, {})
    letter = Letter(
        inner.word("language", ("zh", "en"), required=True), read_titles(inner), read_titles(inner, "request")
    )
    inner.close()
    return letter


def read_notice_fields(table: Table, key: str, *, required: bool = False) -> tuple[NoticeField, ...]:
    """The fields under ``key``; two of one name must not be in force on one day."""
    entries = [(entry, _read_field(entry)) for entry in closed(table.tables(key, required=required))]
    for position, (entry, field) in enumerate(entries):
        if any(field.id == other.id and _overlap(field.basis, other.basis) for _, other in entries[:position]):
            entry.fault("id", f"{field.id!r} stands here twice for the same days")
    return tuple(field for _, field in entries)


def read_basis_under(table: Table) -> LegalBasis:
    """The article under the key ``basis``."""
    inner = table.table("basis", required=True)
    if inner is None:
        return LegalBasis({}, "", "", None, None, False)
    basis = read_basis(inner)
    inner.close()
    return basis


def _read_field(entry: Table) -> NoticeField:
    content = entry.choice("content", Content, Content.PERSON)
    text = read_titles(entry, "text") if content is Content.STATEMENT else {}
    return NoticeField(
        id=entry.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        title=read_titles(entry),
        content=content,
        required=entry.flag("required", True),
        long=entry.flag("long"),
        text=text,
        basis=read_basis_under(entry),
    )


def _overlap(one: LegalBasis, other: LegalBasis) -> bool:
    begins_after = one.valid_from and other.valid_until and one.valid_from > other.valid_until
    ends_before = one.valid_until and other.valid_from and one.valid_until < other.valid_from
    return not begins_after and not ends_before
