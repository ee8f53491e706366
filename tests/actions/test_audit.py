from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import transaction

from infringewatch.actions.audit import MACHINE_ACTOR, iter_faults, record_audit
from infringewatch.store.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def three_entries(db: None) -> None:
    with transaction.atomic():
        for number in range(3):
            record_audit(MACHINE_ACTOR, "test.act", f"row {number}", {"n": number, "名": "山岚"}, NOW)


def _numbers() -> list[int | None]:
    return [fault.line for fault in iter_faults()]


def test_an_untouched_chain_holds() -> None:
    assert _numbers() == []


@pytest.mark.parametrize(
    "change", [{"actor": "other"}, {"data": {"n": 9}}, {"at": NOW + timedelta(seconds=1)}, {"subject": "row 9"}]
)
def test_a_changed_entry_is_named(change: dict[str, object]) -> None:
    AuditEntry.objects.filter(number=2).update(**change)
    assert _numbers() == [2]


def test_a_removed_entry_is_named() -> None:
    AuditEntry.objects.filter(number=2).delete()
    assert _numbers() == [2]


def test_a_cut_off_end_is_found() -> None:
    AuditEntry.objects.filter(number=3).delete()
    assert len(_numbers()) == 1


def test_a_removed_head_is_found() -> None:
    AuditHead.objects.all().delete()
    assert len(_numbers()) == 1


def test_the_hash_does_not_depend_on_the_writers_time_zone() -> None:
    with transaction.atomic():
        record_audit(MACHINE_ACTOR, "test.act", "row", {}, NOW.astimezone(timezone(timedelta(hours=8))))
    assert _numbers() == []
