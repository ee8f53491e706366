"""Who may see which row. Every page, command and API reads through here; tests ask owner, colleague and stranger."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from infringewatch.errors import NotFound
from infringewatch.model import HitState, Queue, Role
from infringewatch.store.models import Campaign, CampaignRun, Case, Hit, Notice, Right, User, WatchList

OPEN_STATES = (HitState.NEW, HitState.UNSURE)


def hits_for(user: User) -> QuerySet[Hit]:
    """All hits that ``user`` may see: a right holder its own tenant's, the office's people everybody's."""
    return Hit.objects.all() if sees_all_tenants(user) else Hit.objects.filter(tenant_id=user.tenant_id)


def get_hit(user: User, hit_id: int) -> Hit:
    """One hit with its right. Raises NotFound also where it exists but is not this user's to see."""
    hit = hits_for(user).select_related("right", "tenant", "first_run").filter(pk=hit_id).first()
    if hit is None:
        raise NotFound(f"there is no hit {hit_id}")
    return hit


def in_queue(hits: QuerySet[Hit], now: datetime) -> QuerySet[Hit]:
    """Those of ``hits`` that wait for a person: undecided, not allowed by a list, not snoozed."""
    return (
        hits.filter(state__in=OPEN_STATES)
        .exclude(queue=Queue.AUTHORISED)
        .filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))
    )


def rights_for(user: User) -> QuerySet[Right]:
    rights = Right.objects.select_related("tenant", "watch_list")
    return rights if sees_all_tenants(user) else rights.filter(tenant_id=user.tenant_id)


def watchlists_for(user: User) -> QuerySet[WatchList]:
    lists = WatchList.objects.select_related("tenant")
    return lists if sees_all_tenants(user) else lists.filter(tenant_id=user.tenant_id)


def cases_for(user: User) -> QuerySet[Case]:
    cases = Case.objects.select_related("tenant", "opened_by")
    return cases if sees_all_tenants(user) else cases.filter(tenant_id=user.tenant_id)


def get_case(user: User, case_id: int) -> Case:
    """One case. Raises NotFound also where it exists but is not this user's to see."""
    case = cases_for(user).filter(pk=case_id).first()
    if case is None:
        raise NotFound(f"there is no case {case_id}")
    return case


def notices_for(user: User) -> QuerySet[Notice]:
    notices = Notice.objects.select_related("case", "drafted_by")
    return notices if sees_all_tenants(user) else notices.filter(case__tenant_id=user.tenant_id)


def campaigns_for(user: User) -> QuerySet[Campaign]:
    """Campaigns are the office's; a right holder sees those that were opened for its own tenant."""
    return Campaign.objects.all() if sees_all_tenants(user) else Campaign.objects.filter(tenant_id=user.tenant_id)


def runs_for(user: User) -> QuerySet[CampaignRun]:
    runs = CampaignRun.objects.select_related("campaign")
    return runs if sees_all_tenants(user) else runs.filter(campaign__tenant_id=user.tenant_id)


def sees_all_tenants(user: User) -> bool:
    return user.role != Role.RIGHTS_HOLDER


def may_decide(user: User) -> bool:
    """A right holder looks and comments; deciding is the office's work."""
    return user.role in (Role.ANALYST, Role.OPERATOR, Role.TRAINEE)


def may_send(user: User) -> bool:
    """Whether ``user`` may let a notice out; a trainee may not."""
    return user.role in (Role.ANALYST, Role.OPERATOR)
