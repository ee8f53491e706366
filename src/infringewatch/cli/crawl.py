"""`infringewatch crawl`: runs a campaign now, or goes on with an interrupted run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from infringewatch.cli.place import settle


@click.command()
@click.argument("campaign", required=False)
@click.option("--resume", type=int, metavar="RUN", help="Go on with this run instead of opening a new one.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="A store of its own.")
@click.option("--allow-private", is_flag=True, help="Addresses on loopback and intranets may be asked.")
def crawl(campaign: str | None, resume: int | None, data: Path | None, allow_private: bool) -> None:
    """Run CAMPAIGN now: a name below rules/campaigns, or the path of a campaign file.

    Ctrl-C ends the run cleanly; it can be resumed.
    """
    settings = settle(data, allow_private=allow_private)
    # Only now: Django reads the installation's place when it is imported, and --data has just said it.
    from infringewatch.cli.crawling import run_campaign

    sys.exit(run_campaign(campaign, resume, settings))
