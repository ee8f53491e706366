from __future__ import annotations

from django.test import Client

from infringewatch.store.models import CampaignRun, Visit
from tests.web.conftest import NOW, Add


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
