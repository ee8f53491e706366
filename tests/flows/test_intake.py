"""Taking pages in: what their evidence says of where it came from, and whose run it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import claim_run, open_run, save_campaign
from infringewatch.errors import StaleState
from infringewatch.evidence.manifest import read_manifest
from infringewatch.flows import intake
from infringewatch.flows.enrol import enrol
from infringewatch.flows.intake import OpenRun
from infringewatch.model import Capture, Item, ItemKind, Outcome, PageResult
from infringewatch.settings import Settings, read_settings
from infringewatch.store.models import CampaignRun, Hit, Observation, Sighting, Visit

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(read_settings({}), home=tmp_path / "home")


@pytest.fixture
def run(tmp_path: Path, settings: Settings) -> OpenRun:
    path = tmp_path / "marks.csv"
    for name in ("Old", "Velmora"):  # the second makes a second version
        path.write_text(f"kind,name,registration_no\ntrademark,{name},T-1\n")
        enrol(path, tenant_name="V", list_name="spring", settings=settings, actor=MACHINE_ACTOR, now=NOW)
    plan = {"id": "c", "title": "C", "profiles": [{"name": "s", "hosts": ["s.test"], "start": ["http://s.test/"]}]}
    campaign = save_campaign("c", "C", {"text": yaml.safe_dump(plan), "file": "c"}, actor=MACHINE_ACTOR, now=NOW)
    row, _ = open_run(campaign, NOW, actor=MACHINE_ACTOR, now=NOW)
    claim_run(row.pk, "spider", NOW)
    return intake.open_run(row.pk, settings=settings)


def make_page(number: int = 1, title: str = "高仿 Velmora 手袋", items: int = 1) -> PageResult:
    url = f"http://s.test/{number}"
    headers = ((b"User-Agent", b"InfringeWatch/1.0 (+desk@watch.example)"),)
    exchange = Capture(url, NOW, NOW, "GET", headers, 200, "HTTP/1.1", (), b"<html>")
    made = tuple(
        Item(f"{number}-{place}", ItemKind.LISTING, f"{url}/{place}", title=title, seller="Lan")
        for place in range(items)
    )
    return PageResult(str(number), url, url, Outcome.OK, NOW, status=200, captures=(exchange,), items=made)


def test_evidence_names_the_user_agent_and_the_versions_of_the_lists(run: OpenRun) -> None:
    intake.take_in(run, [make_page()])
    told = read_manifest(run.vault, Sighting.objects.get().bundle_id).provenance
    assert told.user_agent == "InfringeWatch/1.0 (+desk@watch.example)"
    assert list(told.watchlists) == ["V/spring"]
    assert told.watchlists["V/spring"].startswith("version 2, sha256 ")


def test_a_run_that_was_taken_over_records_nothing(run: OpenRun) -> None:
    CampaignRun.objects.update(owner="another")
    with pytest.raises(StaleState):
        intake.take_in(run, [make_page()])
    assert not (Visit.objects.exists() or Hit.objects.exists() or Observation.objects.exists())


def test_taking_pages_in_renews_the_lease(run: OpenRun) -> None:
    CampaignRun.objects.update(lease_until=NOW - timedelta(minutes=1))
    intake.take_in(run, [make_page()])
    lease = CampaignRun.objects.get().lease_until
    assert lease is not None and lease > NOW


def test_the_same_pages_twice_change_nothing(run: OpenRun) -> None:
    first = intake.take_in(run, [make_page(items=3), make_page(2, "plain bag")])
    again = intake.take_in(run, [make_page(items=3), make_page(2, "plain bag")])
    assert (first.observed, first.new_hits, again.observed, again.hits) == (4, 3, 0, 0)
    assert (Visit.objects.count(), Observation.objects.count()) == (2, 4)
    assert set(Hit.objects.values_list("revision", flat=True)) == {1}


def test_an_item_is_kept_as_it_was_last_seen(run: OpenRun) -> None:
    intake.take_in(run, [make_page()])
    later = replace(make_page(title="Velmora \x00 bag"), job="2", fetched_at=NOW + timedelta(hours=1))
    intake.take_in(run, [later])
    seen = Observation.objects.get()
    assert (seen.fields["title"], seen.first_seen, seen.last_seen) == ("Velmora \ufffd bag", NOW, later.fetched_at)


def test_a_page_costs_no_more_queries_than_its_neighbours(run: OpenRun, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        intake.take_in(run, [make_page(number, "plain bag", items=9) for number in range(30)])
