"""What an operator does with runs: begin one now, ask it to stop, go on with it, switch a campaign on or off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.campaigns import open_run
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import Role, RunState
from infringewatch.store.models import Campaign, CampaignRun, User

ASKED_TO_STOP = "asked to stop by "
"""How the note of a running run begins whose launcher shall interrupt it."""
_WAITING_OR_AT_WORK = (RunState.DUE, RunState.RUNNING)


def may_run(user: User) -> bool:
    """Whether ``user`` may send crawlers out and call them back."""
    return user.role == Role.OPERATOR


def begin_run(campaign: Campaign, user: User, now: datetime) -> CampaignRun:
    """A run of ``campaign`` that the scheduler takes up at its next tick. Raises StaleState where one is going on."""
    _refuse_others(user)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        going = campaign.runs.filter(state__in=_WAITING_OR_AT_WORK).first()
        if going is not None:
            raise StaleState(f"run {going.pk} of this campaign is waiting or at work already")
        run, _made = open_run(campaign, now, actor=Actor.of(user), now=now)
    return run


def ask_to_stop(run: CampaignRun, user: User, now: datetime) -> None:
    """Have a run end cleanly: one that waits is not begun, one at work is interrupted by its launcher in seconds."""
    _refuse_others(user)
    note = f"{ASKED_TO_STOP}{user.username}"
    with transaction.atomic():
        runs = CampaignRun.objects.filter(pk=run.pk)
        waiting = runs.filter(state=RunState.DUE).update(state=RunState.INTERRUPTED, reason=note, ended_at=now)
        if not waiting and not runs.filter(state=RunState.RUNNING).update(reason=note):
            raise StaleState(f"run {run.pk} has ended")
        record_audit(Actor.of(user), "run.stop_asked", f"run {run.pk}", {}, now)


def is_asked_to_stop(run_id: int) -> bool:
    return CampaignRun.objects.filter(pk=run_id, state=RunState.RUNNING, reason__startswith=ASKED_TO_STOP).exists()


def go_on_with(run: CampaignRun, user: User, now: datetime) -> None:
    """Let the scheduler take up an interrupted or failed run where it ended. Raises StaleState for any other."""
    _refuse_others(user)
    with transaction.atomic():
        stopped = CampaignRun.objects.filter(pk=run.pk, state__in=(RunState.INTERRUPTED, RunState.FAILED))
        if not stopped.update(state=RunState.DUE, reason="", ended_at=None):
            raise StaleState(f"run {run.pk} is neither interrupted nor failed")
        record_audit(Actor.of(user), "run.taken_up", f"run {run.pk}", {}, now)


def switch_campaign(campaign: Campaign, user: User, now: datetime, *, on: bool) -> None:
    """Whether the campaign's schedule counts; runs that have begun go on."""
    _refuse_others(user)
    with transaction.atomic():
        if Campaign.objects.filter(pk=campaign.pk, enabled=not on).update(enabled=on):
            record_audit(Actor.of(user), "campaign.switched", f"campaign {campaign.pk}", {"on": on}, now)


def _refuse_others(user: User) -> None:
    if not may_run(user):
        raise NotAllowed("your role may not start or stop campaigns")
