from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from infringewatch.errors import EvidenceError
from infringewatch.evidence.canonical import canonical_json
from infringewatch.evidence.manifest import read_file, read_manifest
from infringewatch.evidence.seal import seal_files, stage_page
from infringewatch.evidence.vault import BUNDLES, OBJECTS, Vault
from infringewatch.evidence.verify import verify_bundle
from infringewatch.model import CapturedFile, Sealed
from tests.evidence.samples import NOW, PROVENANCE, make_capture, make_page

Seal = Callable[..., Sealed]


def test_the_bundle_is_called_by_the_hash_of_its_manifest(vault: Vault, seal: Seal) -> None:
    bundle = seal().bundle
    assert hashlib.sha256(vault.path_of(bundle, BUNDLES).read_bytes()).hexdigest() == bundle


def test_a_fresh_bundle_verifies(vault: Vault, seal: Seal) -> None:
    assert verify_bundle(vault, seal().bundle).faults == ()


def test_traffic_documents_and_pictures_are_named_with_their_types(vault: Vault, seal: Seal) -> None:
    files = read_manifest(vault, seal().bundle).files
    assert {file.name: file.media_type for file in files} == {
        "capture.warc.gz": "application/warc",
        "item.json": "application/json",
        "screen.png": "image/png",
    }


def test_the_size_counts_manifest_and_files(vault: Vault, seal: Seal) -> None:
    sealed = seal()
    files = sum(file.size for file in read_manifest(vault, sealed.bundle).files)
    assert sealed.size == files + len(vault.read(sealed.bundle, BUNDLES))


def test_the_item_comes_back_as_it_was_judged(vault: Vault, seal: Seal) -> None:
    item = canonical_json({"title": "山岚\u202e牌"})
    sealed = seal(documents={"item.json": item})
    assert read_file(vault, sealed.bundle, "item.json") == (item, "application/json")


def test_who_when_and_from_where_stand_in_the_manifest(vault: Vault, seal: Seal) -> None:
    manifest = read_manifest(vault, seal().bundle)
    assert (manifest.provenance, manifest.sealed_at) == (PROVENANCE, NOW)
    assert [exchange["ip"] for exchange in manifest.exchanges] == ["127.0.0.1", "127.0.0.1"]
    assert "header case" in manifest.exchanges[1]["lost"]


def test_the_environment_names_software_and_no_host(vault: Vault, seal: Seal) -> None:
    environment = read_manifest(vault, seal().bundle).environment
    assert str(environment["software"]).startswith("InfringeWatch")
    assert "hostname" not in environment


def test_a_missing_screenshot_is_said(vault: Vault) -> None:
    with vault.batch() as batch:
        sealed = stage_page(batch, make_page(make_capture()), documents={}, provenance=PROVENANCE, now=NOW)
    assert read_manifest(vault, sealed.bundle).missing == ("screenshot: not part of this bundle",)


def test_sealing_the_same_page_twice_gives_the_same_bundle(seal: Seal) -> None:
    assert seal() == seal()


def test_sealing_again_later_stores_no_file_twice(vault: Vault, seal: Seal) -> None:
    first, second = seal(), seal(now=NOW + timedelta(minutes=1))
    assert first.bundle != second.bundle
    assert len(list(vault.iter_ids(OBJECTS))) == 3


def test_a_later_picture_is_a_bundle_that_names_the_hit(vault: Vault) -> None:
    picture = CapturedFile("screen.png", "image/png", b"later")
    sealed = seal_files(
        vault, make_page(files=(picture,)), hit="TM-1 http://shop.test/", provenance=PROVENANCE, now=NOW
    )
    manifest = read_manifest(vault, sealed.bundle)
    assert (manifest.kind, manifest.hit) == ("screenshot", "TM-1 http://shop.test/")
    assert "traffic: the raw exchange was not recorded" in manifest.missing


def test_a_page_without_anything_captured_is_not_sealed(vault: Vault) -> None:
    with pytest.raises(EvidenceError, match="nothing to seal"), vault.batch() as batch:
        stage_page(batch, make_page(), documents={}, provenance=PROVENANCE, now=NOW)


@pytest.mark.parametrize("name", ["../item.json", "a/b", "", ".hidden", "manifest.json", "名.json", "a\nb"])
def test_an_unsafe_file_name_is_refused(vault: Vault, seal: Seal, name: str) -> None:
    with pytest.raises(EvidenceError, match="cannot be the name"):
        seal(documents={name: b""})
    assert list(vault.iter_ids()) == []


def test_two_files_of_one_name_are_refused(seal: Seal) -> None:
    with pytest.raises(EvidenceError, match="two files"):
        seal(documents={"screen.png": b""})
