from __future__ import annotations

from datetime import timedelta

import pytest

from infringewatch.actions.decisions import UNDO_WITHIN, decide, undo_decision
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import Role, Verdict
from infringewatch.store.models import AuditEntry, Hit, Outbox, Right, User
from tests.actions.conftest import NOW, make_hit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hit(mark: Right) -> Hit:
    return make_hit(mark)


def _user(name: str = "mei") -> User:
    tenant = ensure_tenant("local", NOW)
    return User.objects.get_or_create(username=name, defaults={"tenant": tenant, "role": Role.ANALYST})[0]


def _state(hit: Hit) -> str:
    return str(Hit.objects.get(pk=hit.pk).state)


def test_who_decided_before_is_named_to_who_comes_late(hit: Hit) -> None:
    decide(hit.pk, Verdict.INFRINGING, _user("mei"), NOW, revision=1)
    with pytest.raises(StaleState, match="mei"):
        decide(hit.pk, Verdict.NOT_INFRINGING, _user("lan"), NOW, revision=1)


def test_a_decision_leaves_its_audit_entry_and_outbox_row(hit: Hit) -> None:
    decide(hit.pk, Verdict.INFRINGING, _user(), NOW, reason="a copy")
    assert (AuditEntry.objects.get().action, Outbox.objects.get().revision) == ("hit.decided", 2)


def test_undoing_the_second_decision_opens_the_first_again(hit: Hit) -> None:
    first = decide(hit.pk, Verdict.UNSURE, _user(), NOW)
    decide(hit.pk, Verdict.INFRINGING, _user(), NOW + timedelta(seconds=5))
    undo_decision(hit.pk, _user(), NOW + timedelta(seconds=9))
    assert (hit.decisions.get(ended_at=None).pk, _state(hit)) == (first.pk, "unsure")


def test_somebody_elses_decision_is_not_undone(hit: Hit) -> None:
    decide(hit.pk, Verdict.INFRINGING, _user("mei"), NOW)
    with pytest.raises(NotAllowed):
        undo_decision(hit.pk, _user("lan"), NOW)


def test_an_old_decision_is_not_undone(hit: Hit) -> None:
    decide(hit.pk, Verdict.INFRINGING, _user(), NOW)
    with pytest.raises(NotAllowed):
        undo_decision(hit.pk, _user(), NOW + UNDO_WITHIN + timedelta(seconds=1))


@pytest.mark.parametrize("state", ["noticed", "closed"])
def test_a_decision_that_was_acted_on_is_not_undone(hit: Hit, state: str) -> None:
    decide(hit.pk, Verdict.INFRINGING, _user(), NOW)
    Hit.objects.update(state=state)
    with pytest.raises(NotAllowed):
        undo_decision(hit.pk, _user(), NOW)


def test_a_noticed_hit_is_not_called_authorised(hit: Hit) -> None:
    Hit.objects.update(state="noticed")
    with pytest.raises(NotAllowed):
        decide(hit.pk, Verdict.AUTHORISED, _user(), NOW)
