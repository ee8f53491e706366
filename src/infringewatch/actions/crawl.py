"""Records what a crawl brought: visits, observations, bundles, hits, sightings; in one transaction a batch.

Every row has a key that makes a second writing harmless: a page that is recorded again after a kill
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from infringewatch.actions.audit import MACHINE_ACTOR, record_audit
from infringewatch.actions.bulk import adapt_json, adapt_time, insert_rows
from infringewatch.actions.campaigns import renew_run
from infringewatch.actions.gathering import rename_standing
from infringewatch.actions.hits import record_sightings
from infringewatch.actions.outbox import announce_hits
from infringewatch.actions.presence import record_misses
from infringewatch.actions.records import Judged, Recorded, content_hash, url_hash
from infringewatch.model import Item, ItemKind, PageResult
from infringewatch.normalise import canonical_url, host_of
from infringewatch.store.models import Bundle, CampaignRun, Observation, Visit


def record_pages(
    run_id: int, pages: Sequence[PageResult], judged: Sequence[Judged], now: datetime, *, owner: str = ""
) -> Recorded:
    """Write a batch of fetched pages and the findings on them. Seal the evidence before calling.

    Pages whose visit stands already are passed over, with all their findings. With an ``owner`` the run's lease is
    renewed as well; raises StaleState, writing nothing, where it holds the run no longer.
    """
    with transaction.atomic():
        _hold_run(run_id, owner, now)
        fresh = _without_recorded(run_id, pages)
        seen_jobs = {page.job for page in fresh}
        fresh_judged = _judged_on(fresh, judged)
        _record_visits(run_id, fresh)
        observed = _record_observations(run_id, fresh)
        _record_bundles(fresh_judged)
        new_hits, sightings = record_sightings(run_id, fresh_judged, now) if fresh_judged else ([], 0)
        if books := _books_of(fresh):
            announce_hits(rename_standing(books), now)
        misses = [page for page in fresh if page.is_clean_miss]
        missing = record_misses(misses, now) if misses else 0
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


def _hold_run(run_id: int, owner: str, now: datetime) -> None:
    """Lock the run's row until the end of the transaction, so that a page which two processes bring is recorded once."""
    if owner:
        renew_run(run_id, owner, now)
    else:
        CampaignRun.objects.select_for_update().only("pk").get(pk=run_id)


def _books_of(pages: Iterable[PageResult]) -> list[str]:
    return [item_url(item, page) for page in pages for item in page.items if item.kind is ItemKind.BOOK]


def _without_recorded(run_id: int, pages: Sequence[PageResult]) -> list[PageResult]:
    jobs = [page.job for page in pages]
    done = set(Visit.objects.filter(run_id=run_id, job__in=jobs).values_list("job", flat=True))
    unique = {page.job: page for page in pages if page.job not in done}
    return list(unique.values())


def _judged_on(pages: Iterable[PageResult], judged: Sequence[Judged]) -> list[Judged]:
    if not judged:
        return []
    urls = {item_url(item, page) for page in pages for item in page.items}
    return [one for one in judged if one.url in urls]


def _record_visits(run_id: int, pages: Iterable[PageResult]) -> None:
    insert_rows(
        Visit,
        ("run_id", "job", "canonical_url", "host", "outcome", "reason", "status", "fetched_at", "items"),
        [
            (run_id, page.job, page.canonical_url, host_of(page.canonical_url), str(page.outcome), page.reason,
             page.status, adapt_time(page.fetched_at), len(page.items))
            for page in pages
        ],
    )  # fmt: skip


def _record_observations(run_id: int, pages: Iterable[PageResult]) -> int:
    rows = {}
    for page in pages:
        seen = adapt_time(page.fetched_at)
        for item in page.items:
            url, record = item_url(item, page), item.to_record()
            rows[url, item.kind] = (
                url_hash(url), url, str(item.kind), host_of(url), adapt_json(record), content_hash(record), seen, seen,
                run_id,
            )  # fmt: skip
    insert_rows(
        Observation,
        ("url_hash", "canonical_url", "kind", "host", "fields", "content_hash", "first_seen", "last_seen", "last_run_id"),
        list(rows.values()),
        key=("url_hash", "kind"),
        renewed=("fields", "content_hash", "last_seen", "last_run_id"),
    )  # fmt: skip
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
