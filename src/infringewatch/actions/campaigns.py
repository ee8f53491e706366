"""Campaigns and their runs. A run is opened once per due time and claimed by a conditional update."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from infringewatch.actions.audit import MACHINE_ACTOR, Actor, record_audit
from infringewatch.errors import InfringeWatchError, NotFound, StaleState
from infringewatch.model import JSON, RUN_FOLLOWS, RunState
from infringewatch.store.models import Campaign, CampaignRun, Tenant

RUN_LEASE = timedelta(minutes=2)
_CLAIMABLE = tuple(state for state, following in RUN_FOLLOWS.items() if RunState.RUNNING in following)


def save_campaign(
    slug: str,
    title: str,
    spec: Mapping[str, JSON],
    *,
    actor: Actor,
    now: datetime,
    tenant: Tenant | None = None,
    one_off: bool = False,
) -> Campaign:
    """Store a campaign's plan, or its changed plan; runs that have begun keep the plan they began with."""
    with transaction.atomic():
        campaign, made = Campaign.objects.get_or_create(
            slug=slug,
            defaults={"title": title, "spec": dict(spec), "tenant": tenant, "one_off": one_off, "created_at": now},
        )
        if not made and (campaign.spec != dict(spec) or campaign.title != title):
            Campaign.objects.filter(pk=campaign.pk).update(spec=dict(spec), title=title)
            campaign.refresh_from_db()
        elif not made:
            return campaign
        record_audit(actor, "campaign.saved", f"campaign {campaign.pk}", {"slug": slug, "new": made}, now)
    return campaign


def open_run(campaign: Campaign, scheduled_for: datetime, *, actor: Actor, now: datetime) -> tuple[CampaignRun, bool]:
    """The run of that due time, and whether this call made it: two clocks open it once."""
    with transaction.atomic():
        run, made = CampaignRun.objects.get_or_create(
            campaign=campaign, scheduled_for=scheduled_for, defaults={"spec": campaign.spec}
        )
        if made:
            Campaign.objects.filter(pk=campaign.pk).filter(
                Q(last_due__isnull=True) | Q(last_due__lt=scheduled_for)
            ).update(last_due=scheduled_for)
            record_audit(actor, "run.opened", f"run {run.pk}", {"campaign": campaign.slug}, now)
    return run, made


def claim_run(run_id: int, owner: str, now: datetime) -> CampaignRun:
    """Take a run for ``owner``. Raises NotFound, and StaleState where somebody else holds it or it has ended.

    A run whose owner has not renewed its lease is up for taking again: its process was killed.
    """
    abandoned = Q(state=RunState.RUNNING) & Q(lease_until__lt=now)
    taken = (
        CampaignRun.objects.filter(pk=run_id)
        .filter(Q(state__in=_CLAIMABLE) | abandoned | Q(state=RunState.RUNNING, owner=owner))
        .update(state=RunState.RUNNING, owner=owner, lease_until=now + RUN_LEASE, reason="", ended_at=None)
    )
    if not taken:
        raise _not_claimed(run_id)
    CampaignRun.objects.filter(pk=run_id, started_at__isnull=True).update(started_at=now)
    return CampaignRun.objects.select_related("campaign").get(pk=run_id)


def _not_claimed(run_id: int) -> InfringeWatchError:
    row = CampaignRun.objects.filter(pk=run_id).first()
    if row is None:
        return NotFound(f"there is no run {run_id}")
    if row.state == RunState.RUNNING:
        return StaleState(f"run {run_id} is in other hands: {row.owner} works on it")
    return StaleState(f"run {run_id} has ended ({row.state}); there is nothing to go on with")


def running_owner(run_id: int) -> str:
    """Who holds a run just now; empty where nobody does."""
    return CampaignRun.objects.filter(pk=run_id, state=RunState.RUNNING).values_list("owner", flat=True).first() or ""


def abandon_run(run_id: int, owner: str, now: datetime) -> None:
    """The owner is known to be dead: its run need not wait for the lease to run out."""
    CampaignRun.objects.filter(pk=run_id, state=RunState.RUNNING, owner=owner).update(
        lease_until=now - timedelta(seconds=1)
    )


def renew_run(run_id: int, owner: str, now: datetime) -> None:
    """Say that the run's owner is alive. Raises StaleState where it is no longer the owner."""
    if not CampaignRun.objects.filter(pk=run_id, owner=owner, state=RunState.RUNNING).update(
        lease_until=now + RUN_LEASE
    ):
        raise StaleState(f"run {run_id} has been taken over")


def end_run(
    run_id: int,
    owner: str,
    state: RunState,
    now: datetime,
    *,
    reason: str = "",
    totals: Mapping[str, JSON] | None = None,
) -> None:
    """Close a run that ``owner`` holds; another owner's run is left alone."""
    with transaction.atomic():
        ended = CampaignRun.objects.filter(pk=run_id, owner=owner, state=RunState.RUNNING).update(
            state=state, ended_at=now, lease_until=None, reason=reason, totals=dict(totals or {})
        )
        if ended:
            record_audit(MACHINE_ACTOR, "run.ended", f"run {run_id}", {"state": str(state), "reason": reason}, now)


def note_rules_version(run_id: int, version: str) -> None:
    """Keep which rules the run judged with."""
    CampaignRun.objects.filter(pk=run_id).update(rules_version=version)
