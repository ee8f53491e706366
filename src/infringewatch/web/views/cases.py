"""Cases: what is pursued together, with its notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.store.access import cases_for
from infringewatch.web.views.asking import asker


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    rows = cases_for(asker(request)).prefetch_related("hits", "notices").order_by("-opened_at")[:200]
    return render(request, "web/cases.html", {"cases": rows, "place": "cases"})
