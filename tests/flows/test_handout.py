from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from infringewatch.actions.audit import Actor, iter_faults
from infringewatch.errors import EvidenceError
from infringewatch.evidence.seal import seal_files, seal_page
from infringewatch.evidence.vault import Vault
from infringewatch.flows.handout import export_hit, find_bundles, verify_hit
from infringewatch.model import CapturedFile, Sealed
from infringewatch.store.models import (
    Bundle,
    Campaign,
    CampaignRun,
    CaptureRequest,
    Hit,
    Right,
    Sighting,
    Tenant,
    WatchList,
)
from tests.evidence.samples import NOW, PROVENANCE, make_capture, make_page

pytestmark = pytest.mark.django_db
MEI = Actor("mei")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def make_hit(number: int) -> Hit:
    tenant = Tenant.objects.create(name=f"tenant {number}", created_at=NOW)
    lists = WatchList.objects.create(tenant=tenant, name="marks")
    right = Right.objects.create(
        tenant=tenant, watch_list=lists, registration_no="TM-1", kind="trademark", name="山岚", data={}
    )
    campaign = Campaign.objects.create(slug=f"c{number}", title="spring", spec={}, created_at=NOW)
    run = CampaignRun.objects.create(campaign=campaign, scheduled_for=NOW, spec={})
    common: dict[str, Any] = {"score": 0.9, "level": "strong", "finding": {"spans": []}, "item": {"title": "高仿山岚"}}
    return Hit.objects.create(
        tenant=tenant, right=right, canonical_url="http://shop.test/item/1", url_hash=f"{number:064}", kind="listing",
        measure="27", queue="counterfeit", rule="m27@1", match_score=1.0, first_seen=NOW, last_seen=NOW,
        first_run=run, **common,
    )  # fmt: skip


def keep(sealed: Sealed, kind: str) -> Bundle:
    return Bundle.objects.create(digest=sealed.bundle, kind=kind, url="", sealed_at=sealed.sealed_at, size=sealed.size)


@pytest.fixture
def hit(vault: Vault) -> Hit:
    """A hit seen once, with a later screenshot; another hit has evidence of its own."""
    mine, other = make_hit(1), make_hit(2)
    for each, body in ((mine, b"mine"), (other, b"other")):
        page = make_page(make_capture(body=body))
        sealed = seal_page(vault, page, documents={"item.json": b"{}"}, provenance=PROVENANCE, now=NOW)
        Sighting.objects.create(
            hit=each, run=each.first_run, url=page.url, url_hash=each.url_hash, seen_at=NOW, score=0.9, level="strong",
            finding={}, item={}, bundle=keep(sealed, "page"),
        )  # fmt: skip
    look = make_page(files=(CapturedFile("screen.png", "image/png", b"picture"),))
    later = seal_files(vault, look, hit="TM-1", provenance=PROVENANCE, now=NOW + timedelta(hours=1))
    CaptureRequest.objects.create(
        hit=mine, url="", reason="new hit", requested_at=NOW, state="done", bundle=keep(later, "screenshot")
    )
    return mine


def test_a_hit_has_its_pages_and_pictures_oldest_first(hit: Hit) -> None:
    assert [Bundle.objects.get(pk=bundle).kind for bundle in find_bundles(hit)] == ["page", "screenshot"]


def test_every_bundle_of_the_hit_is_verified(hit: Hit, vault: Vault) -> None:
    assert [report.ok for report in verify_hit(hit, vault)] == [True, True]


def test_the_package_tells_the_hit_as_it_stands(hit: Hit, vault: Vault, tmp_path: Path) -> None:
    export_hit(hit, tmp_path / "hit.zip", vault=vault, actor=MEI, now=NOW)
    with ZipFile(tmp_path / "hit.zip") as archive:
        told = json.loads(archive.read("hit.json"))
    assert (told["right"]["name"], told["item"]["title"]) == ("山岚", "高仿山岚")
    assert [row["bundle"] for row in told["sightings"]] == find_bundles(hit)[:1]


def test_handing_out_is_a_row_of_the_audit_log(hit: Hit, vault: Vault, tmp_path: Path) -> None:
    export_hit(hit, tmp_path / "hit.zip", vault=vault, actor=MEI, now=NOW)
    assert list(iter_faults()) == []


def test_a_later_package_tells_of_the_earlier_one(hit: Hit, vault: Vault, tmp_path: Path) -> None:
    first = export_hit(hit, tmp_path / "hit.zip", vault=vault, actor=MEI, now=NOW + timedelta(days=1))
    export_hit(hit, tmp_path / "hit.zip", vault=vault, actor=MEI, now=NOW + timedelta(days=2))
    with ZipFile(tmp_path / "hit.zip") as archive:
        events = [json.loads(line) for line in archive.read("custody.jsonl").splitlines()]
    assert [event["details"].get("zip_sha256") for event in events[-2:]] == [first, None]


def test_a_hit_with_damaged_evidence_is_not_handed_out(hit: Hit, vault: Vault, tmp_path: Path) -> None:
    path = vault.path_of(find_bundles(hit)[0], "bundles")
    path.chmod(0o644)
    path.write_bytes(b"{}")
    with pytest.raises(EvidenceError):
        export_hit(hit, tmp_path / "hit.zip", vault=vault, actor=MEI, now=NOW)
    assert not (tmp_path / "hit.zip").exists()
