"""Search in Elasticsearch 9: two aliases, ``NAME`` for what is served and ``NAME-building`` for a rebuild.

Writes go to the aliases, never to an index by name, so a flip in mid-batch cannot bring an old index back.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from infringewatch.elastic import BulkAction, BulkResult, Elastic
from infringewatch.errors import NotFound, ServiceUnavailable, StaleState
from infringewatch.search.backend import LAYOUT, LONGEST_FACET, wrong_layout
from infringewatch.search.grams import make_grams
from infringewatch.search.records import (
    Facet,
    FacetCount,
    IndexStatus,
    Match,
    Page,
    Query,
    SearchDocument,
    Tombstone,
    Written,
    decode_cursor,
    make_page,
)
from infringewatch.search.terms import EXACT, LOOSE, Term, read_terms

log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")

_FLIPS = 4  # flips that one batch or question outlives; each takes a whole rebuild
_GRAMS = {"type": "text", "analyzer": "whitespace", "norms": False}
_KEYWORDS = ("key", "tenant", "right_name", "measure", "site", "right", "seller", "level", "state", "queue")
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    # Grams are four times the text and are only ever asked for, so the stored copy goes without them.
    "_source": {"excludes": [LOOSE, EXACT]},
    "properties": {
        **{name: {"type": "keyword"} for name in _KEYWORDS},
        "found_on": {"type": "keyword"},
        "score": {"type": "double"},
        "deleted": {"type": "boolean"},
        "text": {"type": "text"},  # for people who look with other tools
        LOOSE: _GRAMS,
        EXACT: _GRAMS,
    },
}
SETTINGS = {"number_of_shards": 1}  # counts of facets are exact on one shard; it holds tens of millions of hits
_LONGEST_KEYWORD = 1_000  # characters; the server refuses terms over 32 KiB


class ElasticsearchBackend:
    """SearchBackend over one cluster; ``name`` is the alias and the beginning of the indices' names."""

    def __init__(self, elastic: Elastic, name: str) -> None:
        self._elastic = elastic
        self._serving = name
        self._building = f"{name}-building"

    def write(self, changes: Sequence[SearchDocument | Tombstone]) -> Written:
        actions = [make_action(change) for change in changes]
        return self._through_flips(lambda: self._write_once(actions))

    def _write_once(self, actions: Sequence[BulkAction]) -> Written:
        aliases = self._elastic.indices_behind(self._serving, self._building)
        results: list[BulkResult] = []
        # The building index first: if it flips between the two requests, the second one reaches it as well.
        if self._building in aliases:
            results.append(self._elastic.bulk(self._building, actions, require_alias=True))
        if self._serving not in aliases:
            self._make_index(1, alias=self._serving)
        elif not self._has_our_layout(aliases[self._serving]):
            if not results:
                raise wrong_layout(aliases[self._serving])
            return _to_written(results)
        results.append(self._elastic.bulk(self._serving, actions, require_alias=True))
        return _to_written(results)

    def refresh(self) -> None:
        with self._elastic.speaking() as client:
            client.indices.refresh(index=f"{self._serving},{self._building}", ignore_unavailable=True)

    def search(self, query: Query) -> Page:
        if not self._can_search():
            return Page((), 0)
        last = decode_cursor(query.after) if query.after else None
        answer = self._ask(
            query=build_query(query),
            sort=[{"score": "desc"}, {"key": "asc"}],
            size=query.size + 1,
            source=False,
            track_total_hits=True,
            search_after=[last.score, last.key] if last else None,
        )
        found = [Match(key=hit["sort"][1], score=hit["sort"][0]) for hit in answer["hits"]["hits"]]
        return make_page(found, answer["hits"]["total"]["value"], query.size)

    def facets(self, query: Query) -> Mapping[Facet, tuple[FacetCount, ...]]:
        if not self._can_search():
            return dict.fromkeys(Facet, ())
        answer = self._ask(
            query=build_query(query, without_choices=True),
            aggregations={str(facet): build_facet(query, facet) for facet in Facet},
            size=0,
        )
        return {
            facet: tuple(_to_count(bucket) for bucket in answer["aggregations"][facet]["values"]["buckets"])
            for facet in Facet
        }

    def begin_rebuild(self) -> str:
        aliases = self._elastic.indices_behind(self._serving)
        if self._serving not in aliases:
            aliases[self._serving] = self._make_index(1, alias=self._serving)
        with self._elastic.speaking() as client:
            others = set(client.indices.get_alias(index=f"{self._serving}-v*").body) - {aliases[self._serving]}
        newest = max(int(index.rpartition("-")[2]) for index in (*others, aliases[self._serving]))
        name = self._make_index(newest + 1)
        # Also what a rebuild left that died before it had its alias; one that lives loses its index and stops.
        self._change_aliases(
            *({"remove_index": {"index": other}} for other in sorted(others)),
            {"add": {"index": name, "alias": self._building}},
        )
        return name

    def fill(self, documents: Sequence[SearchDocument]) -> Written:
        try:
            result = self._elastic.bulk(self._building, map(make_action, documents), require_alias=True)
        except NotFound as error:
            raise StaleState("another rebuild has taken this one's place") from error
        return _to_written([result])

    def finish_rebuild(self, name: str) -> None:
        served = self._elastic.indices_behind(self._serving).get(self._serving)
        self._change_aliases(
            {"remove": {"index": name, "alias": self._building, "must_exist": True}},
            {"add": {"index": name, "alias": self._serving}},
            *([{"remove_index": {"index": served}}] if served else []),
        )

    def status(self) -> IndexStatus | None:
        aliases = self._elastic.indices_behind(self._serving, self._building)
        if self._serving not in aliases:
            return None
        with self._elastic.speaking() as client:
            count = client.count(index=self._serving, query={"term": {"deleted": False}})["count"]
        layout = int(aliases[self._serving].split("-v")[-1].partition("-")[0])
        return IndexStatus(
            f"Elasticsearch at {self._elastic.address}",
            aliases[self._serving],
            layout,
            count,
            aliases.get(self._building, ""),
        )

    def _ask(self, **options: Any) -> Any:
        def ask() -> Any:
            with self._elastic.speaking() as client:
                return client.search(index=self._serving, **options)

        return self._through_flips(ask)

    def _through_flips(self, act: Callable[[], _Answer]) -> _Answer:
        """Do ``act`` again where the index behind an alias was dropped under it: a rebuild has just flipped."""
        for _ in range(_FLIPS):
            try:
                return act()
            except NotFound as error:
                log.info("asking again: %s", error)
        raise ServiceUnavailable(f"search index {self._serving} is being rebuilt again and again")

    def _can_search(self) -> bool:
        index = self._elastic.indices_behind(self._serving).get(self._serving)
        if index is not None and not self._has_our_layout(index):
            raise wrong_layout(index)
        return index is not None

    def _has_our_layout(self, index: str) -> bool:
        return index.startswith(f"{self._serving}-v{LAYOUT}-")

    def _make_index(self, number: int, *, alias: str = "") -> str:
        name = f"{self._serving}-v{LAYOUT}-{number}"
        made = self._elastic.create_index(name, mappings=MAPPINGS, settings=SETTINGS, aliases=[alias] if alias else [])
        if not made and not alias:  # with an alias: another process made the first index at the same moment
            raise StaleState("another rebuild has just begun")
        return name

    def _change_aliases(self, *actions: Mapping[str, Any]) -> None:
        try:
            with self._elastic.speaking() as client:
                client.indices.update_aliases(actions=actions)
        except NotFound as error:
            raise StaleState("another rebuild has taken this one's place") from error


def make_action(change: SearchDocument | Tombstone) -> BulkAction:
    """The bulk line of one change. A deletion is a document too: the server forgets versions of deleted ones."""
    if isinstance(change, Tombstone):
        return BulkAction(change.key, {"key": change.key, "deleted": True}, change.revision)
    return BulkAction(change.key, make_body(change), change.revision)


def make_body(document: SearchDocument) -> dict[str, Any]:
    """The whole document as the server gets it; empty keywords are left out, so that no facet counts them."""
    body: dict[str, Any] = {
        name: value for name in _KEYWORDS if (value := _storable(getattr(document, name)[:_LONGEST_KEYWORD]))
    }
    texts = document.texts
    grams = make_grams(texts)
    return body | {
        "found_on": document.found_on.isoformat(),
        "score": document.score,
        "deleted": False,
        "text": _storable("\n".join(filter(None, texts))),
        LOOSE: grams.loose,
        EXACT: grams.exact,
    }


def build_query(query: Query, *, without_choices: bool = False) -> dict[str, Any]:
    """Every condition is a filter: the risk decides the order, not how often a word occurs."""
    filters: list[dict[str, Any]] = [{"term": {"deleted": False}}]
    if query.scope.tenants is not None:
        filters.append({"terms": {"tenant": sorted(query.scope.tenants)}})
    days = {"gte": query.found_from, "lte": query.found_until}
    if bounds := {edge: day.isoformat() for edge, day in days.items() if day is not None}:
        filters.append({"range": {"found_on": bounds}})
    filters.extend(build_term(term) for term in read_terms(query.text))
    if not without_choices:
        filters.extend(_build_choices(query))
    return {"bool": {"filter": filters}}


def build_term(term: Term) -> dict[str, Any]:
    if term.is_prefix:
        return {"prefix": {term.field: {"value": term.grams}}}
    return {"match_phrase": {term.field: term.grams}}


def build_facet(query: Query, facet: Facet) -> dict[str, Any]:
    """The counts of one facet under the choices made in all others."""
    order: list[dict[str, str]] = [{"_key": "desc"}] if facet is Facet.DATE else [{"_count": "desc"}, {"_key": "asc"}]
    values: dict[str, Any] = {"terms": {"field": str(facet), "size": LONGEST_FACET, "order": order}}
    if facet is Facet.RIGHT:
        values["aggs"] = {"label": {"terms": {"field": "right_name", "size": 1}}}
    return {"filter": {"bool": {"filter": _build_choices(query, but=facet)}}, "aggs": {"values": values}}


def _build_choices(query: Query, *, but: Facet | None = None) -> list[dict[str, Any]]:
    return [{"terms": {str(facet): list(values)}} for facet, values in query.chosen.items() if facet is not but]


def _to_count(bucket: Mapping[str, Any]) -> FacetCount:
    labels = bucket.get("label", {}).get("buckets", [])
    return FacetCount(bucket["key"], bucket["doc_count"], labels[0]["key"] if labels else "")


def _to_written(results: Sequence[BulkResult]) -> Written:
    """One result for all indices written: the served one's counts, and what any of them refused."""
    faults = {fault.key: fault.reason for result in results for fault in result.faults}
    return Written(results[-1].written, results[-1].stale, faults)


def _storable(text: str) -> str:
    """``text`` without lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-8", "ignore").decode()
