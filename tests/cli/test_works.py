"""`infringewatch works`: a work comes in, is found in a copy, and goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from infringewatch.cli.works import works
from infringewatch.errors import NotFound
from infringewatch.settings import get_settings

_TEXT = "".join(map(chr, range(0x4E00, 0x5400)))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    (tmp_path / "work.txt").write_text(_TEXT, encoding="utf-8")
    runner = CliRunner()
    added = runner.invoke(works, ["add", str(tmp_path / "work.txt"), "--key", "W1", "--title", "青禾记"])
    assert added.exit_code == 0, added.output
    yield runner
    get_settings.cache_clear()


def test_an_added_work_is_listed(run: CliRunner) -> None:
    assert run.invoke(works, ["list"]).output.startswith("W1\t青禾记\t")


def test_a_copy_is_found(run: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text(_TEXT[200:900], encoding="utf-8")
    assert "W1\t青禾记" in run.invoke(works, ["find", str(tmp_path / "copy.txt")]).output


def test_a_removed_work_is_gone(run: CliRunner) -> None:
    assert run.invoke(works, ["remove", "W1"]).exit_code == 0
    assert run.invoke(works, ["stats"]).output.startswith("0 works")


def test_an_unknown_work_cannot_be_removed(run: CliRunner) -> None:
    assert isinstance(run.invoke(works, ["remove", "W2"]).exception, NotFound)
