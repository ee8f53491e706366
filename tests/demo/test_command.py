"""The demo command empties nothing that it did not make, and says early what it cannot do."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from infringewatch.cli.demo import demo
from infringewatch.errors import ServiceUnavailable
from infringewatch.settings import Settings, get_settings


def test_it_leaves_a_folder_alone_that_no_demo_made(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    done = CliRunner().invoke(demo, ["--no-serve", "--data", str(tmp_path)])
    assert done.exit_code != 0
    assert "no demo made" in done.output
    assert (tmp_path / "mine.txt").exists()


def test_it_says_before_the_crawl_that_the_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServiceUnavailable, match="name another"):
        arguments = ["--port", str(taken.getsockname()[1]), "--data", str(tmp_path / "demo")]
        CliRunner().invoke(demo, arguments, catch_exceptions=False)
    assert not (tmp_path / "demo").exists()


def test_it_leaves_the_engines_of_the_real_installation_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INFRINGEWATCH_HOME", "INFRINGEWATCH_ALLOW_PRIVATE"):
        monkeypatch.setenv(name, "")  # the command sets them; this sets them back
    monkeypatch.setenv("INFRINGEWATCH_PRINTS", "elasticsearch")
    monkeypatch.setenv("ELASTICSEARCH_URL", "http://127.0.0.1:1")
    seen: list[Settings] = []
    monkeypatch.setattr("infringewatch.cli.demonstration.run_demo", lambda settings, port: seen.append(settings))
    try:
        CliRunner().invoke(demo, ["--no-serve", "--data", str(tmp_path / "demo")], catch_exceptions=False)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
    assert [(settings.prints, settings.elasticsearch_url) for settings in seen] == [("sqlite", None)]
