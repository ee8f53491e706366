from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from infringewatch.errors import EvidenceError
from infringewatch.evidence.custody import CustodyEvent
from infringewatch.evidence.manifest import read_manifest
from infringewatch.evidence.package import export_bundles
from infringewatch.evidence.seal import seal_files
from infringewatch.evidence.vault import BUNDLES, Vault
from infringewatch.model import CapturedFile, Sealed
from tests.evidence.samples import NOW, PROVENANCE, make_page

Export = Callable[..., Path]
HOSTILE = "山岚\u202e<script>=HYPERLINK()\ud800"


@pytest.fixture
def export(vault: Vault, seal: Callable[..., Sealed], tmp_path: Path) -> Export:
    """Exports a hit with a page and a later screenshot; options as ``export_bundles`` has them."""
    picture = CapturedFile("screen.png", "image/png", b"later")
    page = seal()
    an_hour_later = NOW + timedelta(hours=1)
    look = replace(make_page(files=(picture,)), fetched_at=an_hour_later)
    later = seal_files(vault, look, hit="TM-1", provenance=PROVENANCE, now=an_hour_later)

    def export(**options: object) -> Path:
        given = {"now": NOW + timedelta(days=1), "actor": "mei"} | options
        record = {"id": 7, "title": HOSTILE}
        return export_bundles(vault, [page.bundle, later.bundle], tmp_path / "hit-7.zip", record, **given)  # type: ignore[arg-type]

    return export


@pytest.fixture
def unpacked(export: Export, tmp_path: Path) -> Path:
    folder = tmp_path / "at a stranger's"
    with ZipFile(export()) as archive:
        archive.extractall(folder)
    return folder


def check(folder: Path) -> tuple[int, str]:
    """Runs the handed-out checker as a stranger would: isolated, so that nothing of ours can help it."""
    command = [sys.executable, "-I", "-S", "-B", "verify.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def list_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_checker_says_ok(unpacked: Path) -> None:
    code, said = check(unpacked)
    assert (code, said.splitlines()[0]) == (0, "OK: every file is as it was sealed.")


def test_one_flipped_byte_in_any_file_is_named(unpacked: Path) -> None:
    sys.path.insert(0, str(unpacked))
    from verify import check_package  # type: ignore[import-not-found]  # the exported checker itself, once for all files

    sys.path.remove(str(unpacked))
    named = {}
    for name in list_files(unpacked):
        original = (unpacked / name).read_bytes()
        for position in (0, len(original) // 2, len(original) - 1):
            flipped = bytearray(original)
            flipped[position] ^= 1
            rewrite(unpacked / name, bytes(flipped))
            named[name, position] = {fault[0] for fault in check_package(unpacked)}
        rewrite(unpacked / name, original)
    assert {key: found for key, found in named.items() if found != {key[0]}} == {}


def test_each_missing_file_is_named(unpacked: Path) -> None:
    for name in (name for name in list_files(unpacked) if name != "verify.py"):
        original = (unpacked / name).read_bytes()
        (unpacked / name).unlink()
        assert f"{name}: is missing" in check(unpacked)[1]
        (unpacked / name).write_bytes(original)


def test_a_file_that_was_put_in_is_named(unpacked: Path) -> None:
    (unpacked / "bundles" / "extra.txt").write_text("x")
    assert check(unpacked) == (1, "bundles/extra.txt: does not belong to the package\nNOT OK: 1 fault(s)\n")


def test_a_shortened_custody_is_noticed(unpacked: Path) -> None:
    lines = (unpacked / "custody.jsonl").read_bytes().splitlines(keepends=True)
    rewrite(unpacked / "custody.jsonl", b"".join(lines[:-1]))
    assert "custody.jsonl: has changed" in check(unpacked)[1]


def test_custody_tells_the_way_in_order(unpacked: Path) -> None:
    lines = [json.loads(line) for line in (unpacked / "custody.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["captured", "sealed", "captured", "sealed", "exported"]
    assert lines[-1]["actor"] == "mei"


def test_a_caller_may_add_events(export: Export) -> None:
    viewed = CustodyEvent(NOW + timedelta(hours=2), "viewed", "li")
    with ZipFile(export(events=[viewed])) as archive:
        events = [json.loads(line)["event"] for line in archive.read("custody.jsonl").splitlines()]
    assert events[-2:] == ["viewed", "exported"]


def test_hostile_text_is_kept_and_made_visible(unpacked: Path) -> None:
    raw = (unpacked / "hit.json").read_bytes()
    assert json.loads(raw)["title"] == HOSTILE
    assert b"\\u202e" in raw


def test_names_in_the_zip_are_flat_and_in_order(export: Export) -> None:
    names = ZipFile(export()).namelist()
    tops = [name for name in names if "/" not in name]
    assert tops == ["README.en.md", "README.zh.md", "custody.jsonl", "hit.json", "verify.py"]
    assert [name for name in names if "/" in name] == names[len(tops) :]
    folders = [name.split("/")[1] for name in names[len(tops) :]]
    assert folders == sorted(folders)
    assert not any(".." in name or name.startswith("/") for name in names)


def test_the_same_export_gives_the_same_bytes(export: Export) -> None:
    assert export().read_bytes() == export().read_bytes()


def test_a_damaged_bundle_is_not_exported(vault: Vault, export: Export, tmp_path: Path) -> None:
    bundle = next(vault.iter_ids())
    path = vault.path_of(read_manifest(vault, bundle).files[0].sha256)
    path.chmod(0o644)
    path.write_bytes(b"rotten")
    with pytest.raises(EvidenceError, match="changed since it was sealed"):
        export()
    assert list(tmp_path.glob("*.zip")) == list(tmp_path.glob(".*.zip")) == []


def test_a_place_that_cannot_be_written_is_one_sentence(vault: Vault, seal: Callable[..., Sealed]) -> None:
    with pytest.raises(EvidenceError, match="cannot be written"):
        export_bundles(vault, [seal().bundle], Path("/proc/none/x.zip"), {}, now=NOW, actor="mei")


def test_an_unknown_bundle_is_not_exported(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=f"missing from the vault: {BUNDLES}"):
        export_bundles(vault, ["0" * 64], tmp_path / "x.zip", {}, now=NOW, actor="mei")


def rewrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)
