"""What `infringewatch crawl` does once it knows where its store is; and how `crawl`, `scan` and `demo` tell of a run's end."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence
from datetime import UTC, datetime

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import Actor
from infringewatch.actions.campaigns import open_run
from infringewatch.cli.live import LiveLine
from infringewatch.errors import CampaignError, NotFound, StopRun
from infringewatch.flows.plans import read_plan, store_campaign_file
from infringewatch.frontier import ReportLine, open_frontier
from infringewatch.installation import require_installation
from infringewatch.launching import Ended, Show, crawl_run, drain_index, log_of, run_due
from infringewatch.model import Outcome, RunState
from infringewatch.settings import Settings
from infringewatch.store.models import CampaignRun, Hit

_UNREACHED = (Outcome.ERROR, Outcome.REFUSED)


def run_campaign(campaign: str | None, resume: int | None, settings: Settings) -> int:
    """Returns the exit code: 0 done, 1 ended before the sites were done."""
    require_installation(settings)
    run_id = _resumed(resume, settings) if resume is not None else _open(campaign, settings)
    live = LiveLine()
    ended = crawl_run(run_id, settings, live)
    live.close()
    report(ended, settings, resume_command(run_id, settings))
    require_reached(ended, settings)
    return close(ended, settings, live.say)


def close(ended: Ended, settings: Settings, show: Show) -> int:
    """Do what is due and return the exit code. Who interrupts a run waits for no screenshots: they stay due, and how
    to go on is the last thing said."""
    if ended.state is RunState.FINISHED:
        run_due(settings, show)
        return 0
    drain_index(settings, show)
    click.echo(f"{ended.reason}; go on with: {resume_command(ended.run_id, settings)}", err=True)
    return 1


def _open(campaign: str | None, settings: Settings) -> int:
    if campaign is None:
        raise CampaignError("name a campaign, or the run to go on with: --resume RUN")
    now, actor = datetime.now(UTC), Actor(getpass.getuser())
    stored = store_campaign_file(campaign, settings=settings, actor=actor, now=now)
    return open_run(stored, now, actor=actor, now=now)[0].pk


def _resumed(run_id: int, settings: Settings) -> int:
    """What was allowed when the run began must be allowed again, else all that is left would end as refused."""
    row = CampaignRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    if read_plan(row.spec, settings=settings).allow_private and not settings.allow_private:
        raise CampaignError(
            f"run {run_id} asks for private addresses, which this installation does not allow: give --allow-private"
        )
    return run_id


def resume_command(run_id: int, settings: Settings) -> str:
    """What to type to go on with a run, from this very shell."""
    command = f"infringewatch crawl --resume {run_id}"
    if os.environ.get("INFRINGEWATCH_HOME"):
        command += f" --data {settings.home}"
    return f"{command} --allow-private" if settings.allow_private else command


def report(ended: Ended, settings: Settings, resume: str) -> None:
    """Say how a run ended: pages by end state with reasons, and hits. Raises StopRun for one that failed."""
    for line in _lines(ended, settings):
        what = " ".join(filter(None, (line.state, line.outcome)))
        example = f"  (e.g. {line.example})" if line.example and line.outcome != "ok" else ""
        click.echo(f"{line.count:>7}  {what}{': ' if line.reason else ''}{line.reason}{example}", err=True)
    hits = Hit.objects.filter(sightings__run_id=ended.run_id).distinct().count()
    click.echo(
        f"run {ended.run_id} {ended.state}: {ended.progress.pages} pages, {ended.progress.items} items, {hits} hits",
        err=True,
    )
    if ended.state is RunState.FAILED:
        raise StopRun(f"{ended.reason}; see {log_of(settings, ended.run_id)}; go on with: {resume}")


def require_reached(ended: Ended, settings: Settings) -> None:
    """A finished run that got no page at all found nothing because it saw nothing. Raises StopRun, saying why."""
    ends = [line for line in _lines(ended, settings) if line.outcome in Outcome.__members__.values()]
    if ended.state is RunState.FINISHED and ends and all(line.outcome in _UNREACHED for line in ends):
        worst = max(ends, key=lambda line: line.count)
        hint = "; --allow-private permits it" if "private address" in worst.reason else ""
        raise StopRun(f"no page could be read: {worst.reason} ({worst.example}){hint}")


def _lines(ended: Ended, settings: Settings) -> Sequence[ReportLine]:
    frontier = open_frontier(settings.frontier_file, settings.database_url)
    try:
        return list(frontier.report(ended.run_id))
    finally:
        frontier.close()
