"""Campaigns and how their runs went."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.model import RunState
from infringewatch.store.access import campaigns_for, runs_for
from infringewatch.web.views.asking import asker

SHOWN_RUNS = 50


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """Planned campaigns and the latest runs; while one is running the list asks again by itself."""
    user = asker(request)
    runs = list(runs_for(user).order_by("-scheduled_for")[:SHOWN_RUNS])
    context = {
        "campaigns": campaigns_for(user).order_by("-enabled", "title"),
        "runs": runs,
        "place": "campaigns",
        "is_running": any(run.state == RunState.RUNNING for run in runs),
    }
    template = "web/_runs.html" if request.headers.get("HX-Target") == "runs" else "web/campaigns.html"
    return render(request, template, context)
