from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infringewatch.cli.evidence import evidence
from infringewatch.errors import EvidenceError, NotFound
from infringewatch.evidence.manifest import read_manifest
from infringewatch.evidence.seal import seal_page
from infringewatch.evidence.vault import Vault
from tests.evidence.samples import NOW, PROVENANCE, make_capture, make_page


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.fixture
def bundle(vault: Vault) -> str:
    page = make_page(make_capture())
    return seal_page(vault, page, documents={"item.json": b"{}"}, provenance=PROVENANCE, now=NOW).bundle


def run(vault: Vault, *arguments: str) -> Result:
    return CliRunner().invoke(evidence, [*arguments, "--vault", str(vault.root)])


def test_a_sound_bundle_is_ok(vault: Vault, bundle: str) -> None:
    result = run(vault, "verify", bundle)
    assert (result.exit_code, result.stdout) == (0, f"{bundle}: OK, 3 files\n")


def test_the_beginning_of_an_id_is_enough(vault: Vault, bundle: str) -> None:
    assert run(vault, "verify", bundle[:16]).exit_code == 0


def test_all_bundles_can_be_checked(vault: Vault, bundle: str) -> None:
    assert f"{bundle}: OK" in run(vault, "verify", "--all").stdout


def test_a_changed_file_is_named_on_stderr(vault: Vault, bundle: str) -> None:
    file = read_manifest(vault, bundle).file("item.json")
    assert file is not None
    path = vault.path_of(file.sha256)
    path.chmod(0o644)
    path.write_bytes(b"[]")
    result = run(vault, "verify", bundle)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{bundle}: item.json: changed since it was sealed")


@pytest.mark.parametrize("target", ["nonsense", "abc", "f" * 16])
def test_what_names_nothing_is_said(vault: Vault, bundle: str, target: str) -> None:
    assert isinstance(run(vault, "verify", target).exception, NotFound)


def test_an_empty_vault_has_nothing_to_verify(vault: Vault) -> None:
    assert isinstance(run(vault, "verify", "--all").exception, EvidenceError)


def test_a_bundle_is_exported_with_the_hash_of_its_zip(vault: Vault, bundle: str, tmp_path: Path) -> None:
    result = run(vault, "export", bundle, "--out", str(tmp_path / "out.zip"))
    assert result.exit_code == 0
    assert "sha256 " in result.stdout
    assert (tmp_path / "out.zip").exists()


@pytest.mark.django_db
def test_an_unknown_hit_is_said(vault: Vault) -> None:
    assert str(run(vault, "verify", "12").exception) == "there is no hit 12"


@pytest.mark.django_db
def test_a_sweep_without_remove_only_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("infringewatch.cli.evidence._open_vault", lambda root: Vault(tmp_path / "none"))
    assert CliRunner().invoke(evidence, ["sweep"]).stdout == "found: 0 bundles, 0 files, 0 bytes\n"
