"""`infringewatch crawl`: runs a campaign now, or goes on with an interrupted run."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, datetime

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import Actor
from infringewatch.actions.campaigns import open_run
from infringewatch.cli.live import LiveLine
from infringewatch.errors import CampaignError, StopRun
from infringewatch.flows.plans import store_campaign_file
from infringewatch.frontier import open_frontier
from infringewatch.installation import require_installation
from infringewatch.launching import Ended, crawl_run, log_of, run_due
from infringewatch.model import RunState
from infringewatch.settings import Settings, get_settings
from infringewatch.store.models import Hit


@click.command()
@click.argument("campaign", required=False)
@click.option("--resume", type=int, metavar="RUN", help="Go on with this run instead of opening a new one.")
def crawl(campaign: str | None, resume: int | None) -> None:
    """Run CAMPAIGN now: a name below rules/campaigns, or the path of a campaign file.

    Ctrl-C ends the run cleanly; it can be resumed.
    """
    settings = get_settings()
    require_installation(settings)
    run_id = resume or _open(campaign, settings)
    live = LiveLine()
    ended = crawl_run(run_id, settings, live)
    live.close()
    report(ended, settings, f"infringewatch crawl --resume {run_id}")
    run_due(settings, live.say)
    if ended.state is not RunState.FINISHED:
        sys.exit(1)


def _open(campaign: str | None, settings: Settings) -> int:
    if campaign is None:
        raise CampaignError("name a campaign, or the run to go on with: --resume RUN")
    now, actor = datetime.now(UTC), Actor(getpass.getuser())
    stored = store_campaign_file(campaign, settings=settings, actor=actor, now=now)
    return open_run(stored, now, actor=actor, now=now)[0].pk


def report(ended: Ended, settings: Settings, resume: str) -> None:
    """Say how a run ended: pages by end state with reasons, hits, and how to go on where it was interrupted."""
    frontier = open_frontier(settings.frontier_file, settings.database_url)
    try:
        for line in frontier.report(ended.run_id):
            what = " ".join(filter(None, (line.state, line.outcome)))
            example = f"  (e.g. {line.example})" if line.example and line.outcome != "ok" else ""
            click.echo(f"{line.count:>7}  {what}{': ' if line.reason else ''}{line.reason}{example}", err=True)
    finally:
        frontier.close()
    hits = Hit.objects.filter(sightings__run_id=ended.run_id).distinct().count()
    click.echo(
        f"run {ended.run_id} {ended.state}: {ended.progress.pages} pages, {ended.progress.items} items, {hits} hits",
        err=True,
    )
    if ended.state is RunState.FAILED:
        raise StopRun(f"{ended.reason}; see {log_of(settings, ended.run_id)}; go on with: {resume}")
    if ended.state is not RunState.FINISHED:
        click.echo(f"{ended.reason}; go on with: {resume}", err=True)
