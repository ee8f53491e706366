from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from infringewatch.model import Role
from infringewatch.store.models import Bundle, Case, Hit, Notice, Sighting, User
from tests.web.conftest import NOW, Add, add_person

FIELDS = {
    "holder": "山岚（虚构）有限公司", "address": "某路 1 号", "contact": "law@shanlan.example", "recipient": "示例平台",
    "signature": "梅", "accuracy": "yes", "good_faith": "yes",
}  # fmt: skip


@pytest.fixture
def hit(add_hit: Add) -> Hit:
    """A hit that was decided as infringing, with sealed evidence."""
    one = add_hit(state="infringing")
    bundle = Bundle.objects.create(digest="ab" * 32, kind="page", url=one.canonical_url, sealed_at=NOW, size=1)
    Sighting.objects.create(
        hit=one, run=one.first_run, url=one.canonical_url, url_hash=one.url_hash, seen_at=NOW, score=0.9,
        level="strong", finding={}, item={}, bundle=bundle,
    )  # fmt: skip
    return one


def open_and_draft(page: Client, hit: Hit, regime: str = "CN-EC", **changes: str) -> Notice:
    page.post("/cases/open", {"hit": hit.pk, "regime": regime})
    page.post(f"/cases/{Case.objects.get().pk}/draft", FIELDS | changes)
    return Notice.objects.get()


def test_a_case_goes_from_a_hit_to_a_sent_notice(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    assert hit.canonical_url in notice.text and "ab" * 32 in notice.text
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent", {"reference": "P-1"})
    assert Notice.objects.get().state == "sent"
    assert Hit.objects.get().state == "noticed"
    assert {row.reason for row in hit.rechecks.all()} == {f"after notice {notice.pk}"}


def test_the_gate_holds_back_a_text_with_blanks_and_says_which(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, address="")
    page.post(f"/notices/{notice.pk}/queue")
    assert Notice.objects.get().state == "draft"
    assert "postal address" in page.get(f"/cases/{notice.case_id}").content.decode()


def test_the_copyright_ways_are_closed_to_a_trade_mark(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, "US-DMCA")
    page.post(f"/notices/{notice.pk}/queue")
    assert Notice.objects.get().state == "draft"


def test_a_trainee_may_draft_but_not_send(hit: Hit, log_in: Callable[[User], Client]) -> None:
    page = log_in(add_person("ting", Role.TRAINEE))
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    assert page.post(f"/notices/{notice.pk}/sent").status_code == 403
    assert Notice.objects.get().state == "queued"


def test_a_decision_that_changed_stops_the_sending(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    Hit.objects.update(state="not_infringing")
    assert page.post(f"/notices/{notice.pk}/sent").status_code == 403


def test_a_hit_that_nobody_decided_opens_no_case(page: Client, add_hit: Add) -> None:
    assert page.post("/cases/open", {"hit": add_hit().pk, "regime": "CN-EC"}).status_code == 403


def test_a_stranger_sees_no_case_and_no_notice(page: Client, hit: Hit, log_in: Callable[[User], Client]) -> None:
    notice = open_and_draft(page, hit)
    other = log_in(add_person("other", Role.RIGHTS_HOLDER, "stranger"))
    assert other.get(f"/cases/{notice.case_id}").status_code == 404
    assert other.post(f"/notices/{notice.pk}/sent").status_code == 404


def test_a_sent_notice_is_taken_back_and_its_hit_is_infringing_again(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent", {"reference": "P-1"})
    page.post(f"/notices/{notice.pk}/withdraw", {"reason": "a mistake"})
    assert (Notice.objects.get().state, Hit.objects.get().state) == ("withdrawn", "infringing")


def test_a_notice_under_the_services_act_needs_its_reasons(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, "EU-DSA")
    page.post(f"/notices/{notice.pk}/queue")
    assert Notice.objects.get().state == "draft"


def test_one_case_is_opened_on_several_chosen_hits(page: Client, add_hit: Add) -> None:
    hits = [add_hit(state="infringing") for _ in range(3)]
    answer = page.post("/cases/new", {"hits": [hit.pk for hit in hits], "regime": "CN-EC"})
    case = Case.objects.get()
    assert (answer["Location"], case.title) == (f"/cases/{case.pk}", "山岚 / shop.test")
    assert set(case.hits.all()) == set(hits)


def test_hits_of_several_sellers_on_several_sites_make_no_case(page: Client, add_hit: Add) -> None:
    hits = [add_hit(state="infringing"), add_hit(state="infringing", host="other.test", seller="小店")]
    assert page.post("/cases/new", {"hits": [hit.pk for hit in hits], "regime": "CN-EC"}).status_code == 400


def test_a_chosen_hit_that_nobody_decided_opens_no_case(page: Client, add_hit: Add) -> None:
    hits = [add_hit(state="infringing"), add_hit()]
    assert page.post("/cases/new", {"hits": [hit.pk for hit in hits], "regime": "CN-EC"}).status_code == 403


def test_hits_of_a_stranger_are_not_chosen(add_hit: Add, log_in: Callable[[User], Client]) -> None:
    other = log_in(add_person("other", Role.RIGHTS_HOLDER, "stranger"))
    hit = add_hit(state="infringing")
    assert other.post("/cases/new", {"hits": [hit.pk], "regime": "CN-EC"}).status_code == 403
    assert not Case.objects.exists()
