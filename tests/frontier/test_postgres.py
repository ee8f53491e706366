"""The frontier in PostgreSQL, with a real server."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from infringewatch.errors import ServiceUnavailable
from infringewatch.frontier import Frontier
from infringewatch.frontier.postgres import PostgresFrontier
from tests.frontier.frontier_cases import Clock, FrontierCases

pytestmark = pytest.mark.services


class TestPostgresFrontier(FrontierCases):
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def frontier(self, postgres_url: str, clock: Clock) -> Iterator[Frontier]:
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute("DROP SCHEMA IF EXISTS frontier CASCADE")
        opened = PostgresFrontier(postgres_url, clock=clock)
        yield opened
        opened.close()


def test_a_database_that_is_not_there_is_said_in_one_sentence() -> None:
    with pytest.raises(ServiceUnavailable, match="cannot be used"):
        PostgresFrontier("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
