"""Leased crawl requests: what a run still has to fetch, who is fetching it, and how each page ended."""

from __future__ import annotations

from infringewatch.frontier.jobs import (
    MAX_ATTEMPTS,
    Ending,
    Engine,
    Frontier,
    Job,
    JobState,
    NewJob,
    Progress,
    ReportLine,
    authority_of,
)
from infringewatch.frontier.owners import new_owner
from infringewatch.frontier.sqlite import SqliteFrontier

__all__ = [
    "MAX_ATTEMPTS",
    "Ending",
    "Engine",
    "Frontier",
    "Job",
    "JobState",
    "NewJob",
    "Progress",
    "ReportLine",
    "SqliteFrontier",
    "authority_of",
    "new_owner",
]
