"""Removes what no hit names: bundles sealed just before a crawl was killed, and files that no bundle names.

Nothing younger than the given moment is touched, because its hit may be about to be recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from infringewatch.evidence.manifest import read_manifest
from infringewatch.evidence.vault import BUNDLES, OBJECTS, Vault


@dataclass(frozen=True, slots=True)
class Orphans:
    """``files`` are those that no remaining bundle names, and what killed processes left half written."""

    bundles: tuple[str, ...]
    files: tuple[Path, ...]
    size: int


def find_orphans(vault: Vault, known: Collection[str], before: datetime) -> Orphans:
    """What a sweep would remove: written before ``before``, and not one of (or named by) the ``known`` bundles.

    Raises EvidenceError when a bundle that stays is damaged: then nobody knows which files are its own.
    """
    ids = list(vault.iter_ids()) if vault.root.is_dir() else []
    bundles = tuple(b for b in ids if b not in known and _is_older(vault.path_of(b, BUNDLES), before))
    staying = (read_manifest(vault, bundle) for bundle in sorted(set(ids) - set(bundles)))
    named = {file.sha256 for manifest in staying for file in manifest.files}
    files = tuple(path for path in _iter_loose(vault, named) if _is_older(path, before))
    size = sum(path.stat().st_size for path in (*files, *(vault.path_of(b, BUNDLES) for b in bundles)))
    return Orphans(bundles, files, size)


def sweep_vault(vault: Vault, known: Collection[str], before: datetime) -> Orphans:
    """Removes what ``find_orphans`` finds, manifests first, while no batch can write."""
    if not vault.root.is_dir():
        return Orphans((), (), 0)
    with vault.locked(alone=True):
        orphans = find_orphans(vault, known, before)
        for bundle in orphans.bundles:
            vault.path_of(bundle, BUNDLES).unlink()
        for path in orphans.files:
            path.unlink()
    return orphans


def _iter_loose(vault: Vault, named: Collection[str]) -> Iterator[Path]:
    yield from (vault.path_of(sha256) for sha256 in vault.iter_ids(OBJECTS) if sha256 not in named)
    yield from sorted((vault.root / "tmp").glob("*"))


def _is_older(path: Path, moment: datetime) -> bool:
    return path.stat().st_mtime < moment.timestamp()
