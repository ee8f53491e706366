"""How a crawler process opens its run: intake by its name, the frontier file, the scope, the writing thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from scrapy.settings import BaseSettings

from crawlers.session import Intake, Session, scope_of
from infringewatch.errors import CampaignError
from infringewatch.frontier import Engine, new_owner, open_frontier
from infringewatch.settings import get_settings


def open_session(
    settings: BaseSettings, *, run: str, campaign: str, engine: Engine, spider: str | None, is_child: bool
) -> Session:
    """The run that the command line names, ready to be crawled.

    Raises CampaignError where neither a run nor a campaign is named, and whatever intake raises.
    """
    installation = get_settings()
    named = settings["INTAKE"]
    intake = cast(Intake, import_module(named) if isinstance(named, str) else named)
    file = Path(settings.get("FRONTIER_FILE") or installation.frontier_file)
    frontier = open_frontier(file, installation.database_url)
    writer = ThreadPoolExecutor(1, thread_name_prefix="intake")
    opened = writer.submit(_open_run, intake, run, campaign).result()
    frontier.release_dead()  # as late as can be: a crawler that was just killed may take a moment to die
    return Session(
        run=opened,
        intake=intake,
        frontier=frontier,
        owner=new_owner(),
        scope=scope_of(opened, allow_private=installation.allow_private),
        writer=writer,
        spider=spider,
        engine=engine,
        is_child=is_child,
        browser_available=installation.chromium is not None and settings.getbool("BROWSER"),
    )


def _open_run(intake: Intake, run: str, campaign: str) -> Any:
    if run.isdecimal():
        return intake.open_run(int(run), settings=get_settings())
    if campaign:
        return intake.open_campaign_run(campaign, settings=get_settings())
    raise CampaignError("name what to crawl: -a run=NUMBER or -a campaign=NAME")
