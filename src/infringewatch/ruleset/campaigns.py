"""Campaigns: which sites are watched for whose rights, under which measure, how often and within which budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infringewatch.model import MEASURES
from infringewatch.ruleset.cron import is_cron
from infringewatch.ruleset.law import read_period
from infringewatch.ruleset.sites import SiteProfile, read_inline_profiles
from infringewatch.ruleset.tables import Table


class CatchUp(StrEnum):
    """What is done about starts that were missed while nothing ran."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Five fields of cron (Sunday is 0 or 7), read in ``zone`` (an IANA name)."""

    cron: str
    zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Budgets:
    """How much one run may take at most; 0 means "no limit of this kind"."""

    pages: int = 0
    seconds: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class WatchListRef:
    """A watch list by tenant and name; a name alone is looked for under every tenant that the campaign may see."""

    name: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """One file of ``rules/campaigns``.

    ``measure`` empty: works fall under 28, all other rights under 27. ``sites`` names profiles of
    ``rules/sites``; ``profiles`` are those that stand in the campaign itself. ``watchlists`` empty: every
    list of the installation. ``recheck_days``: how many days after a notice a page is looked at again.
    """

    id: str
    title: str
    measure: str = ""
    version: int = 1
    sites: tuple[str, ...] = ()
    profiles: tuple[SiteProfile, ...] = ()
    watchlists: tuple[WatchListRef, ...] = ()
    schedule: Schedule | None = None
    catch_up: CatchUp = CatchUp.ONCE
    budgets: Budgets = Budgets()
    recheck_days: tuple[int, ...] = (1, 3, 7, 30)
    valid_from: date | None = None
    valid_until: date | None = None
    allow_private: bool = False


def read_campaign(table: Table) -> CampaignSpec:
    start, end = read_period(table)
    names, profiles = _read_sites(table)
    return CampaignSpec(
        id=table.text("id", required=True, pattern=r"[\w.-]+"),
        title=table.text("title", required=True),
        measure=table.word("measure", MEASURES),
        version=table.integer("version", 1, low=1, high=1_000_000),
        sites=names,
        profiles=profiles,
        watchlists=_read_watchlists(table),
        schedule=_read_schedule(table.table("schedule")),
        catch_up=table.choice("catch_up", CatchUp, CatchUp.ONCE),
        budgets=_read_budgets(table.table("budgets")),
        recheck_days=table.integers("recheck_days", (1, 3, 7, 30), low=1, high=3650),
        valid_from=start,
        valid_until=end,
        allow_private=table.flag("allow_private"),
    )


def _read_sites(table: Table) -> tuple[tuple[str, ...], tuple[SiteProfile, ...]]:
    names = () if table.is_list_of_tables("sites") else table.texts("sites")
    profiles = read_inline_profiles(table.tables("sites")) if table.is_list_of_tables("sites") else ()
    profiles += read_inline_profiles(table.tables("profiles"))
    if not names and not profiles:
        table.fault("sites", "at least one site is needed: names of profiles, or profiles under `profiles`")
    return names, profiles


def _read_watchlists(table: Table) -> tuple[WatchListRef, ...]:
    if not table.is_list_of_tables("watchlists"):
        return tuple(WatchListRef(name) for name in table.texts("watchlists"))
    found = []
    for entry in table.tables("watchlists"):
        found.append(WatchListRef(entry.text("name", required=True), entry.text("holder")))
        entry.close()
    return tuple(found)


def _read_schedule(table: Table | None) -> Schedule | None:
    if table is None:
        return None
    schedule = Schedule(table.text("cron", required=True), table.text("zone", "Asia/Shanghai"))
    try:
        ZoneInfo(schedule.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        table.fault("zone", f"{schedule.zone!r} is not a time zone such as Asia/Shanghai")
    if schedule.cron and not is_cron(schedule.cron):
        table.fault("cron", f"{schedule.cron!r} is not a cron line of five fields such as `30 2 * * mon-fri`")
    table.close()
    return schedule


def _read_budgets(table: Table | None) -> Budgets:
    if table is None:
        return Budgets()
    limit = 1 << 50
    budgets = Budgets(*(table.integer(key, low=0, high=limit) for key in ("pages", "seconds", "bytes")))
    table.close()
    return budgets
