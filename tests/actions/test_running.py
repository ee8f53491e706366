from __future__ import annotations

import pytest

from infringewatch.actions.people import ensure_tenant
from infringewatch.actions.running import ask_to_stop, begin_run, go_on_with, is_asked_to_stop, switch_campaign
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import Role
from infringewatch.store.models import AuditEntry, Campaign, CampaignRun, User
from tests.actions.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    return Campaign.objects.create(slug="spring", title="spring", spec={}, created_at=NOW)


@pytest.fixture
def operator() -> User:
    return User.objects.create(username="wang", tenant=ensure_tenant("local", NOW), role=Role.OPERATOR)


def test_a_run_is_begun_once_while_it_waits_or_works(campaign: Campaign, operator: User) -> None:
    run = begin_run(campaign, operator, NOW)
    assert (run.state, run.scheduled_for) == ("due", NOW)
    with pytest.raises(StaleState, match="already"):
        begin_run(campaign, operator, NOW)


def test_a_waiting_run_is_stopped_at_once_and_can_go_on(campaign: Campaign, operator: User) -> None:
    run = begin_run(campaign, operator, NOW)
    ask_to_stop(run, operator, NOW)
    assert CampaignRun.objects.get().state == "interrupted"
    go_on_with(run, operator, NOW)
    assert CampaignRun.objects.get().state == "due"


def test_a_run_at_work_keeps_its_state_until_its_launcher_has_seen_the_wish(campaign: Campaign, operator: User) -> None:
    run = begin_run(campaign, operator, NOW)
    CampaignRun.objects.update(state="running")
    assert not is_asked_to_stop(run.pk)
    ask_to_stop(run, operator, NOW)
    assert is_asked_to_stop(run.pk) and CampaignRun.objects.get().state == "running"


def test_an_ended_run_is_neither_stopped_nor_gone_on_with(campaign: Campaign, operator: User) -> None:
    run = begin_run(campaign, operator, NOW)
    CampaignRun.objects.update(state="finished")
    for act in (ask_to_stop, go_on_with):
        with pytest.raises(StaleState):
            act(run, operator, NOW)


def test_switching_is_audited_once(campaign: Campaign, operator: User) -> None:
    for _ in range(2):
        switch_campaign(campaign, operator, NOW, on=False)
    assert AuditEntry.objects.get().data == {"on": False}


def test_an_analyst_sends_nothing_out(campaign: Campaign, operator: User) -> None:
    operator.role = Role.ANALYST
    with pytest.raises(NotAllowed):
        begin_run(campaign, operator, NOW)
