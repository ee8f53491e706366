from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.due import claim_rechecks, plan_rechecks
from infringewatch.actions.people import ensure_tenant
from infringewatch.flows.intake import Target, _end_rechecks
from infringewatch.model import Outcome, PageResult
from infringewatch.store.models import Recheck, Right, WatchList
from tests.actions.conftest import make_hit

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://shop.example/1"


@pytest.mark.django_db
def test_one_page_answers_every_recheck_of_its_address() -> None:
    tenant = ensure_tenant("holder", NOW)
    marks = WatchList.objects.create(tenant=tenant, name="marks")
    for number in ("T-1", "T-2"):
        right = Right.objects.create(tenant=tenant, watch_list=marks, registration_no=number, kind="trademark", data={})
        plan_rechecks(make_hit(right, canonical_url=URL), [0], "test", actor=MACHINE_ACTOR, now=NOW)
    rows = claim_rechecks("me", NOW)
    run: Any = SimpleNamespace(owner="me", rechecks=tuple(Target(r.pk, r.hit_id, URL) for r in rows))
    _end_rechecks(run, [PageResult("1", URL, URL, Outcome.OK, NOW)], NOW)
    assert list(Recheck.objects.values_list("state", flat=True)) == ["done", "done"]
