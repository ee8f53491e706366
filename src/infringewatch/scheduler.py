"""The clock: opens due runs, starts spiders as processes, sees to rechecks, captures, the drain and queued notices.

APScheduler only ticks. What is due stands in our own tables and is claimed by conditional updates, so two
schedulers on one store start no run twice.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from django.db import close_old_connections
from django.db.models import Q

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import open_run
from infringewatch.actions.notices import mark_interrupted
from infringewatch.errors import InfringeWatchError, InputError, StaleState
from infringewatch.evidence.vault import Vault
from infringewatch.flows.describing import Progress
from infringewatch.flows.plans import read_plan
from infringewatch.flows.sending import Outcome, open_channels, send_due
from infringewatch.frontier import dead_owners, new_owner
from infringewatch.launching import crawl_run, run_due
from infringewatch.model import NoticeState, RunState
from infringewatch.ruleset import CampaignSpec, CatchUp
from infringewatch.settings import Settings
from infringewatch.store.models import Campaign, CampaignRun, Notice

log = logging.getLogger(__name__)
TICK_SECONDS = 15
_MOST_CAUGHT_UP = 100
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def run_scheduler(settings: Settings) -> None:
    """Tick until SIGTERM or Ctrl-C; a running spider is asked to end cleanly first."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    clock = BackgroundScheduler(timezone=UTC)
    for act in (_open_and_crawl, _do_due, _send_notices):
        clock.add_job(
            act, "interval", [settings], seconds=TICK_SECONDS, coalesce=True, misfire_grace_time=None, max_instances=1,
            next_run_time=datetime.now(UTC),
        )  # fmt: skip
    clock.start()
    log.info("scheduler started, process %d", os.getpid())
    ended.wait()
    clock.shutdown(wait=False)


def open_due_runs(settings: Settings, now: datetime) -> list[CampaignRun]:
    """Open a run for each due time that has come; opening is unique, so a second clock opens nothing twice."""
    opened = []
    for campaign in Campaign.objects.filter(enabled=True, one_off=False):
        try:
            spec = read_plan(campaign.spec, settings=settings)
        except InputError as error:
            log.error("campaign %s: %s", campaign.slug, error)
            continue
        for moment in due_times(spec, campaign.last_due or campaign.created_at, now):
            run, made = open_run(campaign, moment, actor=MACHINE_ACTOR, now=now)
            if made:
                opened.append(run)
    return opened


def due_times(spec: CampaignSpec, last: datetime, now: datetime) -> list[datetime]:
    """The starts after ``last`` up to ``now`` that are to be made, by the campaign's catch-up policy.

    ``skip``: only one that is due this very minute; ``once``: the latest missed; ``all``: each of them.
    """
    missed = [moment for moment in _starts(spec, last, now) if _is_in_force(spec, moment)]
    if spec.catch_up is CatchUp.ALL:
        return missed
    if spec.catch_up is CatchUp.SKIP:
        return [moment for moment in missed[-1:] if now - moment < timedelta(minutes=1)]
    return missed[-1:]


def _starts(spec: CampaignSpec, last: datetime, now: datetime) -> Iterator[datetime]:
    if spec.schedule is None:
        return
    trigger = CronTrigger.from_crontab(_named_weekdays(spec.schedule.cron), timezone=ZoneInfo(spec.schedule.zone))
    moment = trigger.get_next_fire_time(None, last + timedelta(seconds=1))
    for _ in range(_MOST_CAUGHT_UP):
        if moment is None or moment > now:
            return
        yield moment.astimezone(UTC)
        moment = trigger.get_next_fire_time(moment, moment + timedelta(seconds=1))


def _named_weekdays(cron: str) -> str:
    """APScheduler counts weekdays from Monday, cron from Sunday; a list of names means the same to both.

    Ranges and steps are written out, since they too would count from Monday (``0-2`` not at all).
    """
    *others, weekday = cron.split()
    days = sorted({day % 7 for part in weekday.lower().split(",") for day in _weekdays(part)})
    return " ".join([*others, "*" if len(days) == len(_WEEKDAYS) else ",".join(_WEEKDAYS[day] for day in days)])


def _weekdays(part: str) -> range:
    """The days that one part of cron's weekday field names, Sunday being 0 and also 7."""
    bounds, _, step = part.partition("/")
    low, _, high = bounds.partition("-")
    first = 0 if low == "*" else _weekday(low)
    last = _weekday(high) if high else 6 if step or low == "*" else first
    return range(first, last + 1, int(step or 1))


def _weekday(word: str) -> int:
    return int(word) if word.isdecimal() else _WEEKDAYS.index(word)


def _is_in_force(spec: CampaignSpec, moment: datetime) -> bool:
    day = moment.date()
    return (spec.valid_from is None or spec.valid_from <= day) and (spec.valid_until is None or day <= spec.valid_until)


def _open_and_crawl(settings: Settings) -> None:
    close_old_connections()
    now = datetime.now(UTC)
    open_due_runs(settings, now)
    abandoned = Q(state=RunState.RUNNING, lease_until__lt=now)
    waiting = CampaignRun.objects.filter(Q(state=RunState.DUE) | abandoned, campaign__slug__regex=r"^[^_]")
    for run in waiting.order_by("scheduled_for"):
        try:
            ended = crawl_run(run.pk, settings, log.debug)
            log.info("run %d %s: %d pages", run.pk, ended.state, ended.progress.pages)
        except StaleState:
            log.info("run %d is in other hands", run.pk)
        except InfringeWatchError as error:
            log.error("run %d: %s", run.pk, error)


def send_notices(settings: Settings, now: datetime, *, progress: Progress | None = None) -> list[Outcome]:
    """Send what is queued for a channel that sends by itself; first, what a dead process had in hand is uncertain."""
    dead = dead_owners(Notice.objects.filter(state=NoticeState.SENDING).values_list("owner", flat=True))
    for notice in mark_interrupted(dead, now):
        log.warning("notice %d: nobody knows whether it went out; a person must say so", notice.pk)
    return send_due(open_channels(settings), Vault(settings.vault_dir), new_owner(), now, progress=progress)


def _send_notices(settings: Settings) -> None:
    close_old_connections()
    try:
        for outcome in send_notices(settings, datetime.now(UTC)):
            log.info("notice %d: %s %s", outcome.notice, outcome.how, outcome.detail)
    except InfringeWatchError as error:  # the next tick tries again
        log.error("notices could not be sent: %s", error)


def _do_due(settings: Settings) -> None:
    close_old_connections()
    try:
        run_due(settings, log.info)
    except InfringeWatchError as error:  # the next tick tries again
        log.error("what is due could not be done: %s", error)
