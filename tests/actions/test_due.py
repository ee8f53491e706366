from __future__ import annotations

from datetime import timedelta

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.due import claim_rechecks, end_recheck, plan_rechecks, release_rechecks, request_recheck
from infringewatch.store.models import Hit, Recheck, Right
from tests.actions.conftest import NOW, make_hit

pytestmark = pytest.mark.django_db


@pytest.fixture
def hit(mark: Right) -> Hit:
    return make_hit(mark, state="noticed")


def _due(hit: Hit, hours: int = 0) -> Recheck:
    return request_recheck(hit, NOW + timedelta(hours=hours), "test", actor=MACHINE_ACTOR, now=NOW)


def test_two_owners_never_claim_the_same_recheck(hit: Hit) -> None:
    _due(hit)
    assert (len(claim_rechecks("one", NOW)), len(claim_rechecks("two", NOW))) == (1, 0)


def test_what_a_dead_owner_held_is_claimed_again(hit: Hit) -> None:
    _due(hit)
    claim_rechecks("one", NOW)
    assert len(claim_rechecks("two", NOW + timedelta(hours=1))) == 1


def test_the_late_owner_ends_nothing(hit: Hit) -> None:
    row = _due(hit)
    claim_rechecks("one", NOW)
    claim_rechecks("two", NOW + timedelta(hours=1))
    assert end_recheck(row.pk, "one", "ok", NOW) is None


def test_what_was_given_back_is_due_again(hit: Hit) -> None:
    _due(hit)
    claim_rechecks("one", NOW)
    release_rechecks("one")
    assert len(claim_rechecks("two", NOW)) == 1


def test_nothing_is_claimed_before_its_time(hit: Hit) -> None:
    _due(hit, hours=1)
    assert claim_rechecks("one", NOW) == []


def test_asking_again_moves_the_standing_recheck_forward(hit: Hit) -> None:
    _due(hit, hours=5)
    _due(hit, hours=1)
    assert [row.due_at for row in Recheck.objects.all()] == [NOW + timedelta(hours=1)]


def test_a_plan_asks_once_for_each_day(hit: Hit) -> None:
    plan_rechecks(hit, [1, 7], "after notice 1", actor=MACHINE_ACTOR, now=NOW)
    assert len(claim_rechecks("one", NOW + timedelta(days=1))) == 1


def test_a_blocked_page_is_asked_for_again(hit: Hit) -> None:
    row = _due(hit)
    claim_rechecks("one", NOW)
    end_recheck(row.pk, "one", "blocked", NOW)
    assert list(Recheck.objects.order_by("pk").values_list("state", flat=True)) == ["done", "due"]


def test_a_page_that_is_still_there_is_settled(hit: Hit) -> None:
    row = _due(hit)
    claim_rechecks("one", NOW)
    assert end_recheck(row.pk, "one", "ok", NOW) == "present"
    assert Recheck.objects.count() == 1
