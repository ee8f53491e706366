"""One watch list: the rights in force, what they have found, who may use them, and the list's versions."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from infringewatch.errors import NotFound
from infringewatch.store.access import hits_for, rights_for, watchlists_for
from infringewatch.store.models import AllowEntry, Right, User, WatchList
from infringewatch.web.views.asking import asker
from infringewatch.web.views.watchlists import may_hand_in

PAGE_SIZE = 100
SHOWN_VERSIONS = 20


@require_GET
def watchlist(request: HttpRequest, list_id: int) -> HttpResponse:
    user = asker(request)
    one = watchlists_for(user).filter(pk=list_id).first()
    if one is None:
        raise NotFound(f"there is no watch list {list_id}")
    q, withdrawn = request.GET.get("q", "").strip()[:200], request.GET.get("withdrawn") == "yes"
    page = Paginator(_rights(user, one, q, withdrawn), PAGE_SIZE).get_page(request.GET.get("page"))
    found = hits_for(user).filter(right__in=list(page)).order_by().values_list("right_id").annotate(count=Count("pk"))
    counts = dict(found)
    context = {
        "list": one,
        "q": q,
        "withdrawn": withdrawn,
        "page": page,
        "rows": [{"right": right, "hits": counts.get(right.pk, 0)} for right in page],
        "versions": one.versions.order_by("-number")[:SHOWN_VERSIONS],
        "may_hand_in": may_hand_in(user),
        "place": "lists",
    }
    return render(request, "web/watchlist.html", context)


def _rights(user: User, one: WatchList, q: str, withdrawn: bool) -> QuerySet[Right]:
    """The rights of the list in the order of their rows, with the permissions in force as ``allowed``."""
    rights = rights_for(user).filter(watch_list=one, withdrawn_at__isnull=not withdrawn)
    if q:
        rights = rights.filter(Q(name__icontains=q) | Q(registration_no__icontains=q) | Q(holder__icontains=q))
    entries = AllowEntry.objects.filter(ended_at__isnull=True).order_by("pk")
    return rights.order_by("pk").prefetch_related(Prefetch("allow_entries", entries, to_attr="allowed"))
