from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infringewatch.elastic import BulkAction, Elastic
from infringewatch.errors import ServiceUnavailable
from infringewatch.search.elasticsearch import ElasticsearchBackend, build_facet, build_query, build_term, make_body
from infringewatch.search.records import EVERYBODY, Facet, Query, Scope
from infringewatch.search.terms import LOOSE, Term
from tests.search.shared import SearchBackendTests, make_hit, put
from tests.services.ports import free_ports


@pytest.fixture
def elastic(elasticsearch_url: str) -> Elastic:
    return Elastic(elasticsearch_url)


@pytest.fixture
def name(elastic: Elastic) -> Iterator[str]:
    """A name of this test alone, so that a shared server stays as it was."""
    name = f"test-{uuid4().hex}"
    yield name
    with elastic.speaking() as client:
        if indices := list(client.indices.get(index=f"{name}*", expand_wildcards="all").body):
            client.indices.delete(index=indices)


@pytest.fixture
def backend(elastic: Elastic, name: str) -> ElasticsearchBackend:
    return ElasticsearchBackend(elastic, name)


@pytest.mark.services
class TestElasticsearch(SearchBackendTests):
    """The shared tests against a real server."""


@pytest.mark.services
def test_an_index_of_another_layout_asks_for_a_rebuild(
    backend: ElasticsearchBackend, elastic: Elastic, name: str
) -> None:
    elastic.create_index(f"{name}-v0-4", mappings={}, aliases=[name])
    with pytest.raises(ServiceUnavailable, match="index rebuild"):
        backend.write([make_hit("1")])
    with pytest.raises(ServiceUnavailable, match="index rebuild"):
        backend.search(Query(EVERYBODY))
    rebuilt = backend.begin_rebuild()
    put(backend, make_hit("2"))
    backend.finish_rebuild(rebuilt)
    assert backend.search(Query(EVERYBODY)).total == 1


@pytest.mark.services
def test_the_index_refuses_unknown_fields(backend: ElasticsearchBackend, elastic: Elastic, name: str) -> None:
    put(backend, make_hit("1"))
    result = elastic.bulk(name, [BulkAction("2", {"surprise": 1})])
    assert [fault.key for fault in result.faults] == ["2"]


@pytest.mark.services
def test_a_document_that_the_server_refuses_is_named(backend: ElasticsearchBackend) -> None:
    written = backend.write([make_hit("1", score=float("inf")), make_hit("2")])
    assert (set(written.faults), written.written) == ({"1"}, 1)


@pytest.mark.services
def test_a_rebuild_leaves_one_index(backend: ElasticsearchBackend, elastic: Elastic, name: str) -> None:
    put(backend, make_hit("1"))
    backend.begin_rebuild()
    backend.finish_rebuild(backend.begin_rebuild())
    with elastic.speaking() as client:
        assert len(client.indices.get(index=f"{name}*").body) == 1


def test_a_server_that_is_away_is_said_so() -> None:
    (port,) = free_ports(1)
    with pytest.raises(ServiceUnavailable, match="cannot be reached"):
        ElasticsearchBackend(Elastic(f"http://127.0.0.1:{port}"), "hits").write([make_hit("1")])


def test_the_scope_is_a_filter_of_every_query() -> None:
    assert {"terms": {"tenant": ["7"]}} in build_query(Query(Scope(frozenset({"7"}))))["bool"]["filter"]


def test_a_phrase_is_matched_and_a_single_character_is_a_prefix() -> None:
    assert build_term(Term(LOOSE, "耐克")) == {"match_phrase": {LOOSE: "耐克"}}
    assert build_term(Term(LOOSE, "克", is_prefix=True)) == {"prefix": {LOOSE: {"value": "克"}}}


def test_a_facet_is_counted_under_the_other_choices() -> None:
    query = Query(EVERYBODY, chosen={Facet.SITE: ("a",), Facet.LEVEL: ("strong",)})
    assert build_facet(query, Facet.SITE)["filter"] == {"bool": {"filter": [{"terms": {"level": ["strong"]}}]}}


def test_empty_keywords_are_left_out() -> None:
    assert "seller" not in make_body(make_hit("1", seller=""))
