"""Every address of the web app, asked by somebody of another tenant: nothing of the owner's may show or change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from infringewatch.actions.cases import open_case
from infringewatch.flows.indexing import drain
from infringewatch.model import Role
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.store.models import Campaign, CampaignRun, Case, Hit, Notice, User
from tests.web.conftest import NOW, Add, add_person

TITLE, SELLER = "山岚 隐秘手表", "隐秘小店"
SIGNS = (TITLE.encode(), SELLER.encode(), b"hidden-list", b"Shanlan Ltd")
STATES = "?state=all"


def addresses(hit: Hit, case: Case, notice: Notice, run: CampaignRun) -> Iterator[tuple[str, bool]]:
    """Each pattern with the owner's keys put in, and whether it names one row."""
    known = {
        "hit_id": hit.pk, "case_id": case.pk, "notice_id": notice.pk, "run_id": run.pk, "number": 0,
        "campaign_id": run.campaign_id, "list_id": hit.right.watch_list_id, "sighting_id": 1, "measure": "27", "form": "csv",
    }  # fmt: skip
    resolver = get_resolver()
    for pattern in resolver.url_patterns:
        assert isinstance(pattern, URLPattern) and pattern.name
        names = set(pattern.pattern.converters) | set(pattern.pattern.regex.groupindex)
        assert names <= set(known), f"{pattern.name}: a new kind of key; say here whose it is"
        path = resolver.reverse(pattern.name, **{name: known[name] for name in names})
        yield f"/{path}", bool({name for name in names if name.endswith("_id")})


@pytest.fixture
def owned(add_hit: Add, own_engines: EmbeddedBackend) -> Iterator[list[tuple[str, bool]]]:
    hit = add_hit(TITLE, tenant="holder", seller=SELLER, state="infringing")
    add_hit(TITLE, tenant="holder", seller=SELLER)
    hit.right.watch_list.name = "hidden-list"
    hit.right.watch_list.save()
    Campaign.objects.update(tenant=hit.tenant, title=TITLE)
    analyst = add_person("analyst")
    case = open_case([hit], "CN-EC", TITLE, analyst, NOW)
    notice = Notice.objects.create(
        case=case, regime="CN-EC", channel="by_hand", text=TITLE, text_sha256="0", drafted_by=analyst, drafted_at=NOW
    )
    drain(own_engines)
    yield list(addresses(hit, case, notice, hit.first_run))


def test_a_stranger_is_shown_nothing_of_the_owners_rows(
    owned: list[tuple[str, bool]], log_in: Callable[[User], Client]
) -> None:
    page = log_in(add_person("stranger", Role.RIGHTS_HOLDER, "stranger"))
    for address, names_a_row in owned:
        for query in ("", STATES, f"{STATES}&q=山岚"):
            answer = page.get(address + query)
            assert not names_a_row or answer.status_code in (403, 404, 405), (address, answer.status_code)
            content = b"".join(answer) if answer.streaming else answer.content
            assert not [sign for sign in SIGNS if sign in content], address


def test_a_stranger_changes_nothing(owned: list[tuple[str, bool]], log_in: Callable[[User], Client]) -> None:
    before = (
        list(Hit.objects.order_by("pk").values()),
        list(Notice.objects.values()),
        list(CampaignRun.objects.values()),
    )
    page = log_in(add_person("stranger", Role.RIGHTS_HOLDER, "stranger"))
    form = {"verdict": "infringing", "act": "infringing", "hits": [1, 2], "hit": "1", "regime": "CN-EC", "text": "x"}
    for address, names_a_row in owned:
        if address == "/logout":
            continue
        answer = page.post(address, form)
        assert not names_a_row or answer.status_code in (403, 404, 405), (address, answer.status_code)
    assert Case.objects.count() == 1
    assert before == (
        list(Hit.objects.order_by("pk").values()),
        list(Notice.objects.values()),
        list(CampaignRun.objects.values()),
    )


def test_nobody_who_has_not_logged_in_is_shown_anything(owned: list[tuple[str, bool]], client: Client) -> None:
    for address, _ in owned:
        answer = client.get(address)
        assert address in ("/login", "/language") or answer.status_code in (302, 405), (address, answer.status_code)


def test_the_owner_sees_what_is_its_own(owned: list[tuple[str, bool]], log_in: Callable[[User], Client]) -> None:
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    seen = [address for address, _ in owned if _shows(page, f"{address}{STATES}")]
    assert {"/queue/27", "/queue/27/hits.csv", "/cases", "/watchlists", "/campaigns"} <= set(seen)


def _shows(page: Client, address: str) -> bool:
    answer = page.get(address)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code == 200 and any(sign in content for sign in SIGNS)
