from __future__ import annotations

from datetime import UTC, datetime

import pytest

from infringewatch.actions.cases import open_case
from infringewatch.actions.notices import queue, withdraw
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.flows.takedown import check_notice, draft_notice, mark_notice_sent, queue_notice
from infringewatch.model import GatePass, Role
from infringewatch.store.models import Bundle, CampaignRun, Hit, Notice, Right, Sighting, User, WatchList
from tests.actions.conftest import make_hit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = """
id: spring
title: Spring
recheck_days: [2, 5]
profiles: [{name: shop, hosts: [shop.example], start: ["http://shop.example/"]}]
"""
FIELDS = {
    "holder": "山岚公司", "address": "某路 1 号", "contact": "law@shanlan.example", "recipient": "示例平台",
    "signature": "梅", "accuracy": "yes",
}  # fmt: skip


def _user(role: Role = Role.ANALYST) -> User:
    tenant = ensure_tenant("local", NOW)
    return User.objects.get_or_create(username=str(role), defaults={"tenant": tenant, "role": role})[0]


@pytest.fixture
def hit(db: None) -> Hit:
    tenant = ensure_tenant("holder", NOW)
    marks = WatchList.objects.create(tenant=tenant, name="marks")
    right = Right.objects.create(
        tenant=tenant, watch_list=marks, registration_no="T-1", kind="trademark", name="山岚", data={}
    )
    one = make_hit(right, state="infringing")
    bundle = Bundle.objects.create(digest="ab" * 32, kind="page", url=one.canonical_url, sealed_at=NOW, size=1)
    Sighting.objects.create(
        hit=one, run=one.first_run, url=one.canonical_url, url_hash=one.url_hash, seen_at=NOW, score=0.9,
        level="strong", finding={}, item={}, bundle=bundle,
    )  # fmt: skip
    return one


def _drafted(hit: Hit) -> Notice:
    case = open_case([hit], "CN-EC", "a case", _user(), NOW)
    return draft_notice(case, FIELDS, _user(), NOW)


def _queued(hit: Hit) -> Notice:
    notice = _drafted(hit)
    assert queue_notice(notice, _user(), NOW).faults == ()
    return Notice.objects.get(pk=notice.pk)


def test_pages_are_looked_at_again_on_the_days_of_the_campaign(hit: Hit) -> None:
    CampaignRun.objects.update(spec={"text": PLAN, "file": "spring"})
    mark_notice_sent(_queued(hit), "P-1", _user(), NOW)
    assert [(row.due_at - NOW).days for row in hit.rechecks.order_by("due_at")] == [2, 5]


def test_a_run_without_a_plan_keeps_the_usual_days(hit: Hit) -> None:
    mark_notice_sent(_queued(hit), "P-1", _user(), NOW)
    assert [(row.due_at - NOW).days for row in hit.rechecks.order_by("due_at")] == [1, 3, 7, 30]


def test_a_trainee_marks_nothing_as_sent(hit: Hit) -> None:
    with pytest.raises(NotAllowed):
        mark_notice_sent(_queued(hit), "P-1", _user(Role.TRAINEE), NOW)


def test_a_notice_is_sent_once(hit: Hit) -> None:
    notice = _queued(hit)
    mark_notice_sent(notice, "P-1", _user(), NOW)
    with pytest.raises(StaleState):
        mark_notice_sent(notice, "P-2", _user(), NOW)


def test_a_draft_is_not_marked_as_sent(hit: Hit) -> None:
    with pytest.raises(NotAllowed):
        mark_notice_sent(_drafted(hit), "P-1", _user(), NOW)


def test_a_pass_for_another_text_lets_nothing_through(hit: Hit) -> None:
    with pytest.raises(NotAllowed):
        queue(_drafted(hit), GatePass("0" * 64, "CN-EC", "1", NOW), _user(), NOW)


def test_a_decision_that_was_taken_back_stops_a_queued_notice(hit: Hit) -> None:
    notice = _queued(hit)
    Hit.objects.update(state="not_infringing")
    with pytest.raises(NotAllowed, match="draft it anew"):
        mark_notice_sent(notice, "P-1", _user(), NOW)


def test_a_withdrawn_right_stops_a_notice(hit: Hit) -> None:
    notice = _drafted(hit)
    Right.objects.update(withdrawn_at=NOW)
    assert [fault.what for fault in check_notice(notice, NOW).faults] == ["the right is in force"]


def test_a_queued_notice_can_be_withdrawn_and_then_not_sent(hit: Hit) -> None:
    notice = _queued(hit)
    withdraw(notice, "a mistake", _user(), NOW)
    with pytest.raises(StaleState):
        mark_notice_sent(notice, "P-1", _user(), NOW)


def test_a_trainee_withdraws_no_notice_that_was_sent(hit: Hit) -> None:
    mark_notice_sent(_queued(hit), "P-1", _user(), NOW)
    with pytest.raises(NotAllowed):
        withdraw(Notice.objects.get(), "a mistake", _user(Role.TRAINEE), NOW)


def test_a_hit_that_another_sent_notice_names_stays_noticed(hit: Hit) -> None:
    first, second = _queued(hit), _queued(hit)
    mark_notice_sent(first, "P-1", _user(), NOW)
    mark_notice_sent(second, "P-2", _user(), NOW)
    withdraw(Notice.objects.get(pk=first.pk), "a mistake", _user(), NOW)
    assert Hit.objects.get().state == "noticed"
