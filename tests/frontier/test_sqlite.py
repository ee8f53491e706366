"""The frontier in an SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infringewatch.errors import ServiceUnavailable
from infringewatch.frontier import Frontier, SqliteFrontier
from tests.frontier.frontier_cases import Clock, FrontierCases


class TestSqliteFrontier(FrontierCases):
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def frontier(self, tmp_path: Path, clock: Clock) -> Iterator[Frontier]:
        opened = SqliteFrontier(tmp_path / "frontier.sqlite3", clock=clock)
        yield opened
        opened.close()


def test_a_folder_in_the_place_of_the_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnavailable, match="cannot be opened"):
        SqliteFrontier(tmp_path)
