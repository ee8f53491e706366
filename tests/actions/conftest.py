"""A right and its hits, as the tests of several actions need them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from infringewatch.actions.people import ensure_tenant
from infringewatch.store.models import Campaign, CampaignRun, Hit, Right, WatchList

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def mark(db: None) -> Right:
    tenant = ensure_tenant("holder", NOW)
    marks = WatchList.objects.create(tenant=tenant, name="marks")
    return Right.objects.create(
        tenant=tenant, watch_list=marks, registration_no="T-1", kind="trademark", name="山岚", data={}
    )


def make_hit(right: Right, **changes: Any) -> Hit:
    campaign, _ = Campaign.objects.get_or_create(slug="c", defaults={"title": "c", "spec": {}, "created_at": NOW})
    run, _ = CampaignRun.objects.get_or_create(campaign=campaign, scheduled_for=NOW, defaults={"spec": {}})
    number = Hit.objects.count()
    values: dict[str, Any] = {
        "canonical_url": f"http://shop.example/official/{number}", "url_hash": f"{number:064}", "host": "shop.example",
        "kind": "listing", "measure": "27", "queue": "counterfeit", "rule": "m27@1", "match_score": 1.0, "score": 0.9,
        "level": "strong", "seller": "Lan Shop", "finding": {}, "item": {}, "first_seen": NOW, "last_seen": NOW,
    }  # fmt: skip
    return Hit.objects.create(tenant=right.tenant, right=right, first_run=run, **values | changes)
