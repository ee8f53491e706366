from __future__ import annotations

from datetime import timedelta

import pytest

from infringewatch.actions.decisions import UNDO_WITHIN, decide, decide_many, undo_decision, undo_many
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
    decide(hit.pk, Verdict.INFRINGING, _user("mei"), NOW, seen=0)
    with pytest.raises(StaleState, match="mei"):
        decide(hit.pk, Verdict.NOT_INFRINGING, _user("lan"), NOW, seen=0)


def test_what_a_crawl_changed_meanwhile_is_no_reason_to_refuse(hit: Hit) -> None:
    first = decide(hit.pk, Verdict.UNSURE, _user("mei"), NOW)
    Hit.objects.filter(pk=hit.pk).update(revision=99, score=0.1)
    decide(hit.pk, Verdict.INFRINGING, _user("lan"), NOW, seen=first.pk)
    assert _state(hit) == "infringing"


def test_ones_own_earlier_decision_is_simply_followed_by_the_next(hit: Hit) -> None:
    decide(hit.pk, Verdict.UNSURE, _user(), NOW)
    decide(hit.pk, Verdict.INFRINGING, _user(), NOW, seen=0)
    assert _state(hit) == "infringing"


def test_many_are_decided_but_those_of_a_colleague(hit: Hit, mark: Right) -> None:
    other = make_hit(mark)
    decide(other.pk, Verdict.NOT_INFRINGING, _user("lan"), NOW)
    assert decide_many([hit, other], Verdict.INFRINGING, _user(), NOW) == [hit]
    assert (_state(hit), _state(other)) == ("infringing", "not_infringing")


def test_many_are_undone_at_once(hit: Hit, mark: Right) -> None:
    both = [hit, make_hit(mark)]
    decide_many(both, Verdict.INFRINGING, _user(), NOW)
    assert undo_many(both, _user(), NOW) == both
    assert [_state(one) for one in both] == ["new", "new"]


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
