from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infringewatch.errors import CannotSeal, EvidenceError, StopRun
from infringewatch.evidence.vault import BUNDLES, Stored, Vault


def put(vault: Vault, content: bytes) -> Stored:
    with vault.batch() as batch:
        return batch.add(content)


def list_files(vault: Vault) -> list[Path]:
    return [path for path in vault.root.rglob("*") if path.is_file() and path.name != "lock"]


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up when written content is to become durable."""

    def fsync(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)


@given(st.binary(max_size=200_000))
def test_content_comes_back_under_its_own_hash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    vault = Vault(tmp_path_factory.getbasetemp() / "shared-vault")
    assert vault.read(put(vault, content).sha256) == content


def test_equal_content_is_stored_once(vault: Vault) -> None:
    assert put(vault, b"same") == put(vault, b"same")
    assert len(list_files(vault)) == 1


def test_equal_content_in_one_batch_is_stored_once(vault: Vault) -> None:
    with vault.batch() as batch:
        for _ in range(2):
            with batch.writing() as file:
                file.write(b"sa")
                file.write(b"me")
    assert len(list_files(vault)) == 1


def test_stored_files_are_read_only(vault: Vault) -> None:
    stored = put(vault, b"sealed")
    assert vault.path_of(stored.sha256).stat().st_mode & 0o777 == 0o444


def test_a_changed_file_is_noticed_on_reading(vault: Vault) -> None:
    stored = put(vault, b"sealed")
    overwrite(vault.path_of(stored.sha256), b"seaked")
    with pytest.raises(EvidenceError, match="changed since it was sealed"):
        vault.read(stored.sha256)


def test_a_missing_file_is_named(vault: Vault) -> None:
    with pytest.raises(EvidenceError, match=f"missing from the vault: objects/{'a' * 64}"):
        vault.read("a" * 64)


@pytest.mark.parametrize("wrong", ["", "abc", "../../etc/passwd", "A" * 64])
def test_an_id_cannot_lead_out_of_the_vault(vault: Vault, wrong: str) -> None:
    with pytest.raises(EvidenceError, match="not the id of anything"):
        vault.read(wrong)


def test_a_damaged_file_is_repaired_by_the_same_content(vault: Vault) -> None:
    stored = put(vault, b"sealed")
    overwrite(vault.path_of(stored.sha256), b"rotten")
    put(vault, b"sealed")
    assert vault.read(stored.sha256) == b"sealed"


def test_nothing_is_visible_before_the_batch_ends(vault: Vault) -> None:
    with vault.batch() as batch:
        stored = batch.add(b"later")
        assert not vault.holds(stored.sha256)
    assert vault.holds(stored.sha256)


def test_a_batch_that_fails_leaves_nothing(vault: Vault) -> None:
    with pytest.raises(KeyError), vault.batch() as batch:
        batch.add(b"lost")
        raise KeyError
    assert list_files(vault) == []


def test_a_file_that_fails_halfway_leaves_the_rest_of_its_batch(vault: Vault) -> None:
    with vault.batch() as batch:
        with pytest.raises(KeyError), batch.writing() as file:
            file.write(b"half")
            raise KeyError
        batch.add(b"whole")
    assert len(list_files(vault)) == 1


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_stops_the_run_with_one_sentence(vault: Vault) -> None:
    with pytest.raises(CannotSeal, match="takes nothing more \\(No space left on device\\)") as caught:
        put(vault, b"too much")
    assert isinstance(caught.value, StopRun)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_nothing_half_written(vault: Vault) -> None:
    with pytest.raises(CannotSeal):
        put(vault, b"too much")
    assert list_files(vault) == []


def test_a_write_that_fails_at_once_leaves_nothing_either(vault: Vault) -> None:
    with pytest.raises(CannotSeal), vault.batch() as batch:
        add_to_a_device_without_space(batch)
    assert list_files(vault) == []


def add_to_a_device_without_space(batch: Any) -> None:
    with batch.writing() as file, Path("/dev/full").open("wb", buffering=0) as full:
        file.write(b"first half")
        full.write(b"second half")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotSeal, match="takes nothing more"):
        put(Vault(tmp_path / "file" / "vault"), b"x")


def test_many_files_do_not_run_out_of_handles(vault: Vault) -> None:
    with vault.batch() as batch:
        for number in range(300):
            batch.add(b"%d" % number)
        handles = len(list(Path("/proc/self/fd").iterdir()))
    assert handles < 250


def test_bundles_are_listed_in_order(vault: Vault) -> None:
    with vault.batch() as batch:
        ids = [batch.add(b"%d" % number, BUNDLES).sha256 for number in range(5)]
    assert list(vault.iter_ids()) == sorted(ids)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)
