from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from infringewatch.model import Role
from infringewatch.store.models import User
from tests.web.conftest import Add, add_person


def labels(page: Client, typed: str) -> list[str]:
    return [place.label for place in page.get("/palette", {"q": typed}).context["places"]]


def test_an_empty_palette_shows_the_pages(page: Client) -> None:
    assert labels(page, "")[-1] == "Campaigns and runs"


def test_a_number_finds_its_hit_first(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    assert labels(page, f"#{hit.pk}")[0].startswith(f"#{hit.pk} ")


def test_rights_and_sellers_are_found_with_their_hits(page: Client, add_hit: Add) -> None:
    add_hit()
    assert "山岚 TM-1" in labels(page, "山岚")
    assert "好物小店" in labels(page, "好物")


def test_the_search_box_takes_a_number_or_an_address_straight_to_its_hit(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    for typed in (str(hit.pk), hit.canonical_url):
        assert page.get("/find", {"q": typed})["Location"] == f"/hits/{hit.pk}"
    assert page.get("/find", {"q": "山岚", "measure": "28"})["Location"].startswith("/queue/28?q=")


def test_a_stranger_finds_nothing_of_another_tenant(add_hit: Add, log_in: Callable[[User], Client]) -> None:
    hit = add_hit(tenant="holder")
    page = log_in(add_person("other", Role.RIGHTS_HOLDER, "stranger"))
    assert not [label for label in labels(page, "山岚") + labels(page, "好物") if "TM-1" in label or "小店" in label]
    assert labels(page, f"#{hit.pk}") == [f"“#{hit.pk}”"] * 3
