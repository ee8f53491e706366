"""The Elasticsearch store: the shared tests against a real server, and what is a cluster's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from uuid import uuid4

import pytest

from infringewatch.elastic import Elastic
from infringewatch.errors import PrintsMismatch, ServiceUnavailable
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.elastic import ElasticPrints, build_query
from tests.prints.shared import HASHES, TEXT, PrintsTests
from tests.services.ports import free_ports


@pytest.fixture
def elastic(elasticsearch_url: str) -> Elastic:
    return Elastic(elasticsearch_url)


@pytest.fixture
def prefix(elastic: Elastic) -> Iterator[str]:
    """A name of this test alone, so that a shared server stays as it was."""
    prefix = f"test-{uuid4().hex}"
    yield prefix
    with elastic.speaking() as client:
        client.options(ignore_status=404).indices.delete(index=[f"{prefix}-prints", f"{prefix}-works"])


@pytest.fixture
def store(elastic: Elastic, prefix: str) -> ElasticPrints:
    return ElasticPrints(elastic, prefix)


@pytest.mark.services
class TestElastic(PrintsTests):
    """The shared tests against a real server."""


@pytest.mark.services
def test_a_second_machine_finds_the_same_work(store: ElasticPrints, elastic: Elastic, prefix: str) -> None:
    store.add("W1", "青禾记", [WorkPart("", TEXT)])
    other = ElasticPrints(elastic, prefix)
    assert [work.title for work in other.works()] == ["青禾记"]
    assert len(other.lookup(HASHES).queries) == len(HASHES)


@pytest.mark.services
def test_prints_of_other_parameters_are_refused(store: ElasticPrints, elastic: Elastic, prefix: str) -> None:
    record = store.header.to_record() | {"window": 99}
    with elastic.speaking() as client:
        client.index(index=f"{prefix}-works", id="header", document={"header": record}, refresh=True)
    with pytest.raises(PrintsMismatch, match="window 99"):
        ElasticPrints(elastic, prefix)


@pytest.mark.services
def test_stretches_whose_work_was_never_finished_are_not_found(
    store: ElasticPrints, elastic: Elastic, prefix: str
) -> None:
    store.add("W1", "青禾记", [WorkPart("", TEXT)])
    with elastic.speaking() as client:
        client.delete(index=f"{prefix}-works", id=hashlib.sha256(b"W1").hexdigest(), refresh=True)
    assert len(ElasticPrints(elastic, prefix).lookup(HASHES).queries) == 0


@pytest.mark.services
def test_a_replaced_work_leaves_no_stretch_behind(store: ElasticPrints, elastic: Elastic, prefix: str) -> None:
    for length in (6000, 1000):
        store.add("W1", "青禾记", [WorkPart("", TEXT[:length])])
    with elastic.speaking() as client:
        assert client.count(index=f"{prefix}-prints")["count"] == 1


def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(ServiceUnavailable):
        ElasticPrints(Elastic(f"http://127.0.0.1:{free_ports(1)[0]}"), "x")


def test_each_print_counts_one() -> None:
    assert build_query([255]) == {"bool": {"should": [{"constant_score": {"filter": {"term": {"fp": "ff"}}}}]}}
