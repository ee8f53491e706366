"""What people say of hits. An earlier decision is closed, never erased; undo closes the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.outbox import announce_hits
from infringewatch.errors import NotAllowed, StaleState
from infringewatch.model import HIT_FOLLOWS, HitState, Verdict
from infringewatch.store.access import may_decide
from infringewatch.store.models import Comment, Decision, Hit, HitEvent, User

_STATE_OF = {
    Verdict.INFRINGING: HitState.INFRINGING,
    Verdict.NOT_INFRINGING: HitState.NOT_INFRINGING,
    Verdict.UNSURE: HitState.UNSURE,
    Verdict.AUTHORISED: HitState.AUTHORISED,
}
UNDO_WITHIN = timedelta(minutes=10)


def decide(
    hit_id: int, verdict: Verdict, user: User, now: datetime, *, seen: int | None = None, reason: str = ""
) -> Decision:
    """Record ``user``'s verdict on a hit that the caller has fetched through ``store.access``.

    ``seen`` is the key of the decision that stood when the user looked (0: none). With it, StaleState is raised
    where somebody else has decided since; what a crawl changed in the meantime is no reason to refuse.
    Raises NotAllowed where the user or the hit's state forbids it.
    """
    if not may_decide(user):
        raise NotAllowed("your role may look at hits but not decide them")
    with transaction.atomic():
        hit = _locked(hit_id)
        open_decision = hit.decisions.filter(ended_at__isnull=True).first()
        if seen is not None and open_decision is not None and open_decision.pk != seen and open_decision.user != user:
            raise StaleState(f"{open_decision.user.username} has decided this hit in the meantime")
        state = HitState(hit.state)
        after = _STATE_OF[verdict]
        if state is HitState.NOTICED and after is not HitState.INFRINGING:
            raise NotAllowed("a notice has gone out on this hit: withdraw it on its case's page first")
        if after is not state and after not in HIT_FOLLOWS[state]:
            raise NotAllowed(f"a hit that is {state} cannot become {after}")
        hit.decisions.filter(ended_at__isnull=True).update(ended_at=now)
        decision = Decision.objects.create(
            hit=hit,
            user=user,
            verdict=verdict,
            reason=reason,
            made_at=now,
            state_before=state,
            machine_score=hit.score,
            machine_level=hit.level,
            rule=hit.rule,
        )
        move_hit(hit, after, Actor.of(user), now, reason)
        record_audit(Actor.of(user), "hit.decided", f"hit {hit.pk}", {"verdict": str(verdict), "reason": reason}, now)
    return decision


def undo_decision(hit_id: int, user: User, now: datetime) -> Decision:
    """Close ``user``'s own last decision on the hit and bring back the state before it.

    Raises NotAllowed where the open decision is somebody else's, too old, or has been acted on.
    """
    with transaction.atomic():
        hit = _locked(hit_id)
        decision = hit.decisions.filter(ended_at__isnull=True).first()
        if decision is None or decision.user_id != user.pk:
            raise NotAllowed("there is no decision of yours on this hit to undo")
        if now - decision.made_at > UNDO_WITHIN:
            raise NotAllowed("a decision can be undone for ten minutes; decide anew instead")
        if hit.state in (HitState.NOTICED, HitState.CLOSED):
            raise NotAllowed("a notice has gone out on this decision")
        Decision.objects.filter(pk=decision.pk).update(ended_at=now, undone=True)
        move_hit(hit, HitState(decision.state_before), Actor.of(user), now, "undone")
        _reopen_earlier(hit, decision)
        record_audit(Actor.of(user), "hit.undone", f"hit {hit.pk}", {"verdict": decision.verdict}, now)
    return decision


def decide_many(hits: Iterable[Hit], verdict: Verdict, user: User, now: datetime, *, reason: str = "") -> list[Hit]:
    """The same verdict on each of ``hits``, which are undecided as far as the user saw; returns those decided.

    Left out are those that somebody else has decided since, and those whose state forbids it.
    """
    if not may_decide(user):
        raise NotAllowed("your role may look at hits but not decide them")
    return _each(hits, lambda hit: decide(hit.pk, verdict, user, now, seen=0, reason=reason))


def undo_many(hits: Iterable[Hit], user: User, now: datetime) -> list[Hit]:
    """Undo ``user``'s own last decision on each of ``hits``; returns those where there was one to undo."""
    return _each(hits, lambda hit: undo_decision(hit.pk, user, now))


def _each(hits: Iterable[Hit], act: Callable[[Hit], object]) -> list[Hit]:
    """Do ``act`` on each in one transaction, and pass over those that refuse it."""
    done = []
    with transaction.atomic():
        for hit in hits:
            with suppress(NotAllowed, StaleState), transaction.atomic():
                act(hit)
                done.append(hit)
    return done


def add_comment(hit_id: int, user: User, text: str, now: datetime) -> Comment:
    """Add a remark to a hit that the caller has fetched through ``store.access``."""
    with transaction.atomic():
        comment = Comment.objects.create(hit_id=hit_id, user=user, text=text, made_at=now)
        record_audit(Actor.of(user), "hit.commented", f"hit {hit_id}", {"comment": comment.pk}, now)
    return comment


def snooze_hit(hit_id: int, user: User, until: datetime, now: datetime) -> None:
    """Put a hit aside until then; it leaves the queue and comes back by itself."""
    if not may_decide(user):
        raise NotAllowed("your role may look at hits but not put them aside")
    with transaction.atomic():
        hit = _locked(hit_id)
        hit.snoozed_until = until
        hit.revision += 1
        hit.save(update_fields=["snoozed_until", "revision"])
        announce_hits([hit], now)
        record_audit(Actor.of(user), "hit.snoozed", f"hit {hit_id}", {"until": until.isoformat()}, now)


def move_hit(hit: Hit, after: HitState, actor: Actor, now: datetime, reason: str = "") -> None:
    """Change a locked hit's state, with its event and outbox row. Call inside a transaction."""
    before = hit.state
    hit.state = after
    hit.revision += 1
    hit.save(update_fields=["state", "revision"])
    if before != after:
        HitEvent.objects.create(
            hit=hit, at=now, actor=actor.name, what="state", before=before, after=after, reason=reason
        )
    announce_hits([hit], now)


def _locked(hit_id: int) -> Hit:
    return Hit.objects.select_for_update().get(pk=hit_id)


def _reopen_earlier(hit: Hit, undone: Decision) -> None:
    earlier = hit.decisions.filter(ended_at=undone.made_at, undone=False).order_by("-pk").first()
    if earlier is not None:
        Decision.objects.filter(pk=earlier.pk).update(ended_at=None)
