"""How a run is going and how its pages ended, from the frontier's counts and the store's visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count, Max, Sum

from infringewatch.frontier import Frontier, HostState, Progress, ReportLine, open_frontier
from infringewatch.normalise import host_of
from infringewatch.settings import Settings, get_settings
from infringewatch.store.access import hits_for
from infringewatch.store.models import CampaignRun, User, Visit

OPEN_JOBS = ("queued", "leased")


@dataclass(frozen=True, slots=True)
class HostLine:
    """One host of a run. ``pause_s``: for how long it wants no visit."""

    host: str
    pages: int
    items: int | None
    open: int
    errors: int
    pause_s: float
    last: datetime | None


@dataclass(frozen=True, slots=True)
class RunReport:
    """``ends``: how pages ended, most first; ``notes``: tallies by topic. Empty where the frontier has forgotten the run."""

    pages: int = 0
    items: int = 0
    hits: int = 0
    waiting: int = 0
    progress: Progress = field(default_factory=Progress)
    ends: Sequence[ReportLine] = ()
    notes: Sequence[tuple[str, Sequence[ReportLine]]] = ()
    hosts: Sequence[HostLine] = ()
    levels: Sequence[tuple[str, int]] = ()

    @property
    def seconds_left(self) -> int | None:
        """At the rate of late; ``None`` where nothing moves. More links may be found on the way."""
        return round(self.waiting / self.progress.rate) if self.progress.rate > 0 and self.waiting else None


def report_run(user: User, run: CampaignRun) -> RunReport:
    """The report of a run that ``user`` may see; hits are counted as far as they are this user's to see."""
    seen = list(_visited_hosts(run))
    hits = hits_for(user).filter(first_run=run).order_by().values_list("level").annotate(count=Count("pk"))
    levels = sorted(hits, key=lambda row: ("strong", "review", "ignore").index(row[0]))
    known = RunReport(
        pages=sum(row.pages for row in seen),
        items=sum(row.items or 0 for row in seen),
        hits=sum(count for _, count in levels),
        hosts=seen,
        levels=levels,
    )
    frontier = _open(get_settings())
    if frontier is None:
        return known
    with closing(frontier):
        lines, states = frontier.report(run.pk), frontier.hosts(run.pk)
        counts, progress = frontier.counts(run.pk), frontier.progress(run.pk)
    return replace(
        known,
        waiting=sum(counts.get(state, 0) for state in OPEN_JOBS),
        progress=progress,
        ends=sorted((line for line in lines if line.state and line.state not in OPEN_JOBS), key=lambda one: -one.count),
        notes=_by_topic(lines),
        hosts=_join(seen, states),
    )


def _open(settings: Settings) -> Frontier | None:
    """The installation's frontier, if a crawl has ever made one."""
    if settings.database_url is None and not settings.frontier_file.is_file():
        return None
    return open_frontier(settings.frontier_file, settings.database_url)


def _visited_hosts(run: CampaignRun) -> Sequence[HostLine]:
    rows = Visit.objects.filter(run=run).order_by().values("host")
    rows = rows.annotate(pages=Count("pk"), found=Sum("items"), last=Max("fetched_at")).order_by("-pages", "host")
    return [HostLine(row["host"], row["pages"], row["found"], 0, 0, 0.0, row["last"]) for row in rows]


def _join(seen: Sequence[HostLine], states: Sequence[HostState]) -> Sequence[HostLine]:
    """The frontier tells hosts apart by their ports, the store does not: where a name has several, items are left out."""
    if not states:
        return seen
    known = {line.host: line for line in seen}
    names = Counter(host_of(f"//{state.host}") for state in states)
    lines = []
    for state in states:
        name = host_of(f"//{state.host}")
        line = known.get(name) if names[name] == 1 else None
        items, last = (line.items, line.last) if line else (None, None)
        lines.append(HostLine(state.host, state.done, items, state.open, state.errors, state.pause_s, last))
    return sorted(lines, key=lambda line: (-line.pages, line.host))


def _by_topic(lines: Sequence[ReportLine]) -> list[tuple[str, list[ReportLine]]]:
    topics: dict[str, list[ReportLine]] = {}
    for line in lines:
        if not line.state:
            topics.setdefault(line.outcome, []).append(line)
    return [(topic, sorted(rows, key=lambda row: -row.count)) for topic, rows in topics.items()]
