"""The whole journey of what a crawler brings: judged, sealed, recorded. Crawlers call nothing else of the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from django.db import connection

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import claim_run, end_run, note_rules_version, renew_run
from infringewatch.actions.campaigns import open_run as open_run_row
from infringewatch.actions.crawl import item_url, record_pages
from infringewatch.actions.due import (
    claim_captures,
    claim_rechecks,
    end_recheck,
    record_capture,
    release_captures,
    release_rechecks,
)
from infringewatch.actions.records import Judged
from infringewatch.compiling import compile_watchlist
from infringewatch.errors import NotFound
from infringewatch.evidence.canonical import canonical_json
from infringewatch.evidence.manifest import Provenance
from infringewatch.evidence.seal import seal_files, stage_page
from infringewatch.evidence.vault import Vault
from infringewatch.faultpoints import fault_point
from infringewatch.flows.enrol import OWN_LIST
from infringewatch.flows.library import sync_library, work_key
from infringewatch.flows.plans import CAPTURES, RECHECKS, profiles_of, read_plan, store_campaign_file
from infringewatch.hosts import holds
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import Compiled, screen_many
from infringewatch.model import Finding, Item, ItemKind, PageResult, Right, RunState, Sealed
from infringewatch.normalise import canonical_url, storable_text
from infringewatch.ruleset import CampaignSpec, SiteProfile, load_ruleset
from infringewatch.settings import Settings
from infringewatch.store.models import CampaignRun, ListVersion, Visit, WatchList
from infringewatch.store.rights import load_rights

_TEXT_FIELDS = tuple(spec.name for spec in fields(Item) if spec.type == "str")
_texts_of = attrgetter(*_TEXT_FIELDS)
_MOST_TERMS = 200
_AGENT = b"user-agent"
SUPERVISION = "36"
"""The measure under which a supervised supplier's works stand."""


@dataclass(frozen=True, slots=True)
class Target:
    """A hit's page that is to be looked at: ``id`` is the recheck's or the capture request's."""

    id: int
    hit: int
    url: str


@dataclass(frozen=True, slots=True, eq=False)
class TenantRights:
    """One tenant's rights as a run judges with them. ``keys`` and ``rights`` are by registration number."""

    tenant_id: int
    compiled: Compiled
    keys: Mapping[str, int]
    rights: Mapping[str, Right]


@dataclass(frozen=True, slots=True, eq=False)
class OpenRun:
    """A run as a crawler process sees it, and what taking its pages in needs."""

    id: int
    owner: str
    spec: CampaignSpec
    profiles: tuple[SiteProfile, ...]
    terms: tuple[str, ...]
    rechecks: tuple[Target, ...]
    captures: tuple[Target, ...]
    tenants: tuple[TenantRights, ...]
    context: Context
    vault: Vault
    provenance: Provenance

    def supervises(self, url: str) -> bool:
        """Whether works found here fall under measure 36: a supervised site, in a run whose campaign names no measure
        of its own."""
        return not self.spec.measure and any(
            profile.supervised and any(holds(host, url) for host in profile.hosts) for profile in self.profiles
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a batch. ``hits`` counts sightings, ``new_hits`` those never seen before."""

    observed: int
    hits: int
    new_hits: int


@dataclass(frozen=True, slots=True)
class _Match:
    page: PageResult
    item: Item
    finding: Finding
    tenant: TenantRights


def open_campaign_run(name: str, *, settings: Settings) -> OpenRun:
    """Open and claim a run of the campaign ``name`` now, for a spider that was started by hand."""
    now = datetime.now(UTC)
    campaign = store_campaign_file(name, settings=settings, actor=MACHINE_ACTOR, now=now)
    row, _ = open_run_row(campaign, now, actor=MACHINE_ACTOR, now=now)
    claim_run(row.pk, f"spider run {row.pk}", now)
    return open_run(row.pk, settings=settings)


def open_run(run_id: int, *, settings: Settings) -> OpenRun:
    """Everything a crawler process needs for a run that has been claimed. Raises NotFound, RuleError, CampaignError."""
    row = CampaignRun.objects.select_related("campaign").filter(pk=run_id).first()
    if row is None:
        raise NotFound(f"there is no run {run_id}")
    now = datetime.now(UTC)
    ruleset = load_ruleset(settings.rules_dir)
    spec = read_plan(row.spec, settings=settings)
    internal = row.campaign.slug in (RECHECKS, CAPTURES)
    lists = _lists_of(spec)
    tenants = _compile_tenants(lists, settings)
    run = OpenRun(
        id=row.pk,
        owner=row.owner,
        spec=spec,
        profiles=tuple(ruleset.sites.values()) if internal else profiles_of(spec, ruleset),
        terms=tuple(right.name for tenant in tenants for right in tenant.compiled.rights)[:_MOST_TERMS],
        rechecks=_due_rechecks(row, now) if row.campaign.slug == RECHECKS else (),
        captures=_due_captures(row, now) if row.campaign.slug == CAPTURES else (),
        tenants=tenants,
        context=Context(ruleset, spec.measure or None, _day_of(row)),
        vault=Vault(settings.vault_dir),
        provenance=_provenance(row, ruleset.version, lists),
    )
    note_rules_version(row.pk, ruleset.version)
    return run


def take_in(run: OpenRun, pages: Sequence[PageResult]) -> Taken:
    """Judge, seal and record a batch of fetched pages. Raises StopRun where evidence cannot be written.

    Safe to repeat after a kill at any point: pages that are recorded already change nothing.
    """
    now = datetime.now(UTC)
    pages = [_storable(page) for page in pages]
    judged = _seal(run, list(_screen(run, pages)), now)
    fault_point("after_seal")
    recorded = record_pages(run.id, pages, judged, now, owner=run.owner)
    if run.rechecks:
        _end_rechecks(run, pages, now)
    fault_point("after_record")
    return Taken(recorded.observed, recorded.sightings, len(recorded.new_hits))


def take_capture(run: OpenRun, target: Target, page: PageResult) -> bool:
    """Seal a second look at a hit's page and link it; what could not be made is recorded as such."""
    now = datetime.now(UTC)
    renew_run(run.id, run.owner, now)
    sealed = (
        seal_files(run.vault, page, hit=str(target.hit), provenance=_told_by(run, page), now=now)
        if page.files
        else None
    )
    return record_capture(target.id, run.owner, page.outcome, sealed, now, detail=page.reason)


def close_run(run: OpenRun, state: RunState, reason: str) -> None:
    """End the run for its owner; what was claimed and not done falls due again. May be called twice."""
    now = datetime.now(UTC)
    release_rechecks(run.owner)
    release_captures(run.owner)
    end_run(run.id, run.owner, state, now, reason=reason, totals=_totals(run.id))
    connection.close()


def _screen(run: OpenRun, pages: Sequence[PageResult]) -> Iterator[_Match]:
    supervised = [page for page in pages if run.supervises(page.url)]
    others = [page for page in pages if not run.supervises(page.url)]
    yield from _screen_in(run, supervised, replace(run.context, measure=SUPERVISION))
    yield from _screen_in(run, others, run.context)


def _screen_in(run: OpenRun, pages: Sequence[PageResult], context: Context) -> Iterator[_Match]:
    owners = [(page, item) for page in pages for item in page.items]
    items = [item for _, item in owners]
    for tenant in run.tenants if items else ():
        for (page, item), findings in zip(owners, screen_many(items, tenant.compiled, context), strict=True):
            for finding in findings:
                yield _Match(page, item, finding, tenant)


def _seal(run: OpenRun, matches: Sequence[_Match], now: datetime) -> list[Judged]:
    """One bundle for each page that gave a finding, all written before any is recorded."""
    by_page: dict[str, list[_Match]] = {}
    for match in matches:
        by_page.setdefault(match.page.job, []).append(match)
    judged: list[Judged] = []
    if not by_page:
        return judged
    with run.vault.batch() as batch:
        for group in by_page.values():
            sealed = stage_page(
                batch, group[0].page, documents=_documents(group), provenance=_told_by(run, group[0].page), now=now
            )
            judged += [_judged(match, sealed) for match in group]
    return judged


def _documents(group: Sequence[_Match]) -> dict[str, bytes]:
    items = {match.item.id: match.item.to_record() for match in group}
    return {
        "item.json": canonical_json(list(items.values())),
        "findings.json": canonical_json([match.finding.to_record() for match in group]),
    }


def _judged(match: _Match, sealed: Sealed) -> Judged:
    url = item_url(match.item, match.page)
    parent = match.item.parent_url if match.item.kind is ItemKind.CHAPTER else ""
    right = match.finding.right
    return Judged(
        right_id=match.tenant.keys[right],
        tenant_id=match.tenant.tenant_id,
        item=match.item,
        finding=match.finding,
        sealed=sealed,
        url=url,
        hit_url=canonical_url(parent) if parent else url,
        reference_price=match.tenant.rights[right].reference_price,
    )


def _end_rechecks(run: OpenRun, pages: Sequence[PageResult], now: datetime) -> None:
    """One page answers all rechecks of its address: several rights may have a hit there, each on several days."""
    targets: dict[str, list[Target]] = {}
    for target in run.rechecks:
        targets.setdefault(target.url, []).append(target)
    for page in pages:
        for target in targets.get(page.url, ()):
            end_recheck(target.id, run.owner, page.outcome, now, detail=page.reason)


def _storable(page: PageResult) -> PageResult:
    return replace(page, items=tuple(map(_storable_item, page.items)), reason=storable_text(page.reason))


def _storable_item(item: Item) -> Item:
    """The item as every database and file takes it; nearly every one does as it is, which one look shows."""
    joined = "".join(_texts_of(item))
    if storable_text(joined) == joined:
        return item
    clean: dict[str, Any] = {name: storable_text(getattr(item, name)) for name in _TEXT_FIELDS}
    return replace(item, **clean)


def _compile_tenants(lists: Sequence[int], settings: Settings) -> tuple[TenantRights, ...]:
    prints = sync_library(settings)
    by_tenant: dict[int, list[tuple[int, Right]]] = {}
    for row, right in load_rights(lists, settings.library_dir):
        by_tenant.setdefault(row.tenant_id, []).append((row.pk, right))
    return tuple(
        TenantRights(
            tenant_id,
            compile_watchlist(
                [right for _, right in pairs],
                cache_dir=settings.cache_dir,
                library={work_key(tenant_id, r.registration_no): r for _, r in pairs if r.text_path is not None},
                prints=prints,
            ),
            {right.registration_no: key for key, right in pairs},
            {right.registration_no: right for _, right in pairs},
        )
        for tenant_id, pairs in sorted(by_tenant.items())
    )


def _lists_of(spec: CampaignSpec) -> list[int]:
    """The lists a campaign names, by name and (where given) tenant, with the works that their holders registered
    singly; all lists where it names none."""
    if not spec.watchlists:
        return list(WatchList.objects.values_list("pk", flat=True))
    found: list[int] = []
    for ref in spec.watchlists:
        lists = WatchList.objects.filter(name=ref.name)
        keys = list((lists.filter(tenant__name=ref.holder) if ref.holder else lists).values_list("pk", flat=True))
        if not keys:
            raise NotFound(
                f"campaign {spec.id}: there is no watch list “{ref.name}” {f'of {ref.holder}' * bool(ref.holder)}"
            )
        found += keys
    holders = WatchList.objects.filter(pk__in=found).values("tenant")
    singly = WatchList.objects.filter(tenant__in=holders, name__startswith=OWN_LIST).exclude(pk__in=found)
    return [*found, *singly.values_list("pk", flat=True)]


def _due_rechecks(row: CampaignRun, now: datetime) -> tuple[Target, ...]:
    return tuple(Target(r.pk, r.hit_id, r.hit.canonical_url) for r in claim_rechecks(row.owner, now))


def _due_captures(row: CampaignRun, now: datetime) -> tuple[Target, ...]:
    return tuple(Target(c.pk, c.hit_id, c.url) for c in claim_captures(row.owner, now))


def _day_of(row: CampaignRun) -> date:
    return (row.started_at or row.scheduled_for).date()


def _provenance(row: CampaignRun, rules_version: str, lists: Sequence[int]) -> Provenance:
    return Provenance(
        captured_by="InfringeWatch crawlers",
        rules_version=rules_version,
        campaign=row.campaign.slug,
        run=str(row.pk),
        watchlists=_versions_of(lists),
    )


def _versions_of(lists: Sequence[int]) -> dict[str, str]:
    """The lists that a run judges with: tenant and name -> the version in force and the SHA-256 of its file."""
    versions = ListVersion.objects.filter(watch_list_id__in=lists).select_related("watch_list__tenant")
    return {
        f"{one.watch_list.tenant.name}/{one.watch_list.name}": f"version {one.number}, sha256 {one.sha256}"
        for one in versions.order_by("number")
    }


def _told_by(run: OpenRun, page: PageResult) -> Provenance:
    """The run's provenance, with the user agent that this page was asked for with."""
    sent = (value for capture in page.captures for name, value in capture.request_headers if name.lower() == _AGENT)
    return replace(run.provenance, user_agent=next(sent, b"").decode("latin-1"))


def _totals(run_id: int) -> dict[str, int]:
    outcomes = Visit.objects.filter(run_id=run_id).values_list("outcome", flat=True)
    totals: dict[str, int] = {}
    for outcome in outcomes:
        totals[outcome] = totals.get(outcome, 0) + 1
    return totals
