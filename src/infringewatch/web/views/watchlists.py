"""Watch lists: what stands in force, and a new file with its preview before anything is stored."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.store.access import watchlists_for
from infringewatch.web.views.asking import asker


@require_GET
def watchlists(request: HttpRequest) -> HttpResponse:
    lists = watchlists_for(asker(request)).annotate(
        in_force=Count("rights", filter=Q(rights__withdrawn_at__isnull=True))
    )
    rows = [{"list": one, "last": one.versions.order_by("-number").first()} for one in lists.order_by("name")]
    return render(request, "web/watchlists.html", {"rows": rows, "place": "lists"})
