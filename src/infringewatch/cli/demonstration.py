"""What `infringewatch demo` does in its own installation: enrol, crawl, do what is due, score, serve."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import open_run
from infringewatch.actions.people import LOCAL_TENANT, add_user
from infringewatch.cli.crawling import report
from infringewatch.cli.live import LiveLine
from infringewatch.cli.serve import serve_queue
from infringewatch.demo.content import CONTENT
from infringewatch.demo.scoring import Seen, load_truth, render_table, score
from infringewatch.demo.sites import DemoSites
from infringewatch.flows.enrol import enrol
from infringewatch.flows.plans import store_campaign_file
from infringewatch.installation import make_installation
from infringewatch.launching import crawl_run, run_due
from infringewatch.model import Queue, Role, RunState
from infringewatch.settings import Settings
from infringewatch.store.models import Hit

_HOLDER = "演示权利人"
_CAMPAIGNS = ("demo", "demo-literature")
"""Goods and films by their own measures (27, 28); the supervised novel site under measure 36."""


def run_demo(settings: Settings, *, port: int | None) -> int:
    """Returns the exit code: 0 when the crawl finished. ``port`` ``None``: end after the table."""
    now = datetime.now(UTC)
    make_installation(settings)
    if settings.chromium is None:
        click.echo("no Chromium here: screenshots and JavaScript-only pages are recorded as needs_browser", err=True)
    watchlist = CONTENT / "watchlist" / "watchlist.csv"
    enrol(watchlist, tenant_name=_HOLDER, list_name="demo", settings=settings, actor=MACHINE_ACTOR, now=now)
    password = secrets.token_urlsafe(9)
    add_user("demo", password, Role.ANALYST, LOCAL_TENANT, actor=MACHINE_ACTOR, now=now)
    state = _crawl(settings, now)
    _show_hits()
    if port is not None:
        click.echo(f"\nlog in as demo with the password {password}")
        serve_queue("127.0.0.1", port)
    return 0 if state is RunState.FINISHED else 1


def _crawl(settings: Settings, now: datetime) -> RunState:
    """The campaigns by the very path of `infringewatch crawl`, while the sites answer."""
    started, live = time.monotonic(), LiveLine()
    with DemoSites():
        states = [_run_campaign(name, settings, live, now) for name in _CAMPAIGNS]
        click.echo(f"crawled in {time.monotonic() - started:.0f} s; now the screenshots of the hits …", err=True)
        run_due(settings, live)
        live.close()
    return next((state for state in states if state is not RunState.FINISHED), RunState.FINISHED)


def _run_campaign(name: str, settings: Settings, live: LiveLine, now: datetime) -> RunState:
    campaign = store_campaign_file(name, settings=settings, actor=MACHINE_ACTOR, now=now)
    run, _ = open_run(campaign, now, actor=MACHINE_ACTOR, now=now)
    ended = crawl_run(run.pk, settings, live)
    live.close()
    report(ended, settings, "infringewatch demo")
    return ended.state


def _show_hits() -> None:
    hits = [_seen(hit) for hit in Hit.objects.select_related("right").order_by("-score", "pk")]
    queued = [hit for hit in hits if hit.queue != Queue.AUTHORISED]
    click.echo(render_table(queued))
    result = score(hits, load_truth())
    click.echo(
        f"\n{len(queued)} hits in the queues, {len(hits) - len(queued)} recorded as authorised\n"
        f"against the truth file: precision {result.precision:.2f} ({len(result.false_alarms)} false alarms), "
        f"recall {result.recall:.2f} ({len(result.missed)} of {len(result.found) + len(result.missed)} missed), "
        f"authorised {result.authorised} of {result.authorised_expected}"
    )
    for label, pairs in (("missed", result.missed), ("false alarm", result.false_alarms)):
        for url, right in pairs:
            click.echo(f"  {label}: {url} {right}")


def _seen(hit: Hit) -> Seen:
    reasons = [reason["detail"] for reason in hit.finding.get("explanation", []) if reason["weight"] > 0]
    return Seen(
        hit.canonical_url, hit.right.registration_no, hit.queue, hit.level, hit.score, hit.title, "; ".join(reasons)
    )
