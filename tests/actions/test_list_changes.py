"""What a file would do to a list, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from infringewatch.actions.list_changes import ListChange, RightRecord, StandingList, compare_list
from infringewatch.model import AllowRow
from infringewatch.store.models import Right

DATA = {"kind": "trademark", "name": "Velmora", "notes": ""}
RECORD = RightRecord("T-1", "trademark", "Velmora", "", DATA, ())
ROW = AllowRow("T-1/authorised_sellers/Lan Shop", "authorised_sellers", "Lan Shop")


def _stored(
    *records: RightRecord, withdrawn: bool = False, decided: frozenset[tuple[str, str]] = frozenset()
) -> StandingList:
    rights = {
        record.registration_no: Right(
            registration_no=record.registration_no,
            name=record.name,
            data=dict(record.data),
            withdrawn_at=datetime(2026, 1, 1, tzinfo=UTC) if withdrawn else None,
        )
        for record in records
    }
    allowed = {
        record.registration_no: frozenset((row.id, str(row.valid_from), str(row.valid_until)) for row in record.allow)
        for record in records
    }
    return StandingList(rights, allowed, decided)


def _named(change: ListChange) -> tuple[list[str], list[tuple[str, ...]], list[str], int]:
    return (
        [right.name for right in change.added],
        [(right.name, *right.fields) for right in change.changed],
        [right.name for right in change.withdrawn],
        change.same,
    )


def test_it_names_what_is_added_changed_withdrawn_and_counts_the_same() -> None:
    stored = _stored(RECORD, replace(RECORD, registration_no="T-2", name="Old"), replace(RECORD, registration_no="T-3"))
    file = [
        RECORD,
        replace(RECORD, registration_no="T-3", data={**DATA, "notes": "new"}),
        replace(RECORD, registration_no="T-4", name="New"),
    ]
    assert _named(compare_list(stored, file)) == (["New"], [("Velmora", "notes")], ["Old"], 1)


def test_a_permission_is_named_by_its_column() -> None:
    change = compare_list(_stored(RECORD), [replace(RECORD, allow=(ROW,))])
    assert [right.fields for right in change.changed] == [("authorised_sellers",)]


def test_a_permission_that_a_person_gave_is_no_change() -> None:
    stored = _stored(RECORD, decided=frozenset({("T-1", ROW.id)}))
    assert compare_list(stored, [replace(RECORD, allow=(ROW,))]).is_none


def test_a_right_that_was_withdrawn_comes_back_as_a_change() -> None:
    change = compare_list(_stored(RECORD, withdrawn=True), [RECORD])
    assert [right.fields for right in change.changed] == [("withdrawn",)]


def test_a_right_that_was_withdrawn_is_not_withdrawn_again() -> None:
    assert compare_list(_stored(RECORD, withdrawn=True), []).is_none
