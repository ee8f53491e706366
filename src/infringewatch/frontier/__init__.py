"""Leased crawl requests: what a run still has to fetch, who is fetching it, and how each page ended."""

from __future__ import annotations

from pathlib import Path

from infringewatch.frontier.jobs import (
    MAX_ATTEMPTS,
    Ending,
    Engine,
    Frontier,
    HostState,
    Job,
    JobState,
    NewJob,
    Progress,
    ReportLine,
    authority_of,
)
from infringewatch.frontier.owners import dead_owners, new_owner
from infringewatch.frontier.sqlite import SqliteFrontier

__all__ = [
    "MAX_ATTEMPTS",
    "Ending",
    "Engine",
    "Frontier",
    "HostState",
    "Job",
    "JobState",
    "NewJob",
    "Progress",
    "ReportLine",
    "SqliteFrontier",
    "authority_of",
    "dead_owners",
    "new_owner",
    "open_frontier",
]


def open_frontier(file: Path, database_url: str | None = None) -> Frontier:
    """The frontier of an installation: in its database where there is one, else in ``file``."""
    if database_url is None:
        return SqliteFrontier(file)
    from infringewatch.frontier.postgres import PostgresFrontier  # the driver takes a tenth of a second to load

    return PostgresFrontier(database_url)
