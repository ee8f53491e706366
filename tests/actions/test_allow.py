from __future__ import annotations

from datetime import date

import pytest

from infringewatch.actions.allow import Permission, allow
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import NotAllowed
from infringewatch.model import Role
from infringewatch.store.models import Hit, Outbox, Right, User
from tests.actions.conftest import NOW, make_hit

pytestmark = pytest.mark.django_db
SHOP = Permission("authorised_sellers", "Lan Shop")


def _user(role: Role = Role.ANALYST) -> User:
    return User.objects.create(username=str(role), tenant=ensure_tenant("local", NOW), role=role)


def _queue(hit: Hit) -> str:
    return str(Hit.objects.get(pk=hit.pk).queue)


def test_an_undecided_hit_is_put_aside_and_names_its_permission(mark: Right) -> None:
    hit = make_hit(mark)
    allow(mark, SHOP, _user(), NOW)
    after = Hit.objects.get(pk=hit.pk)
    assert (after.queue, after.suppressed_by) == ("authorised", "T-1/authorised_sellers/Lan Shop")


@pytest.mark.parametrize("state", ["infringing", "not_infringing", "noticed", "closed"])
def test_a_decided_hit_stays_where_it_is(mark: Right, state: str) -> None:
    hit = make_hit(mark, state=state)
    allow(mark, SHOP, _user(), NOW)
    assert _queue(hit) == "counterfeit"


def test_another_seller_stays_in_the_queue(mark: Right) -> None:
    hit = make_hit(mark, seller="Lan Shop Outlet")
    allow(mark, SHOP, _user(), NOW)
    assert _queue(hit) == "counterfeit"


def test_the_shop_of_an_offer_counts_as_well_as_its_seller(mark: Right) -> None:
    hit = make_hit(mark, seller="Somebody", item={"seller": "Somebody", "shop": "LAN shop"})
    allow(mark, SHOP, _user(), NOW)
    assert _queue(hit) == "authorised"


def test_a_licensed_path_covers_whole_segments_only(mark: Right) -> None:
    inside, outside = make_hit(mark), make_hit(mark, canonical_url="http://shop.example/officials/1")
    allow(mark, Permission("licensed_hosts", "shop.example/official/"), _user(), NOW)
    assert (_queue(inside), _queue(outside)) == ("authorised", "counterfeit")


def test_a_permission_that_had_not_begun_covers_nothing(mark: Right) -> None:
    hit = make_hit(mark)
    allow(mark, Permission("authorised_sellers", "Lan Shop", valid_from=date(2026, 3, 2)), _user(), NOW)
    assert _queue(hit) == "counterfeit"


def test_the_index_hears_of_every_hit_put_aside(mark: Right) -> None:
    hit = make_hit(mark)
    allow(mark, SHOP, _user(), NOW)
    assert [(row.key, row.revision) for row in Outbox.objects.all()] == [(str(hit.pk), 2)]


def test_allowing_twice_keeps_one_row(mark: Right) -> None:
    user = _user()
    allow(mark, SHOP, user, NOW)
    allow(mark, SHOP, user, NOW)
    assert mark.allow_entries.count() == 1


def test_a_right_holder_may_not_allow(mark: Right) -> None:
    with pytest.raises(NotAllowed):
        allow(mark, SHOP, _user(Role.RIGHTS_HOLDER), NOW)
