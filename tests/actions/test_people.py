"""People who may log in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.people import add_user
from infringewatch.errors import InputError
from infringewatch.model import Role

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_weak_password_is_refused_in_one_language() -> None:
    with pytest.raises(InputError) as refused:
        add_user("mei", "x", Role.ANALYST, "holder", actor=MACHINE_ACTOR, now=NOW)
    assert str(refused.value).isascii() and "too common" in str(refused.value)
