"""After an act on a hit: the next one at once, with a line that tells what was done."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from infringewatch.store.access import get_hit
from infringewatch.store.models import Hit, User
from infringewatch.web.filters import Filters, read_filters
from infringewatch.web.finding import next_hit
from infringewatch.web.hit_page import gather


def go_on(request: HttpRequest, user: User, hit: Hit, done: str, *, undoable: bool) -> HttpResponse:
    """The answer to an act: from the queue the row goes; from the hit page the next hit of the same view comes.

    Without JavaScript it is a redirect to the same place.
    """
    filters = read_filters(hit.measure, request.POST)
    line = {"done": done, "done_hit": hit if undoable else None, "filters": filters}
    if request.POST.get("from") == "queue":
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "web/_row_done.html", line)
        return redirect(queue_address(filters))
    following = next_hit(user, filters, hit, datetime.now(UTC))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(hit_address(following, filters) if following else queue_address(filters))
    if following is None:
        response = HttpResponse(status=200)
        response["HX-Redirect"] = queue_address(filters)
        return response
    one = get_hit(user, following.pk)
    response = render(request, "web/_hit_next.html", gather(user, one) | line)
    response["HX-Push-Url"] = hit_address(one, filters)
    return response


def hit_address(hit: Hit, filters: Filters) -> str:
    """The page of a hit inside a view: the filters travel along."""
    return _with_query(reverse("hit", args=[hit.pk]), filters)


def queue_address(filters: Filters) -> str:
    return _with_query(reverse("queue", args=[filters.measure]), filters)


def _with_query(path: str, filters: Filters) -> str:
    return f"{path}?{filters.query}" if filters.query else path
