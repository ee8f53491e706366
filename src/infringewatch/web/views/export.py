"""What is filtered, as CSV or XLSX: the asker's own rows only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from infringewatch.store.models import Hit, User
from infringewatch.web.filters import Filters, filtered, read_filters
from infringewatch.web.finding import find_hits
from infringewatch.web.sheets import Cell, iter_csv, make_xlsx
from infringewatch.web.views.asking import asker
from infringewatch.web.words import word

MAX_XLSX_ROWS = 100_000
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
    """Every hit of the view in its order."""
    if not filters.q:
        yield from filtered(user, filters, now).select_related("right")[:MAX_XLSX_ROWS].iterator(chunk_size=1000)
        return
    after = ""
    while True:
        found = find_hits(user, filters, after, now, size=500)
        yield from found.hits
        if not found.next:
            return
        after = found.next


def _header() -> list[str]:
    return [
        _("Hit"), _("Measure"), _("Right"), _("Registration number"), _("Title"), _("Address"), _("Site"), _("Seller"),
        _("Price"), _("Currency"), _("Reference price"), _("Level"), _("Score"), _("State"), _("Alleged"),
        _("First seen"), _("Last seen"), _("Rule"),
    ]  # fmt: skip


def _row(hit: Hit) -> list[Cell]:
    return [
        hit.pk, hit.measure, hit.right.name, hit.right.registration_no, hit.title, hit.canonical_url, hit.host,
        hit.seller, _number(hit.price), hit.currency, _number(hit.reference_price), word(hit.level),
        round(hit.score, 4), word(hit.state), word(hit.queue), hit.first_seen.isoformat(timespec="seconds"),
        hit.last_seen.isoformat(timespec="seconds"), hit.rule,
    ]  # fmt: skip


def _number(value: object) -> float | None:
    return float(str(value)) if value is not None else None
