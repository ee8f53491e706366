"""How long the review queue's pages take over a store of a hundred thousand hits, on SQLite or PostgreSQL.

    python -m benchmarks.queue_pages [--postgres] [--search] [--hits N] [--rounds N]

The pages are asked for through Django's own test client, whole: session, counts in the frame, rows, template.
``--search`` fills the embedded search index as well (a minute or two) and asks for words.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_MARKS, _SHOPS, _SELLERS = 800, 120, 6_000
_STATES = ("new",) * 12 + ("unsure",) + ("not_infringing",) * 4 + ("infringing",) * 2 + ("closed",)
_QUEUES = ("imitation",) * 5 + ("counterfeit",) * 10 + ("unlicensed_use",) * 4 + ("authorised",)
_ASKED = {
    "first page": "/queue/27",
    "its filters": "/queue/27/facets",
    "one level": "/queue/27?level=strong",
    "one site": "/queue/27?site=shop7.test",
    "a rare seller": "/queue/27?seller=小店77",
    "one right": "/queue/27?right={right}",
    "site and level, filters": "/queue/27/facets?site=shop7.test&level=strong",
    "all states": "/queue/27?state=all",
    "all states, filters": "/queue/27/facets?state=all",
    "a page far down": "/queue/27?after={after}",
}
_SEARCHED = {
    "words": "/queue/27?q=特价",
    "words, filters": "/queue/27/facets?q=特价",
    "rare words": "/queue/27?q=Mark77",
}


@click.command()
@click.option("--hits", default=100_000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--postgres", is_flag=True, help="On a PostgreSQL of its own instead of SQLite.")
@click.option("--search", is_flag=True, help="With words, in the embedded search.")
def main(hits: int, rounds: int, postgres: bool, search: bool) -> None:
    """Prints the median time of each page in milliseconds, and its queries, for an analyst and a right holder."""
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="infringewatch-benchmark-"))
        os.environ.update(INFRINGEWATCH_HOME=home, INFRINGEWATCH_ALLOWED_HOSTS="testserver")
        if postgres:
            from tests.services.postgres_server import PostgresServer

            server = PostgresServer()
            stack.callback(server.close)
            server.start()
            os.environ["DATABASE_URL"] = server.url
        _Measure(hits, rounds, search).run()


class _Measure:
    """Imports Django only when the environment says which database is meant."""

    def __init__(self, hits: int, rounds: int, search: bool) -> None:
        self.hits, self.rounds, self.search = hits, rounds, search

    def run(self) -> None:
        from infringewatch.installation import make_installation
        from infringewatch.settings import get_settings

        make_installation(get_settings())
        started = time.perf_counter()
        fill_store(self.hits)
        click.echo(f"{self.hits:,} hits made in {time.perf_counter() - started:.0f} s")
        if self.search:
            from infringewatch.flows.indexing import rebuild
            from infringewatch.search import get_backend

            started = time.perf_counter()
            rebuild(get_backend(get_settings()))
            click.echo(f"search index built in {time.perf_counter() - started:.0f} s")
        for role, tenant in (("analyst", "local"), ("rights_holder", "holder 3")):
            self._measure(role, tenant)

    def _measure(self, role: str, tenant: str) -> None:
        from django.test import Client

        from infringewatch.store.models import Hit, Right, Tenant, User

        owner = Tenant.objects.get(name=tenant)
        user = User.objects.create(username=role, tenant=owner, role=role, language="en")
        client = Client()
        client.force_login(user)
        mine = Hit.objects.filter(measure="27") if role == "analyst" else Hit.objects.filter(measure="27", tenant=owner)
        middle = mine.order_by("-score", "-id")[mine.count() // 2]
        right = Right.objects.filter(tenant=owner).first() or Right.objects.first()
        assert right is not None
        places = {"after": f"{middle.score!r}_{middle.pk}", "right": right.pk}
        click.echo(role)
        for name, address in (_ASKED | (_SEARCHED if self.search else {})).items():
            self._ask(client, name, address.format(**places))

    def _ask(self, client: Any, name: str, address: str) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        took = []
        for _ in range(self.rounds):
            started = time.perf_counter()
            answer = client.get(address)
            took.append(1_000 * (time.perf_counter() - started))
            assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        rows = answer.content.count(b"data-hit") or ""
        worst = max(queries.captured_queries, key=lambda one: float(one["time"]))
        click.echo(
            f"  {name:25} {statistics.median(took):7.0f} ms   {max(took):5.0f} at most, {len(queries)} queries {rows}"
        )
        if os.environ.get("BENCHMARK_SQL"):
            click.echo(f"      {worst['time']} s: {worst['sql'][:1500]}")


def fill_store(count: int) -> None:
    """Ten tenants' rights, and ``count`` hits on them with findings and items of a usual size."""
    import infringewatch.store  # noqa: F401  isort: skip
    from django.db import connection, transaction

    from infringewatch.actions.bulk import insert_rows
    from infringewatch.actions.people import ensure_tenant
    from infringewatch.store.models import Campaign, CampaignRun, Hit, Right, WatchList

    now = datetime.now(UTC)
    tenants = [ensure_tenant(f"holder {number}", now) for number in range(10)]
    rights = []
    for tenant in tenants:
        marks = WatchList.objects.create(tenant=tenant, name="marks")
        rights += Right.objects.bulk_create(
            Right(
                tenant=tenant, watch_list=marks, registration_no=f"TM-{n}", kind="trademark", name=f"Mark{n}", data={}
            )
            for n in range(_MARKS // len(tenants))
        )
    campaign = Campaign.objects.create(slug="benchmark", title="benchmark", spec={}, created_at=now)
    run = CampaignRun.objects.create(campaign=campaign, scheduled_for=now, spec={})
    names = [field.column for field in Hit._meta.concrete_fields if field.column and field.column != "id"]
    with transaction.atomic():
        rows = _iter_rows(count, [(right.tenant_id, right.pk, right.name) for right in rights], run.pk, now)
        insert_rows(Hit, names, [[row[name] for name in names] for row in rows])
    if connection.vendor == "postgresql":
        _vacuum()


def _vacuum() -> None:
    """What PostgreSQL does by itself some minutes later; not at once, while another snapshot may still be open."""
    from django.db import connection

    for _ in range(20):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE store_hit")
            cursor.execute("SELECT relallvisible FROM pg_class WHERE relname = 'store_hit'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.5)


def _iter_rows(count: int, rights: Sequence[tuple[int, int, str]], run: int, now: datetime) -> Iterator[dict[str, Any]]:
    from infringewatch.actions.bulk import adapt_json, adapt_time

    chance = random.Random(9)
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 2_000)]
    moment, later = adapt_time(now), adapt_time(now + timedelta(days=9))
    for number in range(count):
        tenant, right, name = rights[min(int(chance.expovariate(6) * len(rights)), len(rights) - 1)]
        shop = min(int(chance.expovariate(5) * _SHOPS), _SHOPS - 1)
        title = f"{name} {'特价 ' if number % 40 == 0 else ''}{''.join(chance.choices(letters, k=24))}"
        score = round(chance.betavariate(4, 2), 4)
        text = "".join(chance.choices(letters, k=300))
        finding = {"right": name, "spans": [[0, len(name), "title", 0, len(name)]], "score": score, "explanation": [
            {"feature": feature, "weight": 0.3, "detail": text[:60], "values": {"word": text[:4]}} for feature in "abcd"
        ]}  # fmt: skip
        item = {"id": str(number), "kind": "listing", "title": title, "description": text, "seller": "x",
                "url": f"http://shop{shop}.test/{number}"}  # fmt: skip
        yield {
            "tenant_id": tenant, "right_id": right, "url_hash": f"{number:064}", "canonical_url": item["url"],
            "host": f"shop{shop}.test", "kind": "listing", "measure": ("27", "27", "27", "28", "36")[number % 5],
            "queue": chance.choice(_QUEUES), "rule": "m27@1", "match_score": score, "score": score,
            "level": "strong" if score > 0.8 else "review", "suppressed_by": "", "state": chance.choice(_STATES),
            "presence": "present", "misses": 0, "title": title, "seller": f"小店{chance.randrange(_SELLERS)}",
            "price": "99.00", "reference_price": "4200.00", "currency": "CNY", "finding": adapt_json(finding),
            "item": adapt_json(item), "first_seen": moment, "last_seen": moment,
            "snoozed_until": later if number % 200 == 0 else None, "first_run_id": run, "revision": 1,
        }  # fmt: skip


if __name__ == "__main__":
    main()
