"""What a page costs: CPU of the crawler process through fetching, reading, matching and durable writing.

    python -m benchmarks.pages_cost [--pages N] [--rounds N]

Side by side in one run, on one nginx on loopback: bare Scrapy, Scrapy with parsel, our spider and page objects with an
intake that drops everything, and the whole way. Start-up (and reading the watch list of a thousand marks) is taken off
by crawling a site of a tenth of the pages as well. CPU is user and system time of the process and all its threads.
The intake's part of a page of 48 items is measured in this process as well, where nothing else disturbs it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import click

_HOME = tempfile.TemporaryDirectory(prefix="infringewatch-benchmark-")
os.environ["INFRINGEWATCH_HOME"] = _HOME.name
os.environ["INFRINGEWATCH_ALLOW_PRIVATE"] = "1"
os.environ["INFRINGEWATCH_CHROMIUM"] = ""

import infringewatch.store  # noqa: E402, F401  isort: skip
from benchmarks.pages_site import PAGE_BYTES, make_names, make_title, serving, write_items, write_lists, write_watchlist  # noqa: E402
from infringewatch.actions.audit import MACHINE_ACTOR  # noqa: E402
from infringewatch.actions.campaigns import claim_run, open_run  # noqa: E402
from infringewatch.flows import intake  # noqa: E402
from infringewatch.flows.enrol import enrol  # noqa: E402
from infringewatch.flows.plans import store_campaign_file  # noqa: E402
from infringewatch.installation import make_installation  # noqa: E402
from infringewatch.model import Capture, Item, ItemKind, Outcome, PageResult  # noqa: E402
from infringewatch.settings import get_settings  # noqa: E402
from infringewatch.store.models import AuditEntry, Hit, Visit  # noqa: E402

_ROOT = Path(__file__).parents[1]
_QUIET = ["-s", "LOG_LEVEL=ERROR", "-s", "TELNETCONSOLE_ENABLED=0"]


@click.command()
@click.option("--pages", default=1_000, show_default=True, help="Pages of one item; of 48 items half of that.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--profile", type=click.Path(path_type=Path), help="Write cProfile figures of one whole crawl here.")
def main(pages: int, rounds: int, profile: Path | None) -> None:
    """Prints the median CPU per page of each way, and the least and the most."""
    folder = Path(_HOME.name)
    make_installation(get_settings())
    names = make_names(Random(4))
    write_watchlist(folder / "marks.csv", names)
    enrol(folder / "marks.csv", tenant_name="local", list_name="marks.csv", settings=get_settings(),
          actor=MACHINE_ACTOR, now=datetime.now(UTC))  # fmt: skip
    for kind, write, count in (
        ("10 KB page of one item", write_items, pages),
        ("page of 48 items", write_lists, pages // 2),
    ):
        site = folder / kind.replace(" ", "-")
        write(site / "pages" / "all", count, names)
        write(site / "pages" / "few", count // 10, names)
        click.echo(f"{kind}, {count} pages, {rounds} rounds:")
        with serving(site) as address:
            if profile:
                _crawl(f"{address}/all/", "infringewatch.flows.intake", profile=profile.with_suffix(f".{count}"))
                continue
            _measure(address, count, rounds)
    batches = AuditEntry.objects.filter(action="crawl.batch").count()
    click.echo(f"intake took {Visit.objects.count()} pages in {batches} batches; {Hit.objects.count()} hits")
    click.echo(f"intake alone, pages of 48 items: {_take_in_lists(pages // 5, names):.2f} ms a page")
    _HOME.cleanup()


def _measure(address: str, count: int, rounds: int) -> None:
    ways: dict[str, Callable[[str], float]] = {
        "bare Scrapy": lambda start: _cpu_of(["-m", "benchmarks.bare_spiders", "bare", start]),
        "Scrapy with parsel": lambda start: _cpu_of(["-m", "benchmarks.bare_spiders", "parsed", start]),
        "without intake": lambda start: _crawl(start, "benchmarks.no_intake"),
        "the whole way": lambda start: _crawl(start, "infringewatch.flows.intake"),
    }
    costs: dict[str, list[float]] = {way: [] for way in ways}
    more = count - count // 10
    for _ in range(rounds):
        for way, run in ways.items():
            costs[way].append(1_000 * (run(f"{address}/all/") - run(f"{address}/few/")) / more)
    for way, values in costs.items():
        click.echo(f"  {way:20} {statistics.median(values):6.2f} ms   {min(values):.2f}-{max(values):.2f}")
    difference = statistics.median(costs["the whole way"]) - statistics.median(costs["without intake"])
    click.echo(f"  {'match and write':20} {difference:6.2f} ms   (the difference of the last two)")


def _take_in_lists(count: int, names: list[str], *, batch: int = 8) -> float:
    """Milliseconds of CPU per page of 48 items for matching, sealing and writing, in batches of ``batch`` pages."""
    run = intake.open_run(_open_run("http://lists.test/"), settings=get_settings())
    made = [_make_list(number, names) for number in range(count + batch)]
    intake.take_in(run, made[:batch])
    started = time.process_time()
    for place in range(batch, len(made), batch):
        intake.take_in(run, made[place : place + batch])
    return 1_000 * (time.process_time() - started) / count


def _make_list(number: int, names: list[str]) -> PageResult:
    now, chance, url = datetime.now(UTC), Random(number), f"http://lists.test/{number}"
    items = tuple(
        Item(f"{number}-{place}", ItemKind.LISTING, f"{url}/{place}", title=make_title(chance, names), seller="小店",
             price=Decimal(99), currency="CNY")
        for place in range(48)
    )  # fmt: skip
    body = chance.randbytes(PAGE_BYTES)
    exchange = Capture(url, now, now, "GET", ((b"User-Agent", b"x"),), 200, "HTTP/1.1", ((b"Server", b"x"),), body)
    return PageResult(str(number), url, url, Outcome.OK, now, status=200, captures=(exchange,), items=items)


def _crawl(start: str, taker: str, *, profile: Path | None = None) -> float:
    profiling = ["-m", "cProfile", "-o", str(profile)] if profile else []
    command = [*profiling, "-m", "scrapy", "crawl", "site", "-a", f"run={_open_run(start)}", "-s", f"INTAKE={taker}"]
    return _cpu_of([*command, *_QUIET], SCRAPY_SETTINGS_MODULE="crawlers.settings")


def _open_run(start: str) -> int:
    """A run of a new campaign over the host of ``start``, claimed."""
    now = datetime.now(UTC)
    host = start.split("/")[2]
    plan = Path(_HOME.name) / "campaign.yaml"
    plan.write_text(
        f"id: cost-{now:%H%M%S%f}\ntitle: cost\nallow_private: true\nwatchlists: [marks.csv]\nprofiles:\n"
        f"  - {{name: cost, hosts: ['{host}'], start: ['{start}'], concurrency: 8, deny: ['/goods/'],\n"
        f"     cards: .card, card_fields: {{seller: .shop}}}}\n"
    )
    campaign = store_campaign_file(str(plan), settings=get_settings(), actor=MACHINE_ACTOR, now=now)
    run, _ = open_run(campaign, now, actor=MACHINE_ACTOR, now=now)
    claim_run(run.pk, "benchmark", now)
    return run.pk


def _cpu_of(command: list[str], **environment: str) -> float:
    """Seconds of CPU, user and system, that the command used; it must end well."""
    child = subprocess.Popen([sys.executable, *command], cwd=_ROOT, env={**os.environ, **environment})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise click.ClickException(f"{' '.join(command)} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
