"""From a fetched page to a sealed bundle: traffic, files and documents into the vault, then the manifest.

A bundle never changes; a later capture of the same hit is a bundle of its own. Sealing again is harmless.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from infringewatch.errors import EvidenceError
from infringewatch.evidence import warc
from infringewatch.evidence.environment import SOFTWARE, describe_environment
from infringewatch.evidence.manifest import WARC, BundleFile, Manifest, Provenance, check_name
from infringewatch.evidence.vault import BUNDLES, Batch, Vault
from infringewatch.model import JSON, Capture, PageResult, Sealed

_MEDIA_TYPES = {"json": "application/json", "txt": "text/plain; charset=utf-8"}


def seal_page(
    vault: Vault, page: PageResult, *, documents: Mapping[str, bytes], provenance: Provenance, now: datetime
) -> Sealed:
    """Seals one page and its documents (``item.json``, ``hit.json`` …); durable when it returns.

    Raises EvidenceError for a page with neither traffic nor files and for a file name that is not safe,
    CannotSeal when the vault takes nothing more. Many pages are sealed cheaper by ``stage_page`` in one batch.
    """
    with vault.batch() as batch:
        return stage_page(batch, page, documents=documents, provenance=provenance, now=now)


def seal_files(
    vault: Vault,
    page: PageResult,
    *,
    hit: str,
    documents: Mapping[str, bytes] | None = None,
    provenance: Provenance,
    now: datetime,
) -> Sealed:
    """Seals a second look at a hit: ``page.files`` (screenshots) with the traffic that belongs to them.

    ``hit`` names the hit in words that outlive the store, for example right and canonical URL.
    """
    with vault.batch() as batch:
        return stage_page(batch, page, documents=documents or {}, provenance=provenance, now=now, hit=hit)


def stage_page(
    batch: Batch,
    page: PageResult,
    *,
    documents: Mapping[str, bytes],
    provenance: Provenance,
    now: datetime,
    hit: str = "",
) -> Sealed:
    """Like ``seal_page``, but the bundle is there, and may be recorded, only once the batch has ended."""
    if not page.captures and not page.files:
        raise EvidenceError(f"nothing of {page.url} was captured, so there is nothing to seal")
    files = tuple(_store_files(batch, page, documents))
    manifest = Manifest(
        kind="screenshot" if hit else "page",
        sealed_at=now,
        hit=hit,
        page=_describe_page(page),
        exchanges=tuple(_describe_exchange(capture) for capture in page.captures),
        files=files,
        missing=tuple(_find_missing(page)),
        provenance=provenance,
        environment=describe_environment(),
    )
    stored = batch.add(manifest.to_bytes(), BUNDLES)
    return Sealed(stored.sha256, now, stored.size + sum(file.size for file in files))


def _store_files(batch: Batch, page: PageResult, documents: Mapping[str, bytes]) -> Iterator[BundleFile]:
    if page.captures:
        with batch.writing() as file:
            warc.write_warc(file, page.captures, software=SOFTWARE, created=page.fetched_at)
        yield BundleFile(WARC, file.stored.sha256, file.stored.size, warc.MEDIA_TYPE)
    taken = {WARC}
    named = [(name, _media_type(name), content) for name, content in documents.items()]
    named += [(file.name, file.media_type, file.content) for file in page.files]
    for name, media_type, content in sorted(named):
        if check_name(name) in taken:
            raise EvidenceError(f"two files of one bundle are called {name!r}")
        taken.add(name)
        stored = batch.add(content)
        yield BundleFile(name, stored.sha256, stored.size, media_type)


def _media_type(name: str) -> str:
    return _MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def _describe_page(page: PageResult) -> dict[str, JSON]:
    return {
        "job": page.job,
        "url": page.url,
        "canonical_url": page.canonical_url,
        "outcome": str(page.outcome),
        "reason": page.reason,
        "status": page.status,
        "fetched_at": page.fetched_at.isoformat(),
        "content_hash": page.content_hash,
    }


def _describe_exchange(capture: Capture) -> dict[str, JSON]:
    return {
        "url": capture.url,
        "method": capture.method,
        "status": capture.status,
        "requested_at": capture.requested_at.isoformat(),
        "answered_at": capture.answered_at.isoformat(),
        "ip": capture.ip,
        "tls": capture.tls,
        "body_sha256": hashlib.sha256(capture.body).hexdigest(),
        "body_size": len(capture.body),
        "lost": list(warc.find_lost(capture)),
    }


def _find_missing(page: PageResult) -> Iterator[str]:
    """What a reader could expect and will not find: said, so that nobody takes silence for completeness."""
    if not page.captures:
        yield "traffic: the raw exchange was not recorded"
    if not any(file.media_type.startswith("image/") for file in page.files):
        yield "screenshot: not part of this bundle"
