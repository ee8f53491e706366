"""What stands around every page: the queues with their counts, and what the user may do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest

from infringewatch.model import MEASURES, NoticeState
from infringewatch.store.access import cases_for, hits_for, in_queue, may_decide, may_send, notices_for
from infringewatch.store.models import Deadline, User
from infringewatch.web.words import queue_title


def frame(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``rail`` (queues with counts), ``open_cases``, ``overdue``, ``may_decide``, ``may_send``."""
    user = request.user
    if not isinstance(user, User):
        return {}
    return {
        "rail": queue_counts(user, datetime.now(UTC)),
        "overdue": count_overdue(user, datetime.now(UTC)),
        "open_cases": cases_for(user).filter(closed_at__isnull=True).count(),
        "may_decide": may_decide(user),
        "may_send": may_send(user),
    }


def count_overdue(user: User, now: datetime) -> int:
    """Limits that have run out unmet, and sendings that nobody is sure of."""
    running = Deadline.objects.filter(notice__in=notices_for(user), met_at=None, ended_at=None, at_least=False)
    uncertain = notices_for(user).filter(state=NoticeState.UNCERTAIN)
    return running.filter(due_at__lt=now).count() + uncertain.count()


def queue_counts(user: User, now: datetime) -> list[dict[str, Any]]:
    waiting = in_queue(hits_for(user), now).order_by().values("measure").annotate(count=Count("pk"))
    counts = {row["measure"]: row["count"] for row in waiting}
    return [{"measure": m, "title": queue_title(m), "count": counts.get(m, 0)} for m in MEASURES]
