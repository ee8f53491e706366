"""A ZIP with a list and its files: unpacked whole, or refused before anything is written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from infringewatch.errors import WatchListError
from infringewatch.watchlist import read_watchlist, unpack_watchlist_zip

LIST = "kind,name,registration_no,text_path\ncopyright,A Book,C-1,texts/a.txt\n"


def make_zip(path: Path, entries: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_it_brings_the_list_with_its_files(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"my/list.csv": LIST, "my/texts/a.txt": "x", "__MACOSX/my/list.csv": ""})
    assert read_watchlist(unpack_watchlist_zip(archive, tmp_path / "out")).faults == ()


@pytest.mark.parametrize("name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "C:\\evil.txt", "..\\evil.txt"])
def test_an_entry_that_leads_out_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", {"list.csv": LIST, name: "x"})
    with pytest.raises(WatchListError, match="leads out"):
        unpack_watchlist_zip(archive, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("texts/a.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("list.csv", LIST)
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(WatchListError, match="is a link"):
        unpack_watchlist_zip(tmp_path / "a.zip", tmp_path / "out")


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    archive = make_zip(tmp_path / "a.zip", {"list.csv": LIST, "big.txt": "0" * 40_000_000})
    with pytest.raises(WatchListError, match="is refused"):
        unpack_watchlist_zip(archive, tmp_path / "out")


@pytest.mark.parametrize("entries", [{"a.txt": "x"}, {"a.csv": LIST, "b.csv": LIST}])
def test_it_must_be_clear_which_file_is_the_list(tmp_path: Path, entries: dict[str, str]) -> None:
    with pytest.raises(WatchListError, match="one list"):
        unpack_watchlist_zip(make_zip(tmp_path / "a.zip", entries), tmp_path / "out")


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(WatchListError, match="is no ZIP"):
        unpack_watchlist_zip(tmp_path / "a.zip", tmp_path / "out")
