"""Campaigns and how their runs went. The installation's own errands (rechecks, screenshots) are not shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.running import ask_to_stop, begin_run, go_on_with, may_run, switch_campaign
from infringewatch.errors import NotFound
from infringewatch.model import RunState
from infringewatch.store.access import campaigns_for, hits_for, runs_for
from infringewatch.store.models import Campaign, CampaignRun, User, Visit
from infringewatch.web.campaign_lines import line_of
from infringewatch.web.run_report import report_run
from infringewatch.web.views.asking import asker

SHOWN_RUNS = 50
_MOVING = (RunState.DUE, RunState.RUNNING)
_INTERNAL = "_"


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """Planned campaigns and the latest runs; while one is running the list asks again by itself."""
    user = asker(request)
    runs = _shown_runs(user)
    planned = campaigns_for(user).exclude(slug__startswith=_INTERNAL).order_by("one_off", "-enabled", "title")
    context = {"campaigns": [line_of(one) for one in planned], "may_run": may_run(user), "place": "campaigns"}
    template = "web/_runs.html" if request.headers.get("HX-Target") == "runs" else "web/campaigns.html"
    return render(request, template, context | runs)


@require_GET
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its plan, and its runs."""
    user = asker(request)
    one = get_campaign(user, campaign_id)
    context = {"line": line_of(one), "may_run": may_run(user), "place": "campaigns"}
    template = "web/_runs.html" if request.headers.get("HX-Target") == "runs" else "web/campaign.html"
    return render(request, template, context | _shown_runs(user, one))


@require_GET
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: live while it moves, then its report."""
    user = asker(request)
    one = get_run(user, run_id)
    context = {
        "run": one,
        "report": report_run(user, one),
        "is_moving": one.state in _MOVING,
        "may_run": may_run(user),
        "place": "campaigns",
    }
    template = "web/_run.html" if request.headers.get("HX-Target") == "run" else "web/run.html"
    return render(request, template, context)


@require_POST
def begin(request: HttpRequest, campaign_id: int) -> HttpResponse:
    user = asker(request)
    made = begin_run(get_campaign(user, campaign_id), user, datetime.now(UTC))
    return redirect("run", run_id=made.pk)


@require_POST
def stop(request: HttpRequest, run_id: int) -> HttpResponse:
    user = asker(request)
    ask_to_stop(get_run(user, run_id), user, datetime.now(UTC))
    return redirect("run", run_id=run_id)


@require_POST
def go_on(request: HttpRequest, run_id: int) -> HttpResponse:
    user = asker(request)
    go_on_with(get_run(user, run_id), user, datetime.now(UTC))
    return redirect("run", run_id=run_id)


@require_POST
def switch(request: HttpRequest, campaign_id: int) -> HttpResponse:
    user = asker(request)
    one = get_campaign(user, campaign_id)
    switch_campaign(one, user, datetime.now(UTC), on=request.POST.get("on") == "yes")
    return redirect("campaign", campaign_id=one.pk)


def get_campaign(user: User, campaign_id: int) -> Campaign:
    found = campaigns_for(user).exclude(slug__startswith=_INTERNAL).filter(pk=campaign_id).first()
    if found is None:
        raise NotFound(f"there is no campaign {campaign_id}")
    return found


def get_run(user: User, run_id: int) -> CampaignRun:
    found = runs_for(user).exclude(campaign__slug__startswith=_INTERNAL).filter(pk=run_id).first()
    if found is None:
        raise NotFound(f"there is no run {run_id}")
    return found


def _shown_runs(user: User, one: Campaign | None = None) -> dict[str, object]:
    runs = runs_for(user).exclude(campaign__slug__startswith=_INTERNAL).order_by("-scheduled_for")
    shown = list(runs.filter(campaign=one)[:SHOWN_RUNS] if one else runs[:SHOWN_RUNS])
    counts = _counts(user, shown)
    return {
        "runs": [{"run": row, **counts[row.pk]} for row in shown],
        "is_running": any(row.state in _MOVING for row in shown),
    }


def _counts(user: User, runs: Sequence[CampaignRun]) -> dict[int, dict[str, int]]:
    """Pages, items and new hits of each run as they stand now, while it is still going on too."""
    counts = {run.pk: {"pages": 0, "items": 0, "hits": 0} for run in runs}
    visits = Visit.objects.filter(run__in=runs).order_by().values("run_id")
    for row in visits.annotate(pages=Count("pk"), items_seen=Sum("items")):
        counts[row["run_id"]] |= {"pages": row["pages"], "items": row["items_seen"]}
    hits = hits_for(user).filter(first_run__in=runs).order_by().values("first_run_id")
    for found in hits.annotate(count=Count("pk")):
        counts[found["first_run_id"]]["hits"] = found["count"]
    return counts
