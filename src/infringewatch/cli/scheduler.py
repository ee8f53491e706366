"""`infringewatch scheduler`: starts what falls due."""

from __future__ import annotations

import logging

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.installation import require_installation
from infringewatch.scheduler import run_scheduler
from infringewatch.settings import get_settings


@click.command()
def scheduler() -> None:
    """Start due campaigns, rechecks and captures, until Ctrl-C."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    settings = get_settings()
    require_installation(settings)
    run_scheduler(settings)
