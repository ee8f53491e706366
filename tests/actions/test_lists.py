from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from infringewatch.actions.allow import Permission, allow
from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.list_changes import RightRecord
from infringewatch.actions.lists import ListSource, StoredList, store_list
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import InputError
from infringewatch.model import AllowRow
from infringewatch.store.models import AllowEntry, ListVersion, Right, RightVersion, User
from tests.actions.conftest import make_hit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
ONE = RightRecord("T-1", "trademark", "Velmora", "", {"kind": "trademark"}, ())
TWO = RightRecord("T-2", "trademark", "Ostrava", "", {"kind": "trademark"}, ())
ROW = AllowRow("T-1/authorised_sellers/Lan Shop", "authorised_sellers", "Lan Shop")
ALLOWED = replace(ONE, allow=(ROW,))


def _store(*records: RightRecord, name: str = "marks", tenant: str = "holder") -> StoredList:
    source = ListSource("marks.csv", "0" * 64)
    return store_list(ensure_tenant(tenant, NOW), name, source, records, actor=MACHINE_ACTOR, now=NOW)


def test_the_same_content_makes_no_version() -> None:
    _store(ALLOWED, TWO)
    assert (_store(ALLOWED, TWO).is_same, ListVersion.objects.count()) == (True, 1)


def test_a_changed_file_says_what_was_added_changed_and_withdrawn() -> None:
    _store(ONE, TWO)
    stored = _store(replace(ONE, data={"kind": "trademark", "famous": True}), replace(TWO, registration_no="T-3"))
    assert (stored.version, stored.added, stored.changed, stored.withdrawn) == (2, ("T-3",), ("T-1",), ("T-2",))


def test_a_right_keeps_its_key_when_it_is_withdrawn_and_comes_back() -> None:
    _store(ONE, TWO)
    key = Right.objects.get(registration_no="T-2").pk
    _store(ONE)
    _store(ONE, TWO)
    back = Right.objects.get(registration_no="T-2")
    assert (back.pk, back.withdrawn_at, RightVersion.objects.filter(right=back).count()) == (key, None, 3)


def test_a_number_stands_in_one_list_of_a_tenant_only() -> None:
    _store(ONE)
    with pytest.raises(InputError, match="T-1"):
        _store(ONE, name="other")


def test_another_tenant_may_use_the_same_number() -> None:
    _store(ONE)
    _store(ONE, tenant="another")
    assert Right.objects.count() == 2


def test_a_permission_that_left_the_list_is_gone() -> None:
    _store(ALLOWED)
    _store(ONE)
    assert AllowEntry.objects.count() == 0


def test_a_permission_that_a_person_gave_outlives_the_list_and_makes_no_version() -> None:
    _store(ONE)
    user = User.objects.create(username="mei", tenant=ensure_tenant("local", NOW), role="analyst")
    allow(Right.objects.get(), Permission(ROW.column, ROW.value), user, NOW)
    assert _store(ONE).is_same
    assert _store(ALLOWED).is_same
    assert [entry.from_list for entry in AllowEntry.objects.all()] == [False]


def test_a_hundred_new_permissions_ask_for_their_hits_at_once(django_assert_max_num_queries: Any) -> None:
    records = [replace(ONE, registration_no=f"T-{n}", allow=(replace(ROW, id=f"T-{n}/x"),)) for n in range(100)]
    _store(*(replace(record, allow=()) for record in records))
    hits = [make_hit(right) for right in Right.objects.all()]
    with django_assert_max_num_queries(30):
        _store(*records)
    for hit in hits:
        hit.refresh_from_db()
    assert {(hit.queue, hit.suppressed_by == f"{hit.right.registration_no}/x") for hit in hits} == {
        ("authorised", True)
    }
