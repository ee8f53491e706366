"""What stands around every page: the queues with their counts, and what the user may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from infringewatch.model import MEASURES
from infringewatch.store.access import cases_for, hits_for, in_queue, may_decide, may_send
from infringewatch.store.models import User
from infringewatch.web.words import queue_title


def frame(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``rail`` (queues with counts), ``open_cases``, ``may_decide``, ``may_send``."""
    user = request.user
    if not isinstance(user, User):
        return {}
    return {
        "rail": queue_counts(user, datetime.now(UTC)),
        "open_cases": cases_for(user).filter(closed_at__isnull=True).count(),
        "may_decide": may_decide(user),
        "may_send": may_send(user),
    }


def queue_counts(user: User, now: datetime) -> list[dict[str, Any]]:
    waiting = in_queue(hits_for(user), now).order_by().values("measure").annotate(count=Count("pk"))
    counts = {row["measure"]: row["count"] for row in waiting}
    return [{"measure": m, "title": queue_title(m), "count": counts.get(m, 0)} for m in MEASURES]
