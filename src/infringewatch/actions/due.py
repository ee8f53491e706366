"""Rows that fall due: rechecks and capture requests. Claimed by a conditional update, ended once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from infringewatch.actions.audit import MACHINE_ACTOR, Actor, record_audit
from infringewatch.actions.outbox import announce_hits
from infringewatch.model import DueState, Presence, Sealed
from infringewatch.store.models import Bundle, CaptureRequest, Hit, Recheck, User

LEASE = timedelta(minutes=10)
MISS_AGAIN_AFTER = timedelta(hours=6)
MAX_CAPTURE_ATTEMPTS = 3


def request_recheck(hit: Hit, due_at: datetime, reason: str, *, actor: Actor, now: datetime) -> Recheck:
    """Ask for another look at a hit's page at ``due_at``; one that is due anyway is moved forward."""
    with transaction.atomic():
        standing = Recheck.objects.select_for_update().filter(hit=hit, state=DueState.DUE).order_by("due_at").first()
        if standing is not None:
            Recheck.objects.filter(pk=standing.pk).update(due_at=min(standing.due_at, due_at))
            return standing
        row = Recheck.objects.create(hit=hit, due_at=due_at, reason=reason)
        record_audit(actor, "recheck.requested", f"hit {hit.pk}", {"due": due_at.isoformat(), "reason": reason}, now)
    return row


def plan_rechecks(hit: Hit, days: Sequence[int], reason: str, *, actor: Actor, now: datetime) -> None:
    """Ask for a look at a hit's page each of ``days`` after ``now``; call inside a transaction."""
    Recheck.objects.bulk_create([Recheck(hit=hit, due_at=now + timedelta(days=day), reason=reason) for day in days])
    record_audit(actor, "recheck.requested", f"hit {hit.pk}", {"days": list(days), "reason": reason}, now)


def claim_rechecks(owner: str, now: datetime, limit: int = 500) -> list[Recheck]:
    """Take due rechecks, and those whose owner died."""
    free = Q(state=DueState.DUE, due_at__lte=now) | Q(state=DueState.CLAIMED, lease_until__lt=now)
    ids = list(Recheck.objects.filter(free).order_by("due_at").values_list("pk", flat=True)[:limit])
    Recheck.objects.filter(free, pk__in=ids).update(state=DueState.CLAIMED, owner=owner, lease_until=now + LEASE)
    return list(
        Recheck.objects.filter(pk__in=ids, owner=owner, state=DueState.CLAIMED).select_related("hit", "hit__right")
    )


def end_recheck(recheck_id: int, owner: str, outcome: str, now: datetime, *, detail: str = "") -> Presence | None:
    """Record what a recheck met; returns what is believed of the page, ``None`` where it was not ours to end.

    The hit itself was moved by the visit (``record_pages``); here the answer is kept, and another look is
    asked for while misses are still being counted or the page could not be judged.
    """
    with transaction.atomic():
        recheck = Recheck.objects.select_for_update().filter(pk=recheck_id, owner=owner, state=DueState.CLAIMED).first()
        if recheck is None:
            return None
        presence = Presence(recheck.hit.presence)
        Recheck.objects.filter(pk=recheck.pk).update(
            state=DueState.DONE, outcome=outcome, found=presence, ended_at=now, detail=detail, lease_until=None
        )
        unclear = outcome not in ("ok", "gone", "soft_404")
        if presence is Presence.MISSING or unclear:
            Recheck.objects.create(hit=recheck.hit, due_at=now + MISS_AGAIN_AFTER, reason="to be sure")
        record_audit(
            MACHINE_ACTOR,
            "recheck.done",
            f"hit {recheck.hit_id}",
            {"outcome": outcome, "presence": str(presence)},
            now,
        )
    return presence


def request_capture(hit: Hit, user: User, now: datetime) -> CaptureRequest:
    """Ask for a fresh screenshot of a hit's page."""
    with transaction.atomic():
        row = CaptureRequest.objects.create(
            hit=hit, url=hit.item.get("url") or hit.canonical_url, reason=f"asked by {user.username}", requested_at=now
        )
        record_audit(Actor.of(user), "capture.requested", f"hit {hit.pk}", {}, now)
    return row


def claim_captures(owner: str, now: datetime, limit: int = 500) -> list[CaptureRequest]:
    """Take capture requests that wait, and those whose owner died."""
    free = Q(state=DueState.DUE) | Q(state=DueState.CLAIMED, lease_until__lt=now)
    ids = list(CaptureRequest.objects.filter(free).order_by("requested_at").values_list("pk", flat=True)[:limit])
    CaptureRequest.objects.filter(free, pk__in=ids).update(
        state=DueState.CLAIMED, owner=owner, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return list(
        CaptureRequest.objects.filter(pk__in=ids, owner=owner, state=DueState.CLAIMED).select_related(
            "hit", "hit__right"
        )
    )


def record_capture(
    request_id: int, owner: str, outcome: str, sealed: Sealed | None, now: datetime, *, detail: str = ""
) -> bool:
    """Link a sealed screenshot to its hit, or record why there is none; ``False`` where it was not ours to end."""
    with transaction.atomic():
        row = CaptureRequest.objects.select_for_update().filter(pk=request_id, owner=owner).first()
        if row is None or row.state != DueState.CLAIMED:
            return False
        if sealed is not None:
            Bundle.objects.get_or_create(
                digest=sealed.bundle,
                defaults={"kind": "screenshot", "url": row.url, "sealed_at": sealed.sealed_at, "size": sealed.size},
            )
        again = sealed is None and outcome != "needs_browser" and row.attempts < MAX_CAPTURE_ATTEMPTS
        state = DueState.DONE if sealed else (
            DueState.NEEDS_BROWSER if outcome == "needs_browser" else DueState.DUE if again else DueState.FAILED
        )  # fmt: skip
        CaptureRequest.objects.filter(pk=row.pk).update(
            state=state,
            outcome=outcome,
            detail=detail,
            bundle_id=sealed.bundle if sealed else None,
            ended_at=None if again else now,
            lease_until=None,
        )
        Hit.objects.filter(pk=row.hit_id).update(revision=F("revision") + 1)
        announce_hits([Hit.objects.get(pk=row.hit_id)], now)
        record_audit(
            MACHINE_ACTOR, "capture.ended", f"hit {row.hit_id}", {"state": str(state), "outcome": outcome}, now
        )
    return True


def release_rechecks(owner: str) -> int:
    """Give back what ``owner`` claimed and did not come to."""
    return Recheck.objects.filter(owner=owner, state=DueState.CLAIMED).update(state=DueState.DUE, lease_until=None)


def release_captures(owner: str) -> int:
    """Give back what ``owner`` claimed and did not come to."""
    return CaptureRequest.objects.filter(owner=owner, state=DueState.CLAIMED).update(
        state=DueState.DUE, lease_until=None
    )


def mark_needs_browser(now: datetime) -> int:
    """There is no browser on this machine: say so on each waiting request instead of leaving it silent."""
    with transaction.atomic():
        marked = CaptureRequest.objects.filter(state=DueState.DUE).update(
            state=DueState.NEEDS_BROWSER, outcome="needs_browser", detail="no Chromium on this machine", ended_at=now
        )
        if marked:
            record_audit(MACHINE_ACTOR, "capture.needs_browser", "captures", {"requests": marked}, now)
    return marked
