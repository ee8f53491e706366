"""One decision on several rows of a queue, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infringewatch.actions.decisions import decide_many, snooze_hit, undo_many
from infringewatch.errors import InputError
from infringewatch.model import Verdict
from infringewatch.store.access import hits_for
from infringewatch.store.models import Hit, User
from infringewatch.web.filters import read_filters
from infringewatch.web.views.asking import asker
from infringewatch.web.views.moving import queue_address
from infringewatch.web.words import word

MOST_AT_ONCE = 200
SNOOZE = "snooze"
_SNOOZE_DAYS = 7


@require_POST
def batch(request: HttpRequest, measure: str) -> HttpResponse:
    """The verdict of the button that was pressed on all chosen rows, or all put aside for a week."""
    user, now = asker(request), datetime.now(UTC)
    hits, act = chosen_hits(request, user), request.POST.get("act", "")
    if act == SNOOZE:
        done = [_put_aside(hit, user, now) for hit in hits]
    elif act in set(Verdict):
        done = decide_many(hits, Verdict(act), user, now, reason=request.POST.get("reason", "").strip()[:2000])
    else:
        raise InputError("this verdict does not exist")
    label = _("put aside") if act == SNOOZE else word(act)
    line = f"{label} × {len(done)}"
    left = len(hits) - len(done)
    if left:
        line += _("; %(n)s left out, which a colleague has decided or which a notice has gone out on") % {"n": left}
    filters = read_filters(measure, request.POST)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.info(request, line)
        return redirect(queue_address(filters))
    context = {"done": line, "filters": filters, "gone": hits, "undoable": [] if act == SNOOZE else done}
    return render(request, "web/_batch_done.html", context)


@require_POST
def undo_batch(request: HttpRequest, measure: str) -> HttpResponse:
    """Take back one's own last decision on each of the hits, and show the queue again."""
    user = asker(request)
    hits = chosen_hits(request, user)
    undone = undo_many(hits, user, datetime.now(UTC))
    messages.info(request, _("Undone: %(n)s of %(all)s") % {"n": len(undone), "all": len(hits)})
    target = queue_address(read_filters(measure, request.POST))
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(target)
    return HttpResponse(headers={"HX-Redirect": target})


def chosen_hits(request: HttpRequest, user: User) -> Sequence[Hit]:
    """The hits that were chosen, as far as ``user`` may see them, riskiest first. Raises InputError for none."""
    numbers = {int(text) for text in request.POST.getlist("hits") if text.isascii() and text.isdigit()}
    if not numbers:
        raise InputError("choose rows first")
    if len(numbers) > MOST_AT_ONCE:
        raise InputError(_("at most %(n)s rows can be decided at once") % {"n": MOST_AT_ONCE})
    return list(hits_for(user).filter(pk__in=numbers).order_by("-score", "-id"))


def _put_aside(hit: Hit, user: User, now: datetime) -> Hit:
    snooze_hit(hit.pk, user, now + timedelta(days=_SNOOZE_DAYS), now)
    return hit
