from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from infringewatch.errors import EvidenceError
from infringewatch.evidence.manifest import MANIFEST, WARC, BundleFile, Manifest, read_manifest
from infringewatch.evidence.vault import BUNDLES, Vault
from infringewatch.evidence.verify import verify_bundle
from infringewatch.model import Sealed
from tests.evidence.samples import NOW, PROVENANCE

Seal = Callable[..., Sealed]
NAMES = [MANIFEST, WARC, "item.json", "screen.png"]


def find_path(vault: Vault, bundle: str, name: str) -> Path:
    if name == MANIFEST:
        return vault.path_of(bundle, BUNDLES)
    return vault.path_of(next(file.sha256 for file in read_manifest(vault, bundle).files if file.name == name))


def flip(path: Path, position: int) -> None:
    content = bytearray(path.read_bytes())
    content[position] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_one_flipped_byte_names_the_file(vault: Vault, seal: Seal, name: str, place: float) -> None:
    bundle = seal().bundle
    path = find_path(vault, bundle, name)
    flip(path, round((path.stat().st_size - 1) * place))
    assert [fault.file for fault in verify_bundle(vault, bundle).faults] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_named(vault: Vault, seal: Seal, name: str) -> None:
    bundle = seal().bundle
    find_path(vault, bundle, name).unlink()
    (fault,) = verify_bundle(vault, bundle).faults
    assert fault.file == name
    assert "missing" in fault.reason


def test_a_truncated_file_is_named(vault: Vault, seal: Seal) -> None:
    bundle = seal().bundle
    path = find_path(vault, bundle, WARC)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20])
    assert [fault.file for fault in verify_bundle(vault, bundle).faults] == [WARC]


def test_each_damaged_file_is_named(vault: Vault, seal: Seal) -> None:
    bundle = seal().bundle
    for name in (WARC, "item.json"):
        flip(find_path(vault, bundle, name), 1)
    assert [fault.file for fault in verify_bundle(vault, bundle).faults] == [WARC, "item.json"]


def test_a_warc_whose_digests_lie_is_found_though_the_manifest_agrees(vault: Vault, seal: Seal) -> None:
    warc = gzip.decompress(find_path(vault, seal().bundle, WARC).read_bytes()).replace(b"<h1>", b"<h2>")
    with vault.batch() as batch:
        stored = batch.add(warc)
        file = BundleFile(WARC, stored.sha256, stored.size, "application/warc")
        forged = Manifest("page", NOW, "", {}, (), (file,), (), PROVENANCE, {})
        bundle = batch.add(forged.to_bytes(), BUNDLES).sha256
    assert "WARC-Payload-Digest does not match" in str(verify_bundle(vault, bundle).faults)


def test_an_unknown_bundle_is_a_missing_manifest(vault: Vault) -> None:
    assert [fault.file for fault in verify_bundle(vault, "0" * 64).faults] == [MANIFEST]


def test_what_cannot_be_an_id_is_refused(vault: Vault) -> None:
    with pytest.raises(EvidenceError):
        verify_bundle(vault, "12")


def test_it_counts_what_it_checked(vault: Vault, seal: Seal) -> None:
    assert verify_bundle(vault, seal().bundle).files == len(NAMES)
