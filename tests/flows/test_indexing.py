from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infringewatch.actions.outbox import announce_hits
from infringewatch.elastic import Elastic
from infringewatch.errors import ServiceUnavailable
from infringewatch.flows.indexing import count_waiting, drain, rebuild
from infringewatch.search.backend import SearchBackend
from infringewatch.search.elasticsearch import ElasticsearchBackend
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.search.records import EVERYBODY, Query, Scope, SearchDocument, Tombstone, Written
from infringewatch.store.models import Campaign, CampaignRun, Hit, Outbox, Right, Tenant, WatchList
from tests.services.elasticsearch_server import ElasticsearchServer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def backend(tmp_path: Path) -> EmbeddedBackend:
    return EmbeddedBackend(tmp_path / "search.sqlite3")


@pytest.fixture
def run() -> CampaignRun:
    campaign = Campaign.objects.create(slug="spring", title="spring", spec={}, created_at=NOW)
    return CampaignRun.objects.create(campaign=campaign, scheduled_for=NOW, spec={})


@pytest.fixture
def right() -> Right:
    tenant = Tenant.objects.create(name="local", created_at=NOW)
    lists = WatchList.objects.create(tenant=tenant, name="marks")
    return Right.objects.create(
        tenant=tenant, watch_list=lists, registration_no="TM-1", kind="trademark", name="青岚", data={}
    )


@pytest.fixture
def add_hits(run: CampaignRun, right: Right) -> Callable[..., list[Hit]]:
    """Makes hits with these titles, announced in the outbox as actions do it."""

    def add(*titles: str, **changes: Any) -> list[Hit]:
        first = Hit.objects.count()
        values: dict[str, Any] = {
            "tenant": right.tenant, "right": right, "host": "shop.test", "kind": "listing", "measure": "27",
            "queue": "counterfeit", "rule": "m27@1", "match_score": 1.0, "score": 0.9, "level": "strong",
            "finding": {}, "item": {}, "first_seen": NOW, "last_seen": NOW, "first_run": run,
        }  # fmt: skip
        hits = [
            Hit(title=title, url_hash=f"{first + n:064}", canonical_url=f"http://shop.test/{n}", **values | changes)
            for n, title in enumerate(titles)
        ]
        announce_hits(Hit.objects.bulk_create(hits), NOW)
        return hits

    return add


def change(hit: Hit, title: str) -> None:
    hit.title, hit.revision = title, hit.revision + 1
    hit.save(update_fields=["title", "revision"])
    announce_hits([hit], NOW)


def find(backend: SearchBackend, text: str = "") -> list[str]:
    return sorted((match.key for match in backend.search(Query(EVERYBODY, text)).matches), key=int)


def keys(hits: Sequence[Hit]) -> list[str]:
    return [str(hit.pk) for hit in hits]


class Failing:
    """A backend whose engine goes away at the N-th batch."""

    def __init__(self, backend: SearchBackend, at: int) -> None:
        self._backend, self._left = backend, at

    def write(self, changes: Sequence[SearchDocument | Tombstone]) -> Written:
        self._left -= 1
        if self._left < 0:
            raise ServiceUnavailable("gone")
        return self._backend.write(changes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)


def test_a_drained_hit_is_found(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]) -> None:
    hits = add_hits("墨川 bag", "plain")
    drain(backend)
    assert find(backend, "墨川") == keys(hits[:1])


def test_the_description_of_the_item_is_found(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]) -> None:
    hits = add_hits("plain", item={"description": "墨川 inside", "text": "not this"})
    drain(backend)
    assert (find(backend, "墨川"), find(backend, "notthis")) == (keys(hits), [])


def test_a_tenant_sees_its_own(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]], right: Right) -> None:
    add_hits("墨川")
    drain(backend)
    assert backend.search(Query(Scope(frozenset({str(right.tenant_id)})))).total == 1
    assert backend.search(Query(Scope(frozenset({"0"})))).total == 0


def test_a_drain_acknowledges_what_it_drained(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]) -> None:
    add_hits("a", "b", "c")
    assert (drain(backend, batch_size=2).rows, count_waiting()) == (3, 0)


def test_rows_of_other_kinds_are_left_alone(backend: EmbeddedBackend) -> None:
    Outbox.objects.create(kind="right", key="1", revision=1, created_at=NOW)
    drain(backend)
    assert Outbox.objects.count() == 1


def test_a_hit_changed_twice_is_written_as_it_is_now(
    backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]
) -> None:
    (hit,) = add_hits("old")
    change(hit, "墨川")
    drain(backend, batch_size=1)
    assert find(backend, "墨川") == keys([hit])


def test_a_hit_that_is_gone_from_the_store_goes_from_the_index(
    backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]
) -> None:
    (hit,) = add_hits("墨川")
    drain(backend)
    Outbox.objects.create(kind="hit", key=str(hit.pk), revision=hit.revision + 1, created_at=NOW)
    hit.delete()
    drain(backend)
    assert find(backend) == []


@pytest.mark.parametrize("at", range(4))
def test_an_engine_that_goes_away_loses_nothing(
    backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]], at: int
) -> None:
    hits = add_hits(*"abcdefg")
    with pytest.raises(ServiceUnavailable):
        drain(Failing(backend, at), batch_size=2)
    assert count_waiting() >= 7 - 2 * at
    drain(backend)
    assert (find(backend), count_waiting()) == (keys(hits), 0)


def test_a_refused_hit_keeps_its_row_and_holds_up_nobody(
    backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]
) -> None:
    bad, good = add_hits("bad", "good")

    class Refusing(Failing):
        def write(self, changes: Sequence[SearchDocument | Tombstone]) -> Written:
            backend.write([change for change in changes if change.key != str(bad.pk)])
            return Written(len(changes) - 1, 0, {str(bad.pk): "no"})

    drained = drain(Refusing(backend, 0))
    assert drained.faults == {str(bad.pk): "no"}
    assert (find(backend), count_waiting()) == (keys([good]), 1)


def test_a_rebuild_has_every_hit_and_no_other(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]) -> None:
    hits = add_hits("a", "b", "c")
    backend.write([SearchDocument("99", 9, "", "", "", "", "", "", "", "", "", NOW.date(), 1.0)])
    assert rebuild(backend, batch_size=2) == 3
    assert find(backend) == keys(hits)


def test_changes_during_a_rebuild_are_in_it(backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]) -> None:
    first, _ = add_hits("a", "b")
    drain(backend)

    def meddle(_: int) -> None:
        if first.revision == 1:  # once
            change(first, "墨川")
            add_hits("late")
            drain(backend)

    rebuild(backend, batch_size=1, progress=meddle)
    assert find(backend, "墨川") == keys([first])
    assert len(find(backend)) == 3


def test_a_rebuild_killed_half_way_leaves_the_served_index(
    backend: EmbeddedBackend, add_hits: Callable[..., list[Hit]]
) -> None:
    hits = add_hits("a", "b")
    drain(backend)

    def die(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(backend, batch_size=1, progress=die)
    assert find(backend) == keys(hits)
    assert rebuild(backend) == 2


@pytest.mark.services
def test_elasticsearch_killed_in_mid_drain_loses_nothing(
    mortal_elasticsearch: ElasticsearchServer, add_hits: Callable[..., list[Hit]]
) -> None:
    hits = add_hits(*(f"墨川 {n}" for n in range(600)))
    backend = ElasticsearchBackend(Elastic(mortal_elasticsearch.url), "hits")
    killer = threading.Thread(target=mortal_elasticsearch.kill)

    def kill_after_the_third_batch(_: int) -> None:
        if count_waiting() <= 570 and not killer.ident:
            killer.start()

    with pytest.raises(ServiceUnavailable):
        drain(backend, batch_size=10, progress=kill_after_the_third_batch)
    killer.join()
    assert 0 < count_waiting() < 600
    mortal_elasticsearch.start()
    drain(backend)
    assert count_waiting() == 0
    assert backend.search(Query(EVERYBODY, "墨川")).total == len(hits)
