"""Hits and their sightings. The machine updates what it measured; a person's decision it never touches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from infringewatch.actions.gathering import gather_chapters, name_books, own_score, weigh_sites
from infringewatch.actions.outbox import announce_hits
from infringewatch.actions.records import Judged, seller_of, url_hash
from infringewatch.model import HitState, Level, Presence, Queue
from infringewatch.normalise import host_of
from infringewatch.store.models import CaptureRequest, Hit, HitEvent, Sighting

_LEVEL_RANK = {Level.IGNORE: 0, Level.REVIEW: 1, Level.STRONG: 2}
_MACHINE_FIELDS = [
    "measure",
    "queue",
    "rule",
    "kind",
    "match_score",
    "score",
    "level",
    "suppressed_by",
    "title",
    "seller",
    "price",
    "reference_price",
    "currency",
    "finding",
    "item",
    "last_seen",
    "presence",
    "misses",
    "state",
    "revision",
]


def record_sightings(run_id: int, judged: Sequence[Judged], now: datetime) -> tuple[list[int], int]:
    """Write hits and sightings; returns the keys of new hits and the number of sightings.

    Call inside a transaction. Where several items fall under one hit (a book's chapters), the strongest
    finding speaks for it, the book gives the title, and a site that copies a work in many chapters raises it.
    """
    judged = gather_chapters(judged)
    hits = _existing(judged)
    new: list[Hit] = []
    for key, group in _by_key(judged).items():
        best = max(group, key=lambda one: (_LEVEL_RANK[one.finding.level], one.finding.score))
        hit = hits.get(key)
        if hit is None:
            hit = hits[key] = _new_hit(run_id, best)
            new.append(hit)
        else:
            _see_again(hit, best, run_id, now)
    name_books(hits.values())
    Hit.objects.bulk_create(new)
    Hit.objects.bulk_update([hit for hit in hits.values() if hit not in new], _MACHINE_FIELDS)
    sightings = Sighting.objects.bulk_create(
        [_sighting(run_id, hits[one.key], one) for one in _unique(judged)], ignore_conflicts=True
    )
    raised = weigh_sites(list(hits.values()))
    others = [hit for hit in raised if hit not in hits.values()]
    for hit in others:
        hit.revision += 1
    Hit.objects.bulk_update(raised, ["score", "level", "finding", "revision"])
    _ask_for_captures(new, judged, now)
    announce_hits([*hits.values(), *others], now)
    return [hit.pk for hit in new], len(sightings)


def _existing(judged: Sequence[Judged]) -> dict[tuple[int, str], Hit]:
    keys = {one.key for one in judged}
    rows = Hit.objects.select_for_update().filter(url_hash__in={hashed for _, hashed in keys})
    return {(hit.right_id, hit.url_hash): hit for hit in rows if (hit.right_id, hit.url_hash) in keys}


def _by_key(judged: Iterable[Judged]) -> dict[tuple[int, str], list[Judged]]:
    groups: dict[tuple[int, str], list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.key, []).append(one)
    return groups


def _unique(judged: Iterable[Judged]) -> Iterable[Judged]:
    return {(one.key, one.url): one for one in judged}.values()


def _new_hit(run_id: int, one: Judged) -> Hit:
    hit = Hit(
        tenant_id=one.tenant_id,
        right_id=one.right_id,
        url_hash=url_hash(one.hit_url),
        canonical_url=one.hit_url,
        host=host_of(one.hit_url),
        kind=one.item.kind,
        state=HitState.NEW,
        first_run_id=run_id,
    )
    _measure(hit, one)
    hit.first_seen = hit.last_seen
    return hit


def _measure(hit: Hit, one: Judged) -> None:
    """Take over what the machine says of this sighting."""
    finding, item = one.finding, one.item
    hit.measure, hit.queue, hit.rule = finding.measure, finding.queue, finding.rule
    hit.match_score, hit.score, hit.level = finding.match_score, finding.score, finding.level
    hit.suppressed_by = finding.suppressed_by
    hit.title, hit.seller = item.title, seller_of(item)
    hit.price, hit.currency, hit.reference_price = item.price, item.currency[:8], one.reference_price
    hit.finding, hit.item = finding.to_record(), one.item.to_record()
    hit.last_seen = one.sealed.sealed_at


def _see_again(hit: Hit, one: Judged, run_id: int, now: datetime) -> None:
    weaker = one.finding.score < own_score(hit) and one.url != hit.item.get("url")
    seen_in_this_run = weaker and Sighting.objects.filter(hit=hit, run_id=run_id).exists()
    if not seen_in_this_run:  # another chapter of the same book does not weaken what a stronger one said
        measure = max(hit.measure, one.finding.measure)  # a hit seen under both 28 and 36 stands under 36
        _measure(hit, one)
        hit.measure = measure
    hit.last_seen = max(hit.last_seen, one.sealed.sealed_at)
    hit.revision += 1
    _see_present(hit, now)


def _see_present(hit: Hit, now: datetime) -> None:
    if hit.presence == Presence.GONE:
        _note(hit, "presence", hit.presence, Presence.RELISTED, now)
        hit.presence = Presence.RELISTED
        if hit.state == HitState.CLOSED:
            _note(hit, "state", hit.state, HitState.INFRINGING, now)
            hit.state = HitState.INFRINGING
    elif hit.presence == Presence.MISSING:
        _note(hit, "presence", hit.presence, Presence.PRESENT, now)
        hit.presence = Presence.PRESENT
    hit.misses = 0


def _note(hit: Hit, what: str, before: str, after: str, now: datetime) -> None:
    HitEvent.objects.create(hit=hit, at=now, actor="machine", what=what, before=before, after=after)


def _sighting(run_id: int, hit: Hit, one: Judged) -> Sighting:
    return Sighting(
        hit=hit,
        run_id=run_id,
        url=one.url,
        url_hash=url_hash(one.url),
        seen_at=one.sealed.sealed_at,
        score=one.finding.score,
        level=one.finding.level,
        finding=one.finding.to_record(),
        item=one.item.to_record(),
        bundle_id=one.sealed.bundle,
    )


def _ask_for_captures(new: Iterable[Hit], judged: Sequence[Judged], now: datetime) -> None:
    groups = _by_key(judged)
    CaptureRequest.objects.bulk_create(
        [
            CaptureRequest(
                hit=hit,
                url=max(groups[hit.right_id, hit.url_hash], key=lambda one: one.finding.score).url,
                reason="new hit",
                requested_at=now,
            )
            for hit in new
            if hit.queue != Queue.AUTHORISED and hit.level != Level.IGNORE
        ]
    )
