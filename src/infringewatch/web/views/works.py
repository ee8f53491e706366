"""The page on which sites stand against works."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.web.matrix import build_matrix
from infringewatch.web.views.asking import asker


@require_GET
def works(request: HttpRequest) -> HttpResponse:
    return render(request, "web/works.html", {"matrix": build_matrix(asker(request)), "place": "works"})
