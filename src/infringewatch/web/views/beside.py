"""The side-by-side page: what was seen and the registered work, in columns."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.store.access import get_hit
from infringewatch.web.beside_page import gather_beside
from infringewatch.web.engines import open_vault
from infringewatch.web.filters import read_filters
from infringewatch.web.views.asking import asker


@require_GET
def beside(request: HttpRequest, hit_id: int, sighting_id: int | None = None) -> HttpResponse:
    """One sighting (a chapter) of a hit; the first one in reading order where none is named."""
    one = get_hit(asker(request), hit_id)
    context = gather_beside(one, sighting_id, open_vault())
    return render(request, "web/beside.html", context | {"filters": read_filters(one.measure, request.GET)})
