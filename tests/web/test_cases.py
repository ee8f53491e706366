from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from infringewatch.evidence.vault import Vault
from infringewatch.flows.handout import find_bundles
from infringewatch.model import Role
from infringewatch.store.models import AllowEntry, Case, Deadline, Decision, Hit, Notice, NoticeEvent, User
from tests.flows.noticing import seal_for
from tests.notices.samples import FILLED
from tests.web.conftest import NOW, Add, add_person


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    own = Vault(tmp_path / "vault")
    monkeypatch.setattr("infringewatch.web.views.notices.open_vault", lambda: own)
    return own


@pytest.fixture
def hit(add_hit: Add, mei: User, vault: Vault) -> Hit:
    """A hit that was decided as infringing, with sealed evidence."""
    return decided(add_hit(state="infringing"), mei, vault)


def decided(hit: Hit, user: User, vault: Vault) -> Hit:
    seal_for(hit, vault)
    Decision.objects.create(
        hit=hit, user=user, verdict="infringing", made_at=NOW, state_before="new", machine_score=0.9,
        machine_level="strong", rule="m27@1",
    )  # fmt: skip
    return hit


def open_and_draft(page: Client, hit: Hit, regime: str = "CN-EC", **changes: str) -> Notice:
    page.post("/cases/open", {"hit": hit.pk, "regime": regime})
    page.post(f"/cases/{Case.objects.get().pk}/draft", FILLED | changes)
    return Notice.objects.get()


def test_a_case_goes_from_a_hit_to_a_sent_notice(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    assert hit.canonical_url in notice.text and find_bundles(hit)[0] in notice.text
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent", {"reference": "P-1"})
    assert Notice.objects.get().state == "sent"
    assert Hit.objects.get().state == "noticed"
    assert {row.reason for row in hit.rechecks.all()} == {f"after notice {notice.pk}"}


def test_the_gate_holds_back_a_text_with_blanks_and_says_which(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, address="")
    page.post(f"/notices/{notice.pk}/queue")
    assert Notice.objects.get().state == "draft"
    assert 'title="Postal address"' in page.get(f"/cases/{notice.case_id}").content.decode()


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


def test_who_may_not_draft_is_not_asked_to(page: Client, hit: Hit, log_in: Callable[[User], Client]) -> None:
    page.post("/cases/open", {"hit": hit.pk, "regime": "CN-EC"})
    owner = log_in(add_person("owner", Role.RIGHTS_HOLDER, hit.tenant.name))
    text = owner.get(f"/cases/{Case.objects.get().pk}").content.decode()
    assert "No notice yet" in text and "draft the first one" not in text


def test_a_sent_notice_is_taken_back_and_its_hit_is_infringing_again(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent", {"reference": "P-1"})
    page.post(f"/notices/{notice.pk}/withdraw", {"reason": "a mistake"})
    assert (Notice.objects.get().state, Hit.objects.get().state) == ("withdrawn", "infringing")


def test_a_notice_under_the_services_act_needs_its_reasons(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, "EU-DSA", reasons="")
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


def _sent(page: Client, hit: Hit) -> Notice:
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent", {"reference": "P-1"})
    return Notice.objects.get()


def test_hits_are_taken_into_a_case_and_out_of_it(page: Client, hit: Hit, add_hit: Add) -> None:
    page.post("/cases/open", {"hit": hit.pk, "regime": "CN-EC"})
    case, more = Case.objects.get(), add_hit(state="infringing")
    assert more.canonical_url in page.get(f"/cases/{case.pk}").content.decode()
    page.post(f"/cases/{case.pk}/add", {"hits": more.pk})
    assert set(case.hits.all()) == {hit, more}
    page.post(f"/cases/{case.pk}/remove/{more.pk}")
    assert set(case.hits.all()) == {hit}
    assert page.post(f"/cases/{case.pk}/remove/{hit.pk}").status_code == 400


def test_a_sent_notice_keeps_the_hits_of_its_case(page: Client, hit: Hit, add_hit: Add) -> None:
    notice, more = _sent(page, hit), add_hit(state="infringing")
    page.post(f"/cases/{notice.case_id}/add", {"hits": more.pk})
    assert page.post(f"/cases/{notice.case_id}/remove/{hit.pk}").status_code == 403


def test_one_notice_names_every_hit_of_its_case(page: Client, hit: Hit, add_hit: Add, mei: User, vault: Vault) -> None:
    more = decided(add_hit(state="infringing"), mei, vault)
    page.post("/cases/new", {"hits": [hit.pk, more.pk], "regime": "CN-EC"})
    page.post(f"/cases/{Case.objects.get().pk}/draft", FILLED)
    notice = Notice.objects.get()
    page.post(f"/notices/{notice.pk}/queue")
    page.post(f"/notices/{notice.pk}/sent")
    assert set(Hit.objects.values_list("state", flat=True)) == {"noticed"}


def test_the_gate_s_panel_reads_the_evidence_and_lets_the_text_pass(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    panel = page.get(f"/notices/{notice.pk}/gate", headers={"HX-Request": "true"}).content.decode()
    assert "The gate lets this text pass." in panel


def test_the_gate_s_panel_names_what_is_missing_and_how_to_mend_it(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, accuracy="")
    panel = page.get(f"/notices/{notice.pk}/gate", headers={"HX-Request": "true"}).content.decode()
    assert "Not met: the statement is made by a person" in panel and "tick it if it is true" in panel


def test_evidence_that_takes_long_is_read_in_pieces(page: Client, hit: Hit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infringewatch.web.views.notices._GLANCE", -1.0)
    monkeypatch.setattr("infringewatch.web.views.notices._known", {})
    notice = open_and_draft(page, hit)
    panel = page.get(f"/notices/{notice.pk}/gate", headers={"HX-Request": "true"}).content.decode()
    assert "0 / 1" in panel and "hx-trigger" in panel


def test_what_happened_is_recorded_and_its_clock_is_shown_as_overdue(page: Client, hit: Hit) -> None:
    notice = _sent(page, hit)
    Notice.objects.update(sent_at=NOW)
    answer = {"kind": "counter_forwarded", "day": "2026-03-02", "text": "<b>we have a licence</b>"}
    page.post(f"/notices/{notice.pk}/happened", answer)
    assert Deadline.objects.filter(clock="complain_or_sue", due_at__isnull=False).exists()
    shown = page.get(f"/cases/{notice.case_id}").content.decode()
    assert "overdue" in shown and "&lt;b&gt;we have a licence" in shown
    assert "overdue" in page.get("/due").content.decode()


@pytest.mark.parametrize("answer", [{"kind": "removed", "day": "soon"}, {"kind": "eaten", "day": "2026-03-02"}])
def test_a_happening_that_cannot_be_is_refused(page: Client, hit: Hit, answer: dict[str, str]) -> None:
    notice = _sent(page, hit)
    assert page.post(f"/notices/{notice.pk}/happened", answer).status_code == 400
    assert NoticeEvent.objects.exclude(kind="notice_sent").count() == 0


def test_a_person_resolves_an_uncertain_sending(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit, channel="outbox")
    page.post(f"/notices/{notice.pk}/queue")
    Notice.objects.update(state="uncertain", trouble="the sending was interrupted between the channel and our record")
    assert "Nobody knows whether this notice went out." in page.get(f"/cases/{notice.case_id}").content.decode()
    assert page.post(f"/notices/{notice.pk}/resolve", {"went_out": "perhaps"}).status_code == 400
    page.post(f"/notices/{notice.pk}/resolve", {"went_out": "yes", "reference": "P-9"})
    assert (Notice.objects.get().state, Notice.objects.get().reference) == ("sent", "P-9")


def test_a_notice_of_what_was_allowed_since_is_to_be_withdrawn(page: Client, hit: Hit) -> None:
    notice = _sent(page, hit)
    AllowEntry.objects.create(
        right=hit.right,
        row_id="TM-1/x",
        column="authorised_sellers",
        value="好物小店",
        created_by="mei",
        created_at=NOW,
    )
    assert "This use is allowed now." in page.get(f"/cases/{notice.case_id}").content.decode()


@pytest.mark.parametrize("regime", ["CN-EC", "CN-NET", "US-DMCA", "EU-DSA"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_case_is_shown_in_both_languages(page: Client, hit: Hit, mei: User, regime: str, language: str) -> None:
    User.objects.filter(pk=mei.pk).update(language=language)
    notice = open_and_draft(page, hit, regime)
    assert page.get(f"/cases/{notice.case_id}").status_code == 200


def test_a_stranger_records_nothing(page: Client, hit: Hit, log_in: Callable[[User], Client]) -> None:
    notice = _sent(page, hit)
    other = log_in(add_person("other", Role.RIGHTS_HOLDER, "stranger"))
    for act in ("happened", "resolve", "queue", "withdraw"):
        assert other.post(f"/notices/{notice.pk}/{act}").status_code == 404
    assert other.get(f"/notices/{notice.pk}/gate").status_code == 404


def test_a_case_is_closed_with_its_clocks_and_taken_up_again(page: Client, hit: Hit) -> None:
    notice = _sent(page, hit)
    page.post(f"/cases/{notice.case_id}/close", {"reason": "settled"})
    assert Case.objects.get().closed_at is not None
    assert not Deadline.objects.filter(ended_at=None).exists()
    page.post(f"/cases/{notice.case_id}/close")
    assert Case.objects.get().closed_at is None


def test_a_case_whose_notice_is_on_its_way_stays_open(page: Client, hit: Hit) -> None:
    notice = open_and_draft(page, hit)
    page.post(f"/notices/{notice.pk}/queue")
    assert page.post(f"/cases/{notice.case_id}/close").status_code == 403
