"""From the store to the search index: drain the outbox, or rebuild the index while drains go on.

The order makes both safe to kill and to run twice: write to the index, then acknowledge. See ``search.backend``.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Max
from django.db.models.fields.json import KT

from infringewatch.actions.outbox import acknowledge
from infringewatch.search.backend import SearchBackend
from infringewatch.search.records import SearchDocument, Tombstone, Written
from infringewatch.store.models import Hit, Outbox

log = logging.getLogger(__name__)

BATCH = 500
_SENDERS = 2  # while the engine takes one batch, the next is made; more gain nothing on one server
_KIND = "hit"
Progress = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Drained:
    """``rows`` were acknowledged; ``faults``: hit -> why the engine refused it (its rows stay for another try)."""

    rows: int
    faults: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows of the outbox that were read together, and what the index must be told because of them."""

    rows: Sequence[tuple[int, str]]  # id and hit
    changes: Sequence[SearchDocument | Tombstone]


def drain(backend: SearchBackend, *, batch_size: int = BATCH, progress: Progress | None = None) -> Drained:
    """Bring all hits that the outbox names to the index, as they are now, and acknowledge their rows.

    Raises ServiceUnavailable when the engine cannot be used: what was not acknowledged is drained the next time.
    Two drains at once do the same work twice and no harm.
    """
    started, drained = time.monotonic(), 0
    faults: dict[str, str] = {}
    sending: deque[tuple[_Batch, Future[Written]]] = deque()
    with ThreadPoolExecutor(_SENDERS, thread_name_prefix="drain") as senders:
        for batch in _iter_batches(batch_size):
            sending.append((batch, senders.submit(backend.write, batch.changes)))
            if len(sending) > _SENDERS:
                drained += _settle(*sending.popleft(), faults, progress)
        while sending:
            drained += _settle(*sending.popleft(), faults, progress)
        if drained:
            backend.refresh()
            log.info("drained %d outbox rows in %.1f s, %d faults", drained, time.monotonic() - started, len(faults))
    return Drained(drained, faults)


def rebuild(backend: SearchBackend, *, batch_size: int = BATCH, progress: Progress | None = None) -> int:
    """Make the index anew from the store, beside the served one, and let it take that one's place; returns the hits.

    Drains of other processes serve both in the meantime. Killed half-way, it leaves the served index as it is, and
    the next rebuild begins again. Raises StaleState when another rebuild was begun meanwhile.
    """
    name, hits = backend.begin_rebuild(), 0
    for documents in iter_documents(batch_size):
        faults = backend.fill(documents).faults
        for key, reason in faults.items():
            log.error("hit %s was refused by the index: %s", key, reason)
        hits += len(documents) - len(faults)
        if progress is not None:
            progress(len(documents))
    drain(backend, batch_size=batch_size)
    backend.refresh()
    backend.finish_rebuild(name)
    return hits


def iter_documents(size: int) -> Iterator[list[SearchDocument]]:
    """Every hit of the store as the index knows it, in batches, oldest first."""
    after = 0
    while keys := list(Hit.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size]):
        after = keys[-1]
        yield _read_documents(keys)


def count_waiting() -> int:
    """How many outbox rows the index has not seen."""
    return Outbox.objects.filter(kind=_KIND).count()


def count_hits() -> int:
    """How many documents a rebuild makes."""
    return Hit.objects.count()


def _settle(batch: _Batch, future: Future[Written], faults: dict[str, str], progress: Progress | None) -> int:
    """Wait until the engine has the batch; acknowledge all but what it refused."""
    refused = future.result().faults
    for key, reason in refused.items():
        log.error("hit %s was refused by the index: %s", key, reason)
    faults.update(refused)
    done = [row for row, key in batch.rows if key not in refused]
    acknowledge(done)
    if progress is not None:
        progress(len(batch.rows))
    return len(done)


def _iter_batches(size: int) -> Iterator[_Batch]:
    """The outbox as it stands at the first call, in order; rows that come later wait for the next drain."""
    waiting = Outbox.objects.filter(kind=_KIND).order_by("pk")
    newest = waiting.aggregate(newest=Max("pk"))["newest"] or 0
    after = 0
    while rows := list(waiting.filter(pk__gt=after, pk__lte=newest).values_list("pk", "key", "revision")[:size]):
        after = rows[-1][0]
        revisions = {key: revision for _, key, revision in rows}  # the last row of a hit has its newest revision
        documents = {document.key: document for document in _read_documents([int(key) for key in revisions])}
        changes = [documents.get(key) or Tombstone(key, revision) for key, revision in revisions.items()]
        yield _Batch([(row, key) for row, key, _ in rows], changes)


_FIELDS = (
    *("pk", "revision", "tenant_id", "measure", "host", "right_id", "right__name", "seller", "level", "state"),
    *("queue", "first_seen", "score", "title", "description", "canonical_url"),
)


def _read_documents(keys: Sequence[int]) -> list[SearchDocument]:
    """The hits as the index knows them. Of the item only the description is read: it may hold a whole chapter."""
    hits = Hit.objects.filter(pk__in=keys).annotate(description=KT("item__description"))
    return [_make_document(*row) for row in hits.values_list(*_FIELDS)]


def _make_document(*row: Any) -> SearchDocument:
    pk, revision, tenant, measure, host, right, right_name, seller, level, state, queue, first_seen, *rest = row
    score, title, description, url = rest
    return SearchDocument(
        key=str(pk),
        revision=revision,
        tenant=str(tenant),
        measure=measure,
        site=host,
        right=str(right),
        right_name=right_name,
        seller=seller,
        level=level,
        state=state,
        queue=queue,
        found_on=first_seen.astimezone(UTC).date(),
        score=score,
        title=title,
        description=description or "",
        url=url,
    )
