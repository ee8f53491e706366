"""The servers that other tests build on are the real ones."""

from __future__ import annotations

import psycopg
import pytest

from infringewatch.elastic import Elastic


@pytest.mark.services
def test_elasticsearch_answers_with_major_version_nine(elasticsearch_url: str) -> None:
    with Elastic(elasticsearch_url).speaking() as client:
        nodes = client.nodes.info()["nodes"].values()
    assert all(node["version"].startswith("9.") for node in nodes)


@pytest.mark.services
def test_postgresql_answers(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute("show server_version_num").fetchone()
    assert row is not None and int(row[0]) >= 150000


@pytest.mark.services
def test_chromium_is_a_program(chromium_path: str) -> None:
    assert chromium_path
