"""What `infringewatch scan` does once it knows where its store is: enrol, crawl, do what is due, write the lines."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import Actor
from infringewatch.actions.campaigns import open_run
from infringewatch.actions.people import ensure_tenant
from infringewatch.cli.crawling import close, report, require_reached, resume_command
from infringewatch.cli.live import LiveLine
from infringewatch.errors import InputError, StopRun
from infringewatch.flows.enrol import enrol
from infringewatch.flows.plans import store_scan
from infringewatch.installation import require_installation
from infringewatch.launching import crawl_run
from infringewatch.model import JSON
from infringewatch.settings import Settings
from infringewatch.store.models import Observation, Sighting


@dataclass(frozen=True, slots=True)
class Scan:
    """The command line's wishes."""

    urls: tuple[str, ...]
    watchlist: Path
    out: Path
    profile: Path | None
    items_out: Path | None
    holder: str
    max_pages: int
    max_seconds: int
    allow_private: bool


def run_scan(plan: Scan, settings: Settings) -> int:
    """Returns the exit code: 0 done, 1 ended before the sites were done."""
    bad = [url for url in plan.urls if not url.startswith(("http://", "https://"))]
    if bad:
        raise InputError(f"{bad[0]} is not an address: it must begin with http:// or https://")
    _require_writable(plan.out)
    require_installation(settings)
    now = datetime.now(UTC)
    actor = Actor(getpass.getuser())
    list_name = plan.watchlist.name
    enrol(plan.watchlist, tenant_name=plan.holder, list_name=list_name, settings=settings, actor=actor, now=now)
    campaign = store_scan(
        f"scan-{now:%Y%m%d-%H%M%S-%f}",
        plan.urls,
        profile=plan.profile,
        budgets={"pages": plan.max_pages, "seconds": plan.max_seconds},
        watchlist=list_name,
        holder=plan.holder,
        allow_private=plan.allow_private,
        tenant=ensure_tenant(plan.holder, now),
        actor=actor,
        now=now,
    )
    run, _ = open_run(campaign, now, actor=actor, now=now)
    live = LiveLine()
    ended = crawl_run(run.pk, settings, live)
    live.close()
    require_reached(ended, settings)
    _write_lines(plan.out, _finding_lines(run.pk))
    if plan.items_out is not None:
        _write_lines(plan.items_out, (row.fields for row in Observation.objects.filter(last_run=run).iterator()))
    report(ended, settings, resume_command(run.pk, settings))
    return close(ended, settings, live.say)


def _finding_lines(run_id: int) -> Iterable[Mapping[str, JSON]]:
    for sighting in Sighting.objects.filter(run_id=run_id).order_by("-score", "pk").iterator():
        yield {**sighting.finding, "url": sighting.url, "item": sighting.item, "evidence": sighting.bundle_id}


def _write_lines(path: Path, records: Iterable[Mapping[str, JSON]]) -> None:
    """Write to a file beside it first, so that a reader never meets half a result."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    part.replace(path)


def _require_writable(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise StopRun(f"{path.absolute().parent} does not exist, so {path.name} cannot be written there")
