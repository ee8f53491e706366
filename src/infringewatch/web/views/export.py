"""What is filtered, as CSV or XLSX: the asker's own rows only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infringewatch.store.models import Decision, Hit, User
from infringewatch.web.filters import Filters, read_filters
from infringewatch.web.finding import find_hits
from infringewatch.web.sheets import Cell, iter_csv, make_xlsx
from infringewatch.web.views.asking import asker
from infringewatch.web.words import word

MAX_ROWS = 100_000
_AT_ONCE = 500
_STANDING = Decision.objects.filter(ended_at__isnull=True).select_related("user")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def export(request: HttpRequest, measure: str, form: str) -> HttpResponseBase:
    user, now = asker(request), datetime.now(UTC)
    filters = read_filters(measure, request.GET)
    rows = (_row(hit) for hit in iter_hits(user, filters, now))
    name = f"infringewatch-{measure}-{now:%Y%m%d}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        # Read before the answer begins: what is written later would be written after the asker's language is gone.
        return StreamingHttpResponse(
            list(iter_csv(_header(), rows)), content_type="text/csv; charset=utf-8", headers=headers
        )
    return HttpResponse(make_xlsx(f"measure {measure}", _header(), rows), content_type=XLSX, headers=headers)


def iter_hits(user: User, filters: Filters, now: datetime) -> Iterator[Hit]:
    """Every hit of the view in its order, up to what a sheet takes, with the decision that stands as ``standing``."""
    after, left = "", MAX_ROWS
    while left > 0:
        found = find_hits(user, filters, after, now, size=min(_AT_ONCE, left))
        prefetch_related_objects(found.hits, Prefetch("decisions", _STANDING, to_attr="standing"))
        yield from found.hits
        if not found.next:
            return
        after, left = found.next, left - len(found.hits)


def _header() -> list[str]:
    return [
        _("Hit"), _("Measure"), _("Right"), _("Registration number"), _("Title"), _("Address"), _("Site"), _("Seller"),
        _("Price"), _("Currency"), _("Reference price"), _("Level"), _("Score"), _("State"), _("Alleged"),
        _("First seen"), _("Last seen"), _("Rule"), _("Holder"), _("Kind"), _("On the site"), _("Covered by"),
        _("Decision"), _("Decided by"), _("Decided at"), _("Reason"),
    ]  # fmt: skip


def _row(hit: Hit) -> list[Cell]:
    return [
        hit.pk, hit.measure, hit.right.name, hit.right.registration_no, hit.title, hit.canonical_url, hit.host,
        hit.seller, _number(hit.price), hit.currency, _number(hit.reference_price), word(hit.level),
        round(hit.score, 4), word(hit.state), word(hit.queue), _time(hit.first_seen), _time(hit.last_seen), hit.rule,
        hit.right.holder, word(hit.kind), word(hit.presence), hit.suppressed_by, *_decision(hit),
    ]  # fmt: skip


def _decision(hit: Hit) -> list[Cell]:
    standing: list[Decision] = getattr(hit, "standing", [])
    if not standing:
        return [None, None, None, None]
    one = standing[0]
    return [word(one.verdict), one.user.username, _time(one.made_at), one.reason]


def _time(moment: datetime) -> str:
    """In the reader's zone, with its distance from UTC, so that a sheet that travels stays true."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _number(value: object) -> float | None:
    return float(str(value)) if value is not None else None
