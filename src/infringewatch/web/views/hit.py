"""The page of one hit, its picture, and what a person does with it besides deciding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from infringewatch.actions.audit import Actor
from infringewatch.actions.decisions import add_comment, snooze_hit
from infringewatch.actions.due import request_capture, request_recheck
from infringewatch.errors import NotAllowed, NotFound
from infringewatch.evidence.manifest import read_file
from infringewatch.settings import get_settings
from infringewatch.store.access import get_hit, may_decide
from infringewatch.store.models import Hit
from infringewatch.web.engines import open_vault
from infringewatch.web.filters import read_filters
from infringewatch.web.hit_page import gather, last_screenshot, registered_pictures
from infringewatch.web.pictures import THUMBNAIL, draw, read_shown
from infringewatch.web.views.asking import asker
from infringewatch.web.views.moving import go_on

PNG = b"\x89PNG\r\n\x1a\n"
_KEEP = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400"}
SNOOZE_DAYS = (1, 3, 7, 30)


@require_GET
def hit(request: HttpRequest, hit_id: int) -> HttpResponse:
    user = asker(request)
    one = get_hit(user, hit_id)
    filters = read_filters(one.measure, request.GET)
    return render(request, "web/hit.html", gather(user, one) | {"filters": filters})


@require_GET
def screenshot(request: HttpRequest, hit_id: int) -> HttpResponse:
    """The last screenshot. Only a PNG is ever handed out: whatever else was captured is not for our origin."""
    content = _screenshot(get_hit(asker(request), hit_id))
    return HttpResponse(content, content_type="image/png", headers=_KEEP | {"Cache-Control": "private, max-age=600"})


@require_GET
def thumbnail(request: HttpRequest, hit_id: int) -> HttpResponse:
    """The top of the last screenshot, small. Its address names the bundle, so that a browser may keep it."""
    return _picture(draw(_screenshot(get_hit(asker(request), hit_id)), THUMBNAIL, top=True))


@require_GET
def registered(request: HttpRequest, hit_id: int, number: int) -> HttpResponse:
    """One of the pictures that the right's watch list brought, drawn anew."""
    user = asker(request)
    pictures = registered_pictures(user, get_hit(user, hit_id))
    if number >= len(pictures):
        raise NotFound("there is no such picture")
    return _picture(read_shown(get_settings().library_dir / Path(pictures[number]).name))


@require_POST
def comment(request: HttpRequest, hit_id: int) -> HttpResponse:
    user = asker(request)
    one = get_hit(user, hit_id)
    text = request.POST.get("text", "").strip()[:4000]
    if text:
        add_comment(one.pk, user, text, datetime.now(UTC))
    return redirect("hit", hit_id=one.pk)


@require_POST
def snooze(request: HttpRequest, hit_id: int) -> HttpResponse:
    """Put it aside for some days and go on to the next one."""
    user, now = asker(request), datetime.now(UTC)
    one = get_hit(user, hit_id)
    days = request.POST.get("days", "7")
    wanted = int(days) if days in map(str, SNOOZE_DAYS) else 7
    snooze_hit(one.pk, user, now + timedelta(days=wanted), now)
    return go_on(request, user, one, _("Put aside for %(days)s days") % {"days": wanted}, undoable=False)


@require_POST
def recheck(request: HttpRequest, hit_id: int) -> HttpResponse:
    user, now = asker(request), datetime.now(UTC)
    one = get_hit(user, hit_id)
    _refuse_onlookers(may_decide(user))
    request_recheck(one, now, f"asked by {user.username}", actor=Actor.of(user), now=now)
    return redirect("hit", hit_id=one.pk)


@require_POST
def capture(request: HttpRequest, hit_id: int) -> HttpResponse:
    user = asker(request)
    one = get_hit(user, hit_id)
    _refuse_onlookers(may_decide(user))
    request_capture(one, user, datetime.now(UTC))
    return redirect("hit", hit_id=one.pk)


def _refuse_onlookers(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed("your role may look at hits but not send crawlers to them")


def _screenshot(hit: Hit) -> bytes:
    capture = last_screenshot(hit)
    if capture is None or capture.bundle_id is None:
        raise NotFound("there is no screenshot of this hit yet")
    content, _media_type = read_file(open_vault(), capture.bundle_id, "screenshot.png")
    if not content.startswith(PNG):
        raise NotFound("the screenshot of this hit is no PNG")
    return content


def _picture(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="image/webp", headers=_KEEP)
