from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infringewatch.errors import EvidenceError
from infringewatch.evidence.manifest import read_manifest
from infringewatch.evidence.sweep import find_orphans, sweep_vault
from infringewatch.evidence.vault import BUNDLES, OBJECTS, Vault
from infringewatch.evidence.verify import verify_bundle
from infringewatch.model import Sealed

Seal = Callable[..., Sealed]
SOON = timedelta(minutes=1)


@pytest.fixture
def later() -> datetime:
    return datetime.now(UTC) + SOON


def test_a_bundle_that_no_hit_names_is_removed_with_its_files(vault: Vault, seal: Seal, later: datetime) -> None:
    seal()
    sweep_vault(vault, known=(), before=later)
    assert [*vault.iter_ids(BUNDLES), *vault.iter_ids(OBJECTS)] == []


def test_a_known_bundle_stays_whole_beside_an_orphan(vault: Vault, seal: Seal, later: datetime) -> None:
    known = seal().bundle
    orphan = seal(documents={"item.json": b"another"}).bundle
    assert sweep_vault(vault, {known}, later).bundles == (orphan,)
    assert verify_bundle(vault, known).ok


def test_what_is_young_stays(vault: Vault, seal: Seal, later: datetime) -> None:
    seal()
    assert sweep_vault(vault, known=(), before=later - 2 * SOON).bundles == ()


def test_what_a_killed_process_left_is_removed(vault: Vault, seal: Seal, later: datetime) -> None:
    known = seal().bundle
    left = vault.root / "tmp" / "half-written"
    left.write_bytes(b"half")
    assert sweep_vault(vault, {known}, later).files == (left,)
    assert not left.exists()


def test_looking_removes_nothing(vault: Vault, seal: Seal, later: datetime) -> None:
    sealed = seal()
    orphans = find_orphans(vault, known=(), before=later)
    assert (orphans.bundles, orphans.size) == ((sealed.bundle,), sealed.size)
    assert verify_bundle(vault, sealed.bundle).ok


def test_it_does_not_sweep_beside_a_damaged_bundle(vault: Vault, seal: Seal, later: datetime) -> None:
    known = seal().bundle
    damaged = vault.path_of(known, BUNDLES)
    damaged.chmod(0o644)
    damaged.write_bytes(b"{}")
    with pytest.raises(EvidenceError):
        sweep_vault(vault, {known}, later)
    assert len(list(vault.iter_ids(OBJECTS))) == 3


def test_an_installation_without_a_vault_has_no_orphans(tmp_path: Path, later: datetime) -> None:
    assert sweep_vault(Vault(tmp_path / "none"), (), later).size == 0
    assert list(tmp_path.iterdir()) == []


def test_an_old_bundle_that_is_known_names_its_files(vault: Vault, seal: Seal, later: datetime) -> None:
    known = seal().bundle
    assert find_orphans(vault, {known}, later).files == ()
    assert len(read_manifest(vault, known).files) == 3
