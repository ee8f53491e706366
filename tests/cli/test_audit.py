from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.db import transaction

from infringewatch.actions.audit import MACHINE_ACTOR, record_audit
from infringewatch.cli.audit import audit
from infringewatch.store.models import AuditEntry

pytestmark = pytest.mark.django_db


def _write(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            record_audit(MACHINE_ACTOR, "test.act", f"row {number}", {"n": number}, datetime.now(UTC))


def test_an_untouched_log_ends_with_0() -> None:
    _write(3)
    assert CliRunner().invoke(audit, ["check"]).exit_code == 0


def test_a_changed_entry_ends_with_1_and_is_named() -> None:
    _write(3)
    AuditEntry.objects.filter(number=2).update(actor="somebody else")
    result = CliRunner().invoke(audit, ["check"])
    assert (result.exit_code, "audit log:2" in result.output) == (1, True)


def test_a_removed_last_entry_is_found() -> None:
    _write(3)
    AuditEntry.objects.filter(number=3).delete()
    assert CliRunner().invoke(audit, ["check"]).exit_code == 1
