from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from infringewatch.cli.index import index
from infringewatch.settings import get_settings
from infringewatch.store.models import Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    monkeypatch.delenv("ELASTICSEARCH_URL", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def say(*arguments: str) -> str:
    result = CliRunner().invoke(index, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_status_of_a_new_installation_says_that_there_is_no_index() -> None:
    assert "no index yet" in say("status")


def test_a_drain_says_what_it_did() -> None:
    Outbox.objects.create(kind="hit", key="1", revision=1, created_at=datetime.now(UTC))
    assert say("drain") == "1 changes drained, 0 waiting\n"


def test_a_rebuild_is_in_the_status() -> None:
    assert say("rebuild") == "index rebuilt: 0 hits\n"
    assert "index 2: 0 hits" in say("status")
