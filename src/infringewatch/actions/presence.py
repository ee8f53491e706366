"""Whether a hit's page is still there. "Gone" is believed after three clean misses in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from infringewatch.actions.outbox import announce_hits
from infringewatch.actions.records import url_hash
from infringewatch.model import MISSES_UNTIL_GONE, HitState, PageResult, Presence
from infringewatch.store.models import Hit, HitEvent


def record_misses(pages: Sequence[PageResult], now: datetime) -> int:
    """Count one clean miss for each hit that stands on one of these addresses; returns how many hits.

    Call inside the transaction that records the visits, so that a replay counts nothing twice.
    """
    addresses = {url_hash(page.canonical_url) for page in pages} | {url_hash(page.url) for page in pages}
    hits = list(Hit.objects.select_for_update().filter(url_hash__in=addresses).exclude(presence=Presence.GONE))
    for hit in hits:
        _count_miss(hit, now)
    Hit.objects.bulk_update(hits, ["misses", "presence", "state", "revision"])
    announce_hits(hits, now)
    return len(hits)


def _count_miss(hit: Hit, now: datetime) -> None:
    hit.misses += 1
    hit.revision += 1
    after = Presence.GONE if hit.misses >= MISSES_UNTIL_GONE else Presence.MISSING
    if after != hit.presence:
        HitEvent.objects.create(hit=hit, at=now, actor="machine", what="presence", before=hit.presence, after=after)
        hit.presence = after
    if after is Presence.GONE and hit.state == HitState.NOTICED:
        HitEvent.objects.create(
            hit=hit, at=now, actor="machine", what="state", before=hit.state, after=HitState.CLOSED, reason="gone"
        )
        hit.state = HitState.CLOSED
