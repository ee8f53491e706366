from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import abandon_run, claim_run, open_run, running_owner, save_campaign
from infringewatch.actions.crawl import record_pages
from infringewatch.actions.decisions import decide, undo_decision
from infringewatch.actions.due import claim_captures
from infringewatch.actions.list_changes import RightRecord
from infringewatch.actions.lists import ListSource, store_list
from infringewatch.actions.people import add_user, ensure_tenant
from infringewatch.actions.records import Judged
from infringewatch.errors import NotAllowed, NotFound, StaleState
from infringewatch.model import (
    Finding,
    Item,
    ItemKind,
    Level,
    Outcome,
    PageResult,
    Presence,
    Queue,
    Role,
    Sealed,
    Verdict,
)
from infringewatch.store.access import get_hit, hits_for
from infringewatch.store.models import CaptureRequest, Hit, Observation, Outbox, Right, Sighting, User, Visit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
URL = "http://shop.example/item/1"
ITEM = Item(id="1", kind=ItemKind.LISTING, url=URL, title="Velmora bag", seller="Nobody")
FINDING = Finding("1", "T-1", "Velmora", "27", Queue.COUNTERFEIT, "m27@1", 1.0, 0.9, Level.STRONG)


@pytest.fixture
def right() -> Right:
    tenant = ensure_tenant("holder", NOW)
    record = RightRecord("T-1", "trademark", "Velmora", "", {"kind": "trademark"}, ())
    store_list(tenant, "list", ListSource("list.csv", "0" * 64), [record], actor=MACHINE_ACTOR, now=NOW)
    return Right.objects.get(registration_no="T-1")


@pytest.fixture
def run_id() -> int:
    campaign = save_campaign("c", "C", {}, actor=MACHINE_ACTOR, now=NOW)
    return open_run(campaign, NOW, actor=MACHINE_ACTOR, now=NOW)[0].pk


def _later_run(hours: int) -> int:
    campaign = save_campaign("c", "C", {}, actor=MACHINE_ACTOR, now=NOW)
    return open_run(campaign, NOW + timedelta(hours=hours), actor=MACHINE_ACTOR, now=NOW)[0].pk


def _page(job: str = "1", outcome: Outcome = Outcome.OK, reason: str = "") -> PageResult:
    items = (ITEM,) if outcome is Outcome.OK else ()
    return PageResult(job, URL, URL, outcome, NOW, reason, 200, items=items)


def _judged(right: Right, finding: Finding = FINDING) -> Judged:
    return Judged(right.pk, right.tenant_id, ITEM, finding, Sealed("b" * 64, NOW, 10), URL, URL)


def _user(name: str, role: Role = Role.ANALYST, tenant: str = "local") -> User:
    return add_user(name, "a long password 1", role, tenant, actor=MACHINE_ACTOR, now=NOW)


def test_a_finding_makes_a_hit_a_sighting_and_an_outbox_row(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    assert (Hit.objects.count(), Sighting.objects.count(), Outbox.objects.count()) == (1, 1, 1)


def test_recording_the_same_page_twice_changes_nothing(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    before = Hit.objects.get().revision
    recorded = record_pages(run_id, [_page()], [_judged(right)], NOW)
    assert (recorded.pages, Hit.objects.get().revision, Visit.objects.count()) == (0, before, 1)


def test_another_run_adds_a_sighting_and_never_a_second_hit(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    record_pages(_later_run(1), [_page()], [_judged(right)], NOW)
    assert (Hit.objects.count(), Sighting.objects.count(), Observation.objects.count()) == (1, 2, 1)


def test_three_clean_misses_are_gone_and_two_are_not(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    seen = []
    for hour in (1, 2, 3):
        record_pages(_later_run(hour), [_page(outcome=Outcome.GONE)], [], NOW)
        seen.append(Hit.objects.get().presence)
    assert seen == [Presence.MISSING, Presence.MISSING, Presence.GONE]


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.CAPTCHA, Outcome.ERROR, Outcome.SOFT_404])
def test_what_is_no_clean_miss_counts_for_nothing(right: Right, run_id: int, outcome: Outcome) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    record_pages(_later_run(1), [_page(outcome=outcome, reason="looks so")], [], NOW)
    assert Hit.objects.get().misses == 0


def test_a_probed_soft_404_is_a_clean_miss(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    record_pages(_later_run(1), [_page(outcome=Outcome.SOFT_404, reason="probed: the same page")], [], NOW)
    assert Hit.objects.get().misses == 1


def test_a_listing_that_returns_is_relisted(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    Hit.objects.update(presence=Presence.GONE)
    record_pages(_later_run(9), [_page()], [_judged(right)], NOW)
    assert Hit.objects.get().presence == Presence.RELISTED


def test_a_later_finding_never_overwrites_a_decision(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    decide(Hit.objects.get().pk, Verdict.NOT_INFRINGING, _user("ana"), NOW)
    record_pages(_later_run(1), [_page()], [_judged(right, replace(FINDING, score=1.0))], NOW)
    assert Hit.objects.get().state == "not_infringing"


def test_a_second_decision_closes_the_first(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    hit, ana = Hit.objects.get(), _user("ana")
    decide(hit.pk, Verdict.UNSURE, ana, NOW)
    decide(hit.pk, Verdict.INFRINGING, ana, NOW)
    assert [d.ended_at is None for d in hit.decisions.order_by("pk")] == [False, True]


def test_undo_brings_the_state_before_back(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    hit, ana = Hit.objects.get(), _user("ana")
    decide(hit.pk, Verdict.INFRINGING, ana, NOW)
    undo_decision(hit.pk, ana, NOW)
    assert Hit.objects.get().state == "new"


def test_a_right_holder_may_not_decide(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    with pytest.raises(NotAllowed):
        decide(Hit.objects.get().pk, Verdict.INFRINGING, _user("rh", Role.RIGHTS_HOLDER, "holder"), NOW)


@pytest.mark.parametrize(("tenant", "sees"), [("holder", 1), ("stranger", 0)])
def test_a_right_holder_sees_its_own_hits_only(right: Right, run_id: int, tenant: str, sees: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    assert hits_for(_user("rh", Role.RIGHTS_HOLDER, tenant)).count() == sees


def test_a_strangers_hit_is_not_found(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    with pytest.raises(NotFound):
        get_hit(_user("rh", Role.RIGHTS_HOLDER, "stranger"), Hit.objects.get().pk)


def test_two_owners_never_claim_the_same_capture(right: Right, run_id: int) -> None:
    record_pages(run_id, [_page()], [_judged(right)], NOW)
    assert (len(claim_captures("one", NOW)), len(claim_captures("two", NOW))) == (CaptureRequest.objects.count(), 0)


def test_two_owners_never_hold_the_same_run(run_id: int) -> None:
    claim_run(run_id, "one", NOW)
    with pytest.raises(StaleState):
        claim_run(run_id, "two", NOW)


def test_a_run_whose_owner_died_is_taken_over(run_id: int) -> None:
    claim_run(run_id, "one", NOW)
    assert claim_run(run_id, "two", NOW + timedelta(minutes=5)).owner == "two"


def test_a_run_whose_owner_is_known_to_be_dead_is_taken_at_once(run_id: int) -> None:
    claim_run(run_id, "one", NOW)
    abandon_run(run_id, running_owner(run_id), NOW)
    assert claim_run(run_id, "two", NOW).owner == "two"


def test_a_run_that_was_taken_over_meanwhile_is_not_abandoned(run_id: int) -> None:
    claim_run(run_id, "one", NOW)
    abandon_run(run_id, "another", NOW)
    with pytest.raises(StaleState, match="one works on it"):
        claim_run(run_id, "two", NOW)


def test_an_unknown_run_is_called_so() -> None:
    with pytest.raises(NotFound, match="no run 99"):
        claim_run(99, "one", NOW)
