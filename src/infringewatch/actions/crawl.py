"""Records what a crawl brought: visits, observations, bundles, hits, sightings; in one transaction a batch.

Every row has a key that makes a second writing harmless: a page that is recorded again after a kill
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import MACHINE_ACTOR, record_audit
from infringewatch.actions.hits import record_sightings
from infringewatch.actions.presence import record_misses
from infringewatch.actions.records import Judged, Recorded, content_hash, url_hash
from infringewatch.model import Item, PageResult
from infringewatch.normalise import canonical_url, host_of
from infringewatch.store.models import Bundle, CampaignRun, Observation, Visit


def record_pages(run_id: int, pages: Sequence[PageResult], judged: Sequence[Judged], now: datetime) -> Recorded:
    """Write a batch of fetched pages and the findings on them. Seal the evidence before calling.

    Pages whose visit stands already are passed over, with all their findings.
    """
    with transaction.atomic():
        fresh = _without_recorded(run_id, pages)
        seen_jobs = {page.job for page in fresh}
        urls = {item_url(item, page) for page in fresh for item in page.items}
        fresh_judged = [one for one in judged if one.url in urls]
        _record_visits(run_id, fresh)
        observed = _record_observations(run_id, fresh)
        _record_bundles(fresh_judged)
        new_hits, sightings = record_sightings(run_id, fresh_judged, now)
        missing = record_misses([page for page in fresh if page.is_clean_miss], now)
        if seen_jobs:
            record_audit(
                MACHINE_ACTOR,
                "crawl.batch",
                f"run {run_id}",
                {"pages": len(fresh), "observed": observed, "hits": new_hits, "missing": missing},
                now,
            )
    return Recorded(len(fresh), observed, sightings, tuple(new_hits))


def item_url(item: Item, page: PageResult) -> str:
    """The canonical address an item stands under: its own, else its page's."""
    return canonical_url(item.url) if item.url else page.canonical_url


def _without_recorded(run_id: int, pages: Sequence[PageResult]) -> list[PageResult]:
    CampaignRun.objects.select_for_update().get(pk=run_id)
    jobs = [page.job for page in pages]
    done = set(Visit.objects.filter(run_id=run_id, job__in=jobs).values_list("job", flat=True))
    unique = {page.job: page for page in pages if page.job not in done}
    return list(unique.values())


def _record_visits(run_id: int, pages: Iterable[PageResult]) -> None:
    Visit.objects.bulk_create(
        [
            Visit(
                run_id=run_id,
                job=page.job,
                canonical_url=page.canonical_url,
                host=host_of(page.canonical_url),
                outcome=page.outcome,
                reason=page.reason,
                status=page.status,
                fetched_at=page.fetched_at,
                items=len(page.items),
            )
            for page in pages
        ]
    )


def _record_observations(run_id: int, pages: Iterable[PageResult]) -> int:
    rows = {}
    for page in pages:
        for item in page.items:
            url = item_url(item, page)
            rows[url, item.kind] = Observation(
                url_hash=url_hash(url),
                canonical_url=url,
                kind=item.kind,
                host=host_of(url),
                fields=item.to_record(),
                content_hash=content_hash(item),
                first_seen=page.fetched_at,
                last_seen=page.fetched_at,
                last_run_id=run_id,
            )
    Observation.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["url_hash", "kind"],
        update_fields=["fields", "content_hash", "last_seen", "last_run"],
    )
    return len(rows)


def _record_bundles(judged: Iterable[Judged]) -> None:
    Bundle.objects.bulk_create(
        [
            Bundle(
                digest=one.sealed.bundle, kind="page", url=one.url, sealed_at=one.sealed.sealed_at, size=one.sealed.size
            )
            for one in {one.sealed.bundle: one for one in judged}.values()
        ],
        ignore_conflicts=True,
    )
