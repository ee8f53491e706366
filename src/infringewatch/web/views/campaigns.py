"""Campaigns and how their runs went."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.model import RunState
from infringewatch.store.access import campaigns_for, hits_for, runs_for
from infringewatch.store.models import CampaignRun, User, Visit
from infringewatch.web.views.asking import asker

SHOWN_RUNS = 50


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """Planned campaigns and the latest runs; while one is running the list asks again by itself."""
    user = asker(request)
    runs = list(runs_for(user).order_by("-scheduled_for")[:SHOWN_RUNS])
    counts = _counts(user, runs)
    context = {
        "campaigns": campaigns_for(user).order_by("-enabled", "title"),
        "runs": [{"run": run, **counts[run.pk]} for run in runs],
        "place": "campaigns",
        "is_running": any(run.state == RunState.RUNNING for run in runs),
    }
    template = "web/_runs.html" if request.headers.get("HX-Target") == "runs" else "web/campaigns.html"
    return render(request, template, context)


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
