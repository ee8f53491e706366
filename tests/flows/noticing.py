"""A hit that a person decided, with evidence that verifies, and a notice on it: what tests of takedown start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infringewatch.actions.cases import open_case
from infringewatch.actions.people import ensure_tenant
from infringewatch.evidence.seal import seal_page
from infringewatch.evidence.vault import Vault
from infringewatch.flows.describing import BundleReader
from infringewatch.flows.takedown import Filled, draft_notice, queue_notice
from infringewatch.model import BY_HAND, Role
from infringewatch.store.models import Bundle, Decision, Hit, Notice, Right, Sighting, User, WatchList
from tests.actions.conftest import make_hit
from tests.evidence.samples import PROVENANCE, make_capture, make_page
from tests.notices.samples import FILLED

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=20)


def person(name: str = "mei", role: Role = Role.ANALYST) -> User:
    tenant = ensure_tenant("local", NOW)
    return User.objects.get_or_create(username=name, defaults={"tenant": tenant, "role": role})[0]


def make_right(**changes: Any) -> Right:
    tenant = ensure_tenant("holder", NOW)
    marks, _ = WatchList.objects.get_or_create(tenant=tenant, name="marks")
    given: dict[str, Any] = {"registration_no": "T-1", "kind": "trademark", "name": "山岚", "data": {}}
    return Right.objects.create(tenant=tenant, watch_list=marks, **given | changes)


def decided_hit(right: Right, vault: Vault, **changes: Any) -> Hit:
    """An infringing hit with its decision and one sealed page."""
    hit = make_hit(right, state="infringing", **changes)
    seal_for(hit, vault)
    Decision.objects.create(
        hit=hit, user=person(), verdict="infringing", made_at=NOW, state_before="new", machine_score=0.9,
        machine_level="strong", rule="m27@1",
    )  # fmt: skip
    return hit


def seal_for(hit: Hit, vault: Vault) -> str:
    page = make_page(make_capture(hit.canonical_url))
    sealed = seal_page(vault, page, documents={"item.json": b"{}\n"}, provenance=PROVENANCE, now=NOW)
    bundle = Bundle.objects.create(
        digest=sealed.bundle, kind="page", url=hit.canonical_url, sealed_at=NOW, size=sealed.size
    )
    Sighting.objects.create(
        hit=hit, run=hit.first_run, url=hit.canonical_url, url_hash=hit.url_hash, seen_at=NOW, score=0.9,
        level="strong", finding={}, item={}, bundle=bundle,
    )  # fmt: skip
    return sealed.bundle


def drafted(*hits: Hit, regime: str = "CN-EC", channel: str = BY_HAND, fields: dict[str, str] | None = None) -> Notice:
    case = open_case(hits, regime, "a case", person(), NOW)
    return draft_notice(case, Filled(FILLED | (fields or {}), channel=channel), person(), NOW)


def queued(*hits: Hit, vault: Vault, now: datetime = NOW, **options: Any) -> Notice:
    notice = drafted(*hits, **options)
    result = queue_notice(notice, person(), now, BundleReader(vault))
    assert result.faults == ()
    return Notice.objects.get(pk=notice.pk)
