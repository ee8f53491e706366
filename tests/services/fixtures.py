"""The fixtures of tests that need a real server or browser. Where one is missing the test is skipped, saying why.

With ``REQUIRE_SERVICES=1`` (as ``.ci/run`` sets it) a skipped test of the mark ``services`` is a failed one.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest

from infringewatch.settings import read_settings
from tests.services.elasticsearch_server import ElasticsearchServer, Missing, make_server
from tests.services.postgres_server import PostgresServer


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """A running Elasticsearch 9: the one that ``ELASTICSEARCH_URL`` names, else one of our own."""
    if named := os.environ.get("ELASTICSEARCH_URL"):
        yield named
        return
    server = _own_elasticsearch()
    try:
        server.start()
        yield server.url
    finally:
        server.close()


@pytest.fixture
def mortal_elasticsearch() -> Iterator[ElasticsearchServer]:
    """A started server of this test alone, to be killed and started again."""
    server = _own_elasticsearch()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of this session, whose user may make more."""
    try:
        server = PostgresServer()
    except Missing as missing:
        pytest.skip(str(missing))
    try:
        server.start()
        yield server.url
    finally:
        server.close()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of Chromium, as the installation would find it."""
    path = read_settings().chromium
    if path is None:
        pytest.skip("Chromium (Debian: chromium) is not installed")
    return path


def _own_elasticsearch() -> ElasticsearchServer:
    try:
        return make_server()
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    required = os.environ.get("REQUIRE_SERVICES") == "1" and item.get_closest_marker("services") is not None
    if required and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"a service test may not be skipped here (REQUIRE_SERVICES=1): {reason}"
    return report
