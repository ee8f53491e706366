from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from infringewatch.frontier import Ending, NewJob, Progress, SqliteFrontier
from infringewatch.frontier.jobs import JobState
from infringewatch.model import Role
from infringewatch.settings import get_settings
from infringewatch.store.models import AuditEntry, Campaign, CampaignRun, User, Visit
from tests.web.conftest import NOW, Add, add_person

PLAN = """id: spring
title: Spring campaign
measure: "27"
profiles:
  - {name: shop, hosts: [shop.test], start: ["https://shop.test/"]}
schedule: {cron: "30 2 * * *"}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


@pytest.fixture
def operator(db: None, log_in: Callable[[User], Client]) -> Client:
    return log_in(add_person("wang", Role.OPERATOR))


@pytest.fixture
def spring(db: None) -> Campaign:
    return Campaign.objects.create(slug="spring", title="Spring", spec={"text": PLAN, "file": "f"}, created_at=NOW)


def test_a_run_shows_its_pages_items_and_new_hits(page: Client, add_hit: Add) -> None:
    add_hit()
    run = CampaignRun.objects.get()
    for job in "ab":
        Visit.objects.create(run=run, job=job, canonical_url="", host="", outcome="ok", fetched_at=NOW, items=3)
    row = page.get("/campaigns").context["runs"][0]
    assert (row["pages"], row["items"], row["hits"]) == (2, 6, 1)


def test_a_running_run_asks_again_by_itself(page: Client, add_hit: Add) -> None:
    add_hit()
    CampaignRun.objects.update(state="running")
    assert 'hx-trigger="every 3s"' in page.get("/campaigns").content.decode()


def test_a_campaign_shows_what_its_plan_says(page: Client, spring: Campaign) -> None:
    text = page.get("/campaigns").content.decode()
    assert "30 2 * * *" in text and "Asia/Shanghai" in text and "shop.test" in text
    assert "title: Spring campaign" in page.get(f"/campaigns/{spring.pk}").content.decode()


def test_a_plan_that_cannot_be_read_any_more_is_said(page: Client, spring: Campaign) -> None:
    Campaign.objects.update(spec={"text": "nonsense: 1", "file": "f"})
    assert "cannot be read" in page.get("/campaigns").content.decode()


def test_the_installations_own_errands_are_not_shown(page: Client, db: None) -> None:
    own = Campaign.objects.create(slug="_captures", title="Screenshots", spec={"internal": "_captures"}, created_at=NOW)
    run = CampaignRun.objects.create(campaign=own, scheduled_for=NOW, spec=own.spec)
    assert "Screenshots" not in page.get("/campaigns").content.decode()
    assert page.get(f"/runs/{run.pk}").status_code == page.get(f"/campaigns/{own.pk}").status_code == 404


def test_a_report_names_ends_reasons_and_hosts(page: Client, add_hit: Add, home: Path) -> None:
    add_hit()
    run = CampaignRun.objects.get()
    frontier = SqliteFrontier(home / "frontier.sqlite3")
    frontier.add(run.pk, [NewJob(f"https://shop.test/{n}") for n in range(3)])
    first, second = frontier.claim(run.pk, "me", 2, 60)
    frontier.finish_many("me", [
        Ending(first, JobState.DONE, outcome="ok"),
        Ending(second, JobState.REFUSED, outcome="refused", reason="forbidden by robots.txt"),
    ])  # fmt: skip
    frontier.note_progress(run.pk, "me", Progress(pages=2, rate=0.5))
    frontier.close()
    report = page.get(f"/runs/{run.pk}").context["report"]
    assert {(line.outcome, line.reason, line.count) for line in report.ends} == {
        ("ok", "", 1),
        ("refused", "forbidden by robots.txt", 1),
    }
    assert (report.waiting, report.seconds_left, report.hits, report.levels) == (1, 2, 1, [("strong", 1)])
    assert [(line.host, line.open) for line in report.hosts] == [("shop.test", 1)]


def test_a_moving_run_is_shown_live_and_an_ended_one_stands_still(page: Client, spring: Campaign) -> None:
    run = CampaignRun.objects.create(campaign=spring, scheduled_for=NOW, spec=spring.spec, state="running")
    assert 'hx-trigger="every 2s"' in page.get(f"/runs/{run.pk}").content.decode()
    CampaignRun.objects.update(state="finished")
    assert "hx-trigger" not in page.get(f"/runs/{run.pk}", headers={"HX-Target": "run"}).content.decode()


def test_an_operator_begins_stops_and_goes_on(operator: Client, spring: Campaign) -> None:
    operator.post(f"/campaigns/{spring.pk}/run")
    run = CampaignRun.objects.get()
    assert run.state == "due"
    assert operator.post(f"/campaigns/{spring.pk}/run").status_code == 409
    for act, state in (("stop", "interrupted"), ("go-on", "due")):
        operator.post(f"/runs/{run.pk}/{act}")
        run.refresh_from_db()
        assert run.state == state
    assert AuditEntry.objects.filter(action__in=("run.opened", "run.stop_asked", "run.taken_up")).count() == 3


def test_a_campaign_is_switched_off_and_on(operator: Client, spring: Campaign) -> None:
    for on, enabled in (("no", False), ("yes", True)):
        operator.post(f"/campaigns/{spring.pk}/switch", {"on": on})
        spring.refresh_from_db()
        assert spring.enabled is enabled


def test_nobody_but_an_operator_moves_campaigns(page: Client, spring: Campaign) -> None:
    run = CampaignRun.objects.create(campaign=spring, scheduled_for=NOW, spec=spring.spec)
    for path in (f"/campaigns/{spring.pk}/run", f"/campaigns/{spring.pk}/switch", "/campaigns/new"):
        assert page.post(path, {"text": PLAN}).status_code == 403, path
    for path in (f"/runs/{run.pk}/stop", f"/runs/{run.pk}/go-on", f"/campaigns/{spring.pk}/plan"):
        assert page.post(path, {"text": PLAN}).status_code == 403, path
    assert "Run now" not in page.get("/campaigns").content.decode()


def test_a_rights_holder_sees_the_campaigns_of_its_own_tenant_only(
    spring: Campaign, log_in: Callable[[User], Client]
) -> None:
    run = CampaignRun.objects.create(campaign=spring, scheduled_for=NOW, spec=spring.spec)
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    assert page.get(f"/runs/{run.pk}").status_code == page.get(f"/campaigns/{spring.pk}").status_code == 404


def test_mistakes_of_a_plan_are_named_by_line_and_nothing_is_stored(operator: Client, db: None) -> None:
    answer = operator.post("/campaigns/new", {"text": PLAN.replace('measure: "27"', "mesure: 27")})
    assert answer.status_code == 400 and not Campaign.objects.exists()
    assert [(fault.line, fault.field) for fault in answer.context["faults"]] == [(3, "mesure")]
    assert "mesure: 27" in answer.content.decode()


def test_a_good_plan_is_stored_and_can_be_changed(operator: Client, db: None) -> None:
    operator.post("/campaigns/new", {"text": PLAN})
    one = Campaign.objects.get()
    operator.post(f"/campaigns/{one.pk}/plan", {"text": PLAN.replace("Spring campaign", "Summer")})
    one.refresh_from_db()
    assert (one.slug, one.title) == ("spring", "Summer")


def test_a_plan_keeps_its_id_and_takes_no_others(operator: Client, spring: Campaign) -> None:
    renamed = PLAN.replace("id: spring", "id: summer")
    assert "stays: spring" in operator.post(f"/campaigns/{spring.pk}/plan", {"text": renamed}).content.decode()
    assert "the id spring is taken" in operator.post("/campaigns/new", {"text": PLAN}).content.decode()
    own = PLAN.replace("id: spring", "id: _captures")
    assert operator.post("/campaigns/new", {"text": own}).status_code == 400


def test_a_profile_that_does_not_exist_is_named(operator: Client, db: None) -> None:
    text = PLAN.split("profiles:")[0] + "sites: [nowhere]\n"
    assert "there is no site profile nowhere" in operator.post("/campaigns/new", {"text": text}).content.decode()
