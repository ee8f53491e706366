"""Starts crawlers by name, as processes, and waits for them: with a live line, the interrupt passed on, the lease renewed.

Nobody imports the crawlers themselves; what they need to know they read from the environment and the store.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import abandon_run, claim_run, end_run, open_run, renew_run, running_owner
from infringewatch.actions.due import mark_needs_browser
from infringewatch.actions.running import is_asked_to_stop
from infringewatch.errors import ServiceUnavailable, StaleState
from infringewatch.flows.indexing import drain
from infringewatch.flows.plans import CAPTURES, RECHECKS, internal_campaign
from infringewatch.frontier import Progress, dead_owners, new_owner, open_frontier
from infringewatch.model import DueState, RunState
from infringewatch.search import get_backend
from infringewatch.settings import Settings
from infringewatch.store.models import CampaignRun, CaptureRequest, Recheck

Show = Callable[[str], None]
_BEAT = 0.5  # seconds between two looks at the progress
_ASK = 2.0  # seconds between two questions whether an operator wants the run stopped
_RENEW = 20.0  # seconds between two renewals of the run's lease


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, with the last progress that its crawlers wrote."""

    run_id: int
    state: RunState
    reason: str
    progress: Progress


def crawl_run(run_id: int, settings: Settings, show: Show, *, spider: str = "site", owner: str = "") -> Ended:
    """Claim a run, crawl it in a process of its own, wait for its end. Raises StaleState where another holds it.

    Ctrl-C is passed on once, so that the crawler ends cleanly; the run can be resumed.
    """
    owner = owner or new_owner()
    _claim(run_id, owner)
    child = _start(spider, run_id, settings)
    frontier = open_frontier(settings.frontier_file, settings.database_url)
    try:
        _watch(child, run_id, owner, lambda: show(_line(frontier.progress(run_id), frontier.counts(run_id))))
        progress = frontier.progress(run_id)
    finally:
        frontier.close()
    row = CampaignRun.objects.get(pk=run_id)
    if row.state == RunState.RUNNING:  # the crawler died before it could say how it ended
        reason = _last_words(log_of(settings, run_id, spider)) or f"the crawler ended with code {child.returncode}"
        end_run(run_id, owner, RunState.FAILED, datetime.now(UTC), reason=reason)
        row.refresh_from_db()
    return Ended(run_id, RunState(row.state), row.reason, progress)


def _claim(run_id: int, owner: str) -> None:
    """A run whose process of this machine was killed is taken over at once; of other machines nothing is known."""
    now = datetime.now(UTC)
    for dead in dead_owners([running_owner(run_id)]):
        abandon_run(run_id, dead, now)
    claim_run(run_id, owner, now)


def run_due(settings: Settings, show: Show) -> None:
    """Do what is due: captures (or the record that there is no browser), rechecks, and the drain into search."""
    if settings.chromium is None:
        marked = mark_needs_browser(datetime.now(UTC))
        if marked:
            show(f"{marked} screenshots are wanted, but there is no Chromium here: recorded as needs_browser")
    elif CaptureRequest.objects.filter(state=DueState.DUE).exists():
        _run_internal(CAPTURES, "capture", settings, show)
    if Recheck.objects.filter(state=DueState.DUE, due_at__lte=datetime.now(UTC)).exists():
        _run_internal(RECHECKS, "recheck", settings, show)
    drain_index(settings, show)


def drain_index(settings: Settings, show: Show) -> None:
    """Bring the index up to date; where its server is away, say so: the rows wait for the next drain."""
    try:
        drained = drain(get_backend(settings))
    except ServiceUnavailable as error:
        show(f"search is not up to date: {error} (nothing is lost; `infringewatch index drain` catches up)")
        return
    for hit, reason in drained.faults.items():
        show(f"hit {hit} could not be indexed: {reason}")


def _run_internal(slug: str, spider: str, settings: Settings, show: Show) -> None:
    now = datetime.now(UTC)
    campaign = internal_campaign(slug, actor=MACHINE_ACTOR, now=now)
    run, _ = open_run(campaign, now, actor=MACHINE_ACTOR, now=now)
    ended = crawl_run(run.pk, settings, lambda line: show(f"{spider}s: {line}"), spider=spider)
    if ended.state is not RunState.FINISHED:
        show(f"{spider}s: {ended.state}: {ended.reason}")


def _start(spider: str, run_id: int, settings: Settings) -> subprocess.Popen[bytes]:
    log = settings.home / "logs" / f"run-{run_id}-{spider}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "crawlers.settings", **_told(settings)}
    with log.open("ab") as stream:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and spider names
            [sys.executable, "-m", "scrapy", "crawl", spider, "-a", f"run={run_id}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )


def _told(settings: Settings) -> dict[str, str]:
    """What a child must see as we do, also where a command-line option and not the environment said so."""
    told = {"INFRINGEWATCH_HOME": str(settings.home), "INFRINGEWATCH_RULES": str(settings.rules_dir)}
    if settings.allow_private:
        told["INFRINGEWATCH_ALLOW_PRIVATE"] = "1"
    return told


def _last_words(log: Path) -> str:
    """The one sentence with which a crawler that could not begin ended its log; empty where it died without one."""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 4096))
        *_, last = stream.read().decode("utf-8", "replace").strip().splitlines() or [""]
    return last.removeprefix("infringewatch: ") if last.startswith("infringewatch: ") else ""


def _watch(child: subprocess.Popen[bytes], run_id: int, owner: str, look: Callable[[], None]) -> None:
    interrupted = threading.Event()
    previous = _on_interrupt(interrupted.set)
    renewed = asked = time.monotonic()
    stopping = False
    try:
        while child.poll() is None:
            if interrupted.is_set():
                interrupted.clear()
                child.send_signal(signal.SIGINT)
            if time.monotonic() - renewed > _RENEW:
                renewed = time.monotonic()
                _renew(run_id, owner)
            if not stopping and time.monotonic() - asked > _ASK:
                asked = time.monotonic()
                stopping = is_asked_to_stop(run_id)
                if stopping:
                    child.send_signal(signal.SIGINT)
            look()
            time.sleep(_BEAT)
        look()
    finally:
        if previous is not None:
            signal.signal(signal.SIGINT, previous)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if child.poll() is None:
            child.terminate()


def _on_interrupt(act: Callable[[], None]) -> Callable[..., object] | int | None:
    """Only the main thread may take signals; elsewhere (the scheduler's workers) the parent passes them on."""
    if threading.current_thread() is not threading.main_thread():
        return None
    signal.signal(signal.SIGTERM, lambda *_: act())
    return signal.signal(signal.SIGINT, lambda *_: act())


def _renew(run_id: int, owner: str) -> None:
    try:
        renew_run(run_id, owner, datetime.now(UTC))
    except StaleState:  # the crawler has just ended the run, or notices itself that it was taken over
        connection.close()


def _line(progress: Progress, counts: dict[str, int]) -> str:
    return (
        f"{progress.pages} pages, {progress.items} items, {progress.hits} hits, {progress.errors} errors, "
        f"{counts.get('queued', 0) + counts.get('leased', 0)} waiting"
    )


def log_of(settings: Settings, run_id: int, spider: str = "site") -> Path:
    """Where the crawler process of a run writes its log."""
    return settings.home / "logs" / f"run-{run_id}-{spider}.log"
