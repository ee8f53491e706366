from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infringewatch.actions.cases import add_hits
from infringewatch.actions.decisions import decide
from infringewatch.actions.notices import queue, withdraw
from infringewatch.errors import InputError, NotAllowed, StaleState
from infringewatch.evidence.vault import Vault
from infringewatch.flows.describing import BundleReader
from infringewatch.flows.takedown import (
    Filled,
    check_notice,
    draft_notice,
    mark_notice_sent,
    queue_notice,
    record_notice_event,
)
from infringewatch.model import GatePass, NoticeEventKind, Role, Verdict
from infringewatch.settings import get_settings
from infringewatch.store.models import AllowEntry, AuditEntry, CampaignRun, Deadline, Hit, Notice, Right
from tests.flows.noticing import LATER, NOW, decided_hit, drafted, make_right, person, queued
from tests.notices.samples import FILLED

pytestmark = pytest.mark.django_db
PLAN = """
id: spring
title: Spring
recheck_days: [2, 5]
profiles: [{name: shop, hosts: [shop.example], start: ["http://shop.example/"]}]
"""


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.fixture
def hit(db: None, vault: Vault) -> Hit:
    return decided_hit(make_right(), vault)


def _faults(notice: Notice, vault: Vault, now: datetime = NOW, approver: str = "mei") -> list[str]:
    return [fault.name for fault in check_notice(notice, now, BundleReader(vault), approver=approver).faults]


def _sent(hit: Hit, vault: Vault, now: datetime = NOW) -> Notice:
    mark_notice_sent(queued(hit, vault=vault, now=now), "P-1", person(), now, BundleReader(vault))
    return Notice.objects.latest("pk")


def _damage(vault: Vault) -> None:
    path = next(path for path in vault.root.rglob("*") if path.is_file() and path.stat().st_size > 99)
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_pages_are_looked_at_again_on_the_days_of_the_campaign(hit: Hit, vault: Vault) -> None:
    CampaignRun.objects.update(spec={"text": PLAN, "file": "spring"})
    _sent(hit, vault)
    assert [(row.due_at - NOW).days for row in hit.rechecks.order_by("due_at")] == [2, 5]


def test_a_run_without_a_plan_keeps_the_usual_days(hit: Hit, vault: Vault) -> None:
    _sent(hit, vault)
    assert [(row.due_at - NOW).days for row in hit.rechecks.order_by("due_at")] == [1, 3, 7, 30]


def test_a_trainee_marks_nothing_as_sent(hit: Hit, vault: Vault) -> None:
    with pytest.raises(NotAllowed):
        mark_notice_sent(queued(hit, vault=vault), "P-1", person("ting", Role.TRAINEE), NOW, BundleReader(vault))


def test_a_trainee_lets_nothing_through_that_then_sends_itself(hit: Hit, vault: Vault) -> None:
    notice = drafted(hit, channel="outbox")
    with pytest.raises(NotAllowed):
        queue_notice(notice, person("ting", Role.TRAINEE), NOW, BundleReader(vault))


def test_a_notice_is_sent_once(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault)
    mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))
    with pytest.raises(StaleState):
        mark_notice_sent(notice, "P-2", person(), NOW, BundleReader(vault))


def test_a_draft_is_not_marked_as_sent(hit: Hit, vault: Vault) -> None:
    with pytest.raises(NotAllowed):
        mark_notice_sent(drafted(hit), "P-1", person(), NOW, BundleReader(vault))


def test_a_pass_for_another_text_lets_nothing_through(hit: Hit) -> None:
    with pytest.raises(NotAllowed):
        queue(drafted(hit), GatePass("0" * 64, "CN-EC", "1", NOW), person(), NOW)


def test_a_text_that_changed_after_the_pass_is_not_sent(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault)
    Notice.objects.update(text=notice.text + " ")
    with pytest.raises(NotAllowed):
        mark_notice_sent(Notice.objects.get(), "P-1", person(), NOW, BundleReader(vault))


def test_a_decision_that_was_taken_back_stops_a_queued_notice(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault)
    decide(hit.pk, Verdict.NOT_INFRINGING, person(), NOW)
    with pytest.raises(NotAllowed, match="draft it anew"):
        mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))


def test_one_flipped_byte_of_the_evidence_stops_a_queued_notice(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault)
    _damage(vault)
    assert _faults(notice, vault) == ["evidence_verifies"]
    with pytest.raises(NotAllowed, match="sealed bytes"):
        mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))


def test_evidence_that_nobody_read_lets_nothing_through(hit: Hit, vault: Vault) -> None:
    assert _faults(drafted(hit), vault) == []
    unread = check_notice(drafted(hit), NOW, BundleReader(vault, seconds=-1.0))
    assert [fault.name for fault in unread.faults] == ["evidence_verifies"]


def test_a_withdrawn_right_stops_a_notice(hit: Hit, vault: Vault) -> None:
    notice = drafted(hit)
    Right.objects.update(withdrawn_at=NOW)
    assert _faults(notice, vault) == ["right_in_force"]


@pytest.mark.parametrize(
    ("column", "value", "until", "faults"),
    [
        ("authorised_sellers", "lan shop", None, ["not_authorised"]),
        ("licensed_hosts", "shop.example/official", "2026-03-02", ["not_authorised"]),
        ("licensed_hosts", "shop.example/official", "2026-03-01", []),
        ("authorised_sellers", "another shop", None, []),
    ],
)
def test_what_is_allowed_today_is_not_noticed(
    hit: Hit, vault: Vault, column: str, value: str, until: str | None, faults: list[str]
) -> None:
    notice = drafted(hit)
    AllowEntry.objects.create(
        right=hit.right, row_id="T-1/x", column=column, value=value, valid_until=until, created_by="mei", created_at=NOW
    )
    assert _faults(notice, vault) == faults


def test_an_allowance_that_was_ended_stops_nothing(hit: Hit, vault: Vault) -> None:
    AllowEntry.objects.create(
        right=hit.right, row_id="T-1/x", column="authorised_sellers", value="lan shop", created_by="mei",
        created_at=NOW, ended_at=NOW,
    )  # fmt: skip
    assert _faults(drafted(hit), vault) == []


def test_a_second_notice_for_the_same_address_waits(hit: Hit, vault: Vault) -> None:
    queued(hit, vault=vault)
    assert _faults(drafted(hit), vault) == ["not_repeated"]


def test_a_second_notice_may_go_out_after_the_waiting_time(hit: Hit, vault: Vault) -> None:
    _sent(hit, vault)
    assert _faults(drafted(hit), vault, NOW + timedelta(days=14)) == ["not_repeated"]
    assert _faults(drafted(hit), vault, NOW + timedelta(days=15)) == []


def test_a_withdrawn_notice_bars_no_other(hit: Hit, vault: Vault) -> None:
    withdraw(_sent(hit, vault), "a mistake", person(), NOW)
    assert _faults(drafted(hit), vault) == []


def test_a_case_that_gained_a_hit_needs_a_new_text(hit: Hit, vault: Vault) -> None:
    notice = drafted(hit)
    more = decided_hit(hit.right, vault)
    add_hits(notice.case, [more], person(), NOW)
    assert _faults(notice, vault) == ["hits_unchanged"]
    anew = draft_notice(notice.case, Filled(FILLED), person(), NOW)
    assert _faults(anew, vault) == [] and more.canonical_url in anew.text


def test_where_two_people_are_asked_for_the_drafter_alone_is_not_enough(
    hit: Hit, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFRINGEWATCH_FOUR_EYES", "1")
    get_settings.cache_clear()
    try:
        notice = drafted(hit)
        assert [one.name for one in queue_notice(notice, person(), NOW, BundleReader(vault)).faults] == ["two_people"]
        assert queue_notice(notice, person("lin"), NOW, BundleReader(vault)).faults == ()
        notice.refresh_from_db()
        assert notice.gate is not None and notice.gate["four_eyes_by"] == "lin"
        mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))
    finally:
        get_settings.cache_clear()


def test_a_queued_notice_can_be_withdrawn_and_then_not_sent(hit: Hit, vault: Vault) -> None:
    notice = queued(hit, vault=vault)
    withdraw(notice, "a mistake", person(), NOW)
    with pytest.raises(StaleState):
        mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))


def test_a_trainee_withdraws_no_notice_that_was_sent(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    with pytest.raises(NotAllowed):
        withdraw(notice, "a mistake", person("ting", Role.TRAINEE), NOW)


def test_a_hit_that_another_sent_notice_names_stays_noticed(hit: Hit, vault: Vault) -> None:
    first, _second = _sent(hit, vault), _sent(hit, vault, LATER)
    withdraw(first, "a mistake", person(), LATER)
    assert Hit.objects.get().state == "noticed"


def test_a_noticed_hit_is_not_decided_otherwise_before_its_notice_is_withdrawn(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    with pytest.raises(NotAllowed, match="withdraw it"):
        decide(hit.pk, Verdict.AUTHORISED, person(), NOW)
    withdraw(notice, "they had a licence", person(), NOW)
    decide(hit.pk, Verdict.AUTHORISED, person(), NOW)
    assert (Hit.objects.get().state, Deadline.objects.filter(ended_at=None).count()) == ("authorised", 0)


def test_sending_starts_the_clocks_with_the_law_of_that_day(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    one = notice.deadlines.get(clock="platform_measures")
    assert (one.due_at, one.rule["article"], one.rule["verified"], one.rule["regime"]) == (None, "42", False, "CN-EC@2")
    assert one.note == "counted from the sending: the platform has not confirmed the receipt"


def test_the_platform_s_own_receipt_is_counted_from_anew(hit: Hit, vault: Vault) -> None:
    right = make_right(registration_no="C-1", kind="copyright")
    book = decided_hit(right, vault)
    notice = queued(book, vault=vault, regime="CN-NET")
    mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))
    notice.refresh_from_db()
    record_notice_event(
        notice, NoticeEventKind.RECEIVED, "", NOW + timedelta(hours=5), person(), NOW + timedelta(hours=6)
    )
    limits = notice.deadlines.filter(clock="literature_removal").order_by("pk")
    assert [(one.due_at, one.ended_at is None) for one in limits] == [
        (NOW + timedelta(hours=24), False),
        (NOW + timedelta(hours=29), True),
    ]


def test_a_counter_notice_starts_the_wait_and_a_lawsuit_ends_it(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    at = datetime(2026, 3, 5, 4, tzinfo=UTC)
    record_notice_event(notice, NoticeEventKind.COUNTER_FORWARDED, "we have a licence", at, person(), at)
    wait = notice.deadlines.get(clock="complain_or_sue")
    assert wait.due_at == datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC)
    record_notice_event(
        notice, NoticeEventKind.SUED, "case 12", at + timedelta(days=3), person(), at + timedelta(days=3)
    )
    wait.refresh_from_db()
    assert wait.met_at == at + timedelta(days=3)


def test_after_a_counter_notice_on_the_network_no_second_notice_passes(vault: Vault) -> None:
    book = decided_hit(make_right(registration_no="C-1", kind="copyright"), vault)
    notice = queued(book, vault=vault, regime="CN-NET")
    mark_notice_sent(notice, "P-1", person(), NOW, BundleReader(vault))
    notice.refresh_from_db()
    record_notice_event(notice, NoticeEventKind.COUNTER_RECEIVED, "", NOW, person(), NOW)
    record_notice_event(notice, NoticeEventKind.REINSTATED, "", NOW, person(), NOW)
    assert notice.deadlines.get(clock="platform_restores").met_at == NOW
    assert _faults(drafted(book, regime="CN-NET"), vault, LATER) == ["not_barred"]


def test_a_limit_that_cannot_be_counted_is_kept_with_the_reason(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    at = datetime(2100, 3, 5, 4, tzinfo=UTC)
    record_notice_event(notice, NoticeEventKind.COUNTER_FORWARDED, "", at, person(), at)
    wait = notice.deadlines.get(clock="complain_or_sue")
    assert wait.due_at is None and "2100" in wait.note


@pytest.mark.parametrize("when", [NOW - timedelta(days=1), NOW + timedelta(hours=1)])
def test_what_happened_lies_between_the_sending_and_now(hit: Hit, vault: Vault, when: datetime) -> None:
    notice = _sent(hit, vault)
    with pytest.raises(InputError):
        record_notice_event(notice, NoticeEventKind.REMOVED, "", when, person(), NOW)


def test_nothing_happens_to_a_notice_that_is_not_out(hit: Hit, vault: Vault) -> None:
    with pytest.raises(NotAllowed):
        record_notice_event(queued(hit, vault=vault), NoticeEventKind.REMOVED, "", NOW, person(), NOW)


def test_every_step_stands_in_the_audit_log(hit: Hit, vault: Vault) -> None:
    notice = _sent(hit, vault)
    record_notice_event(notice, NoticeEventKind.REMOVED, "", NOW, person(), NOW)
    withdraw(notice, "a mistake", person(), NOW)
    acts = AuditEntry.objects.filter(subject=f"notice {notice.pk}").order_by("number").values_list("action", flat=True)
    assert list(acts) == ["notice.drafted", "notice.queued", "notice.sent", "notice.event", "notice.withdrawn"]
