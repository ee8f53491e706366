"""How fast a drain brings hits to Elasticsearch, against the client's own bulk with finished documents.

Both in one run, in turns, on one server: ``python -m benchmarks.drain --hits 20000 [--url http://…]``.
The bare side measures what no drain can beat: documents made beforehand, no store, no outbox, no acknowledgement.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import click

_HOME = tempfile.TemporaryDirectory(prefix="infringewatch-benchmark-")
os.environ["INFRINGEWATCH_HOME"] = _HOME.name

# Not asked for by name, but first: importing the store makes Django ready for what comes below.
import infringewatch.store  # noqa: E402, F401  isort: skip
from django.core.management import call_command  # noqa: E402

from infringewatch.actions.outbox import announce_hits  # noqa: E402
from infringewatch.elastic import Elastic  # noqa: E402
from infringewatch.flows.indexing import drain, iter_documents  # noqa: E402
from infringewatch.search.elasticsearch import MAPPINGS, SETTINGS, ElasticsearchBackend, make_body  # noqa: E402
from infringewatch.store.models import Campaign, CampaignRun, Hit, Right, Tenant, WatchList  # noqa: E402
from tests.services.elasticsearch_server import make_server  # noqa: E402

_NOW = datetime(2026, 3, 1, tzinfo=UTC)
_CHUNK = 500  # the client's own default


@click.command()
@click.option("--hits", default=20_000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--url", default=os.environ.get("ELASTICSEARCH_URL"), help="A running server (default: one is started).")
def main(hits: int, rounds: int, url: str | None) -> None:
    """Prints documents per second of both ways, and the share that the drain keeps."""
    server = None if url else make_server()
    try:
        if server is not None:
            server.start()
            url = server.url
        assert url is not None
        _make_store(hits)
        _measure(Elastic(url, timeout=120), hits, rounds)
    finally:
        if server is not None:
            server.close()
        _HOME.cleanup()


def _measure(elastic: Elastic, hits: int, rounds: int) -> None:
    bodies = [
        (document.key, document.revision, make_body(document)) for batch in iter_documents(1_000) for document in batch
    ]
    ways: dict[str, Callable[[str], None]] = {
        "bare bulk": lambda name: _bulk_barely(elastic, name, bodies, threads=1),
        "on two threads": lambda name: _bulk_barely(elastic, name, bodies, threads=2),
        "drain": lambda name: _drain_all(elastic, name),
    }
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, run in ways.items() if number % 2 else reversed(ways.items()):
            announce_hits(Hit.objects.only("pk", "revision").iterator(), _NOW) if way == "drain" else None
            name = f"benchmark-{os.getpid()}-{number}-{way.replace(' ', '-')}"
            started = time.perf_counter()
            run(name)
            seconds = time.perf_counter() - started
            with elastic.speaking() as client:
                assert client.count(index=name)["count"] == hits
                client.indices.delete(index=list(client.indices.get_alias(index=f"{name}*").body))
            if number:  # the first round warms the server
                rates[way].append(hits / seconds)
    for way, values in rates.items():
        click.echo(f"{way:15} {statistics.median(values):8.0f} docs/s   {min(values):.0f}-{max(values):.0f}")
    drained = statistics.median(rates.pop("drain"))
    for way, values in rates.items():
        click.echo(f"the drain keeps {drained / statistics.median(values):.0%} of the client's bulk ({way})")


def _bulk_barely(
    elastic: Elastic, name: str, bodies: Sequence[tuple[str, int, dict[str, object]]], *, threads: int
) -> None:
    from elasticsearch.helpers import bulk, parallel_bulk

    elastic.create_index(name, mappings=MAPPINGS, settings=SETTINGS)
    actions = (
        {"_index": name, "_id": key, "version": revision, "version_type": "external", "_source": body}
        for key, revision, body in bodies
    )
    with elastic.speaking() as client:
        if threads == 1:
            bulk(client, actions, chunk_size=_CHUNK)
        else:
            deque(parallel_bulk(client, actions, thread_count=threads, chunk_size=_CHUNK), maxlen=0)
        client.indices.refresh(index=name)


def _drain_all(elastic: Elastic, name: str) -> None:
    drained = drain(ElasticsearchBackend(elastic, name))
    assert not drained.faults


def _make_store(hits: int) -> None:
    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(name="local", created_at=_NOW)
    lists = WatchList.objects.create(tenant=tenant, name="marks")
    right = Right.objects.create(
        tenant=tenant, watch_list=lists, registration_no="TM-1", kind="trademark", name="青岚", data={}
    )
    campaign = Campaign.objects.create(slug="benchmark", title="benchmark", spec={}, created_at=_NOW)
    run = CampaignRun.objects.create(campaign=campaign, scheduled_for=_NOW, spec={})
    Hit.objects.bulk_create(_iter_hits(hits, right, run), batch_size=1_000)


def _iter_hits(count: int, right: Right, run: CampaignRun) -> Iterator[Hit]:
    chance = random.Random(7)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 3_000)]
    for number in range(count):
        description = "".join(chance.choices(letters, k=120))
        yield Hit(
            tenant=right.tenant,
            right=right,
            url_hash=f"{number:064}",
            canonical_url=f"https://shop{number % 40}.test/item/{number}",
            host=f"shop{number % 40}.test",
            kind="listing",
            measure="27",
            queue="counterfeit",
            rule="m27@1",
            match_score=1.0,
            score=chance.random(),
            level="review",
            seller=f"小店{number % 900}",
            title="青岚 " + "".join(chance.choices(letters, k=25)),
            finding={},
            item={"description": description},
            first_seen=_NOW,
            last_seen=_NOW,
            first_run=run,
        )


if __name__ == "__main__":
    main()
