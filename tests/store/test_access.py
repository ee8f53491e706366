from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import NotFound
from infringewatch.model import Role
from infringewatch.store import access
from infringewatch.store.models import (
    AllowEntry,
    Campaign,
    Case,
    Hit,
    Notice,
    Right,
    User,
    WatchList,
)
from tests.actions.conftest import make_hit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
READERS = (
    access.hits_for,
    access.rights_for,
    access.watchlists_for,
    access.cases_for,
    access.notices_for,
    access.campaigns_for,
    access.runs_for,
)


def _user(name: str, role: Role, tenant: str) -> User:
    return User.objects.create(username=name, tenant=ensure_tenant(tenant, NOW), role=role)


@pytest.fixture(autouse=True)
def one_of_each(db: None) -> None:
    """One row of every kind, all of the tenant "owner"."""
    tenant = ensure_tenant("owner", NOW)
    marks = WatchList.objects.create(tenant=tenant, name="marks")
    right = Right.objects.create(tenant=tenant, watch_list=marks, registration_no="T-1", kind="trademark", data={})
    AllowEntry.objects.create(right=right, row_id="r", column="authorised_sellers", value="x", created_at=NOW)
    hit = make_hit(right)
    Campaign.objects.update(tenant=tenant)
    mei = _user("mei", Role.ANALYST, "local")
    case = Case.objects.create(tenant=tenant, title="c", regime="CN-EC", opened_by=mei, opened_at=NOW)
    case.hits.add(hit)
    Notice.objects.create(case=case, regime="CN-EC", channel="by hand", text="", drafted_by=mei, drafted_at=NOW)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
@pytest.mark.parametrize(
    ("role", "tenant", "seen"),
    [
        (Role.RIGHTS_HOLDER, "owner", 1),
        (Role.RIGHTS_HOLDER, "stranger", 0),
        (Role.ANALYST, "local", 1),
        (Role.TRAINEE, "local", 1),
        (Role.OPERATOR, "local", 1),
    ],
)
def test_an_owner_and_the_office_see_a_row_and_a_stranger_does_not(
    read: object, role: Role, tenant: str, seen: int
) -> None:
    assert callable(read)
    assert read(_user("asker", role, tenant)).count() == seen


def test_a_strangers_case_is_not_found() -> None:
    with pytest.raises(NotFound):
        access.get_case(_user("asker", Role.RIGHTS_HOLDER, "stranger"), Case.objects.get().pk)


def test_a_hit_that_does_not_exist_is_told_as_one_of_a_stranger() -> None:
    asker, number = _user("asker", Role.RIGHTS_HOLDER, "stranger"), Hit.objects.get().pk
    for wanted in (number, 10**9):
        with pytest.raises(NotFound, match=f"there is no hit {wanted}"):
            access.get_hit(asker, wanted)


def test_a_snoozed_hit_comes_back_by_itself() -> None:
    Hit.objects.update(snoozed_until=NOW)
    asker = User.objects.get(username="mei")
    assert access.in_queue(access.hits_for(asker), NOW).count() == 1
    assert access.in_queue(access.hits_for(asker), NOW.replace(hour=1)).count() == 0


@pytest.mark.parametrize(
    ("role", "decides", "sends"),
    [
        (Role.ANALYST, True, True),
        (Role.OPERATOR, True, True),
        (Role.TRAINEE, True, False),
        (Role.RIGHTS_HOLDER, False, False),
    ],
)
def test_who_may_decide_and_who_may_send(role: Role, decides: bool, sends: bool) -> None:
    user = _user("asker", role, "owner")
    assert (access.may_decide(user), access.may_send(user)) == (decides, sends)
