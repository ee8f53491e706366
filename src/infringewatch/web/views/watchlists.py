"""Watch lists: what stands in force, and a new file with its preview before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.audit import Actor
from infringewatch.errors import InputError, NotAllowed, WatchListError
from infringewatch.flows.enrol import enrol_read
from infringewatch.flows.enrol import preview as preview_change
from infringewatch.model import Role
from infringewatch.settings import get_settings
from infringewatch.store.access import sees_all_tenants, watchlists_for
from infringewatch.store.models import User
from infringewatch.watchlist import WatchListFile
from infringewatch.web.staging import drop_upload, keep_upload, read_upload
from infringewatch.web.views.asking import asker

SHOWN_ROWS = 200
_WAITING = "watchlist_upload"


@require_GET
def watchlists(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    lists = watchlists_for(user).annotate(in_force=Count("rights", filter=Q(rights__withdrawn_at__isnull=True)))
    rows = [{"list": one, "last": one.versions.order_by("-number").first()} for one in lists.order_by("name")]
    context = {
        "rows": rows,
        "place": "lists",
        "may_hand_in": may_hand_in(user),
        "tenant": user.tenant.name,
        "chooses_tenant": sees_all_tenants(user),
        "wanted_list": request.GET.get("list", "")[:200],
        "wanted_tenant": request.GET.get("tenant", "")[:120],
    }
    return render(request, "web/watchlists.html", context)


@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """Keep the file and show what it holds; nothing is stored yet."""
    user = asker(request)
    _refuse_onlookers(user)
    upload = request.FILES.get("file")
    if upload is None or not upload.name:
        raise InputError(_("choose a file: CSV, TSV, XLSX, JSON, or a ZIP with a list and its files"))
    _forget(request)
    token, name = keep_upload(upload.name, upload.chunks())
    tenant = request.POST.get("tenant", "").strip()[:120] if sees_all_tenants(user) else ""
    request.session[_WAITING] = {
        "token": token,
        "file": name,
        "list": request.POST.get("list", "").strip()[:200] or upload.name[:200],
        "tenant": tenant or user.tenant.name,
    }
    return redirect("preview_list")


@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    """The rows as they were read, good and faulty, and what confirming would add, change and withdraw."""
    user = asker(request)
    _refuse_onlookers(user)
    waiting = _waiting(request)
    try:
        read = read_upload(waiting["token"], waiting["file"], waiting["tenant"])
    except WatchListError as error:
        broken = {"waiting": waiting, "broken": str(error), "place": "lists"}
        return render(request, "web/preview.html", broken, status=400)
    context = {
        "waiting": waiting,
        "read": read,
        "faults": read.faults[:SHOWN_ROWS],
        "rights": read.rights[:SHOWN_ROWS],
        "faulty": len({fault.line for fault in read.faults}),
        "place": "lists",
        **_change(read, waiting),
    }
    return render(request, "web/preview.html", context)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    _refuse_onlookers(user)
    waiting = _waiting(request)
    stored = enrol_read(
        read_upload(waiting["token"], waiting["file"], waiting["tenant"]),
        file_name=waiting["file"],
        tenant_name=waiting["tenant"],
        list_name=waiting["list"],
        settings=get_settings(),
        actor=Actor.of(user),
        now=datetime.now(UTC),
        skip_bad_rows=request.POST.get("skip_bad_rows") == "yes",
    )
    _forget(request)
    if stored.is_same:
        messages.info(request, _("The list says the same as before: nothing was changed."))
    else:
        messages.success(request, _("Stored as version %(version)s") % {"version": stored.version})
    return redirect("watchlists")


def may_hand_in(user: User) -> bool:
    """A trainee looks; a right holder hands in its own lists."""
    return user.role != Role.TRAINEE


def _change(read: WatchListFile, waiting: Mapping[str, str]) -> dict[str, Any]:
    """What storing the good rows would change, and the lines that show it; or why they cannot be stored."""
    try:
        change = preview_change(read, tenant_name=waiting["tenant"], list_name=waiting["list"])
    except InputError as error:
        return {"refused": str(error)}
    kinds = (("added", change.added), ("changed", change.changed), ("withdrawn", change.withdrawn))
    lines = [{"kind": kind, "right": right} for kind, rights in kinds for right in rights[:SHOWN_ROWS]]
    return {"change": change, "change_lines": lines, "counts": [(kind, len(rights)) for kind, rights in kinds]}


def _refuse_onlookers(user: User) -> None:
    if not may_hand_in(user):
        raise NotAllowed("your role may not hand in watch lists")


def _waiting(request: HttpRequest) -> dict[str, str]:
    waiting: dict[str, str] | None = request.session.get(_WAITING)
    if waiting is None:
        raise InputError("the file that you handed in is gone: hand it in again")
    return waiting


def _forget(request: HttpRequest) -> None:
    waiting = request.session.pop(_WAITING, None)
    if waiting:
        drop_upload(waiting["token"])
