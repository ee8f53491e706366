from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from infringewatch.actions.decisions import decide
from infringewatch.model import Role, Verdict
from infringewatch.store.models import AllowEntry, Hit, User
from tests.web.conftest import NOW, Add, add_person


def press(page: Client, hit: Hit, verdict: str, **more: object) -> Any:
    return page.post(f"/hits/{hit.pk}/decide", {"verdict": verdict, "seen": 0, **more}, HTTP_HX_REQUEST="true")


def state(hit: Hit) -> str:
    return Hit.objects.get(pk=hit.pk).state


def test_a_decision_shows_the_next_hit_and_an_undo_line(page: Client, add_hit: Add) -> None:
    hit, following = add_hit(score=0.9), add_hit(score=0.8)
    answer = press(page, hit, "infringing")
    text = answer.content.decode()
    assert state(hit) == "infringing"
    assert f'id="hit-{following.pk}"' in text and f"/hits/{hit.pk}/undo" in text
    assert answer["HX-Push-Url"] == f"/hits/{following.pk}"


def test_after_the_last_hit_comes_the_queue(page: Client, add_hit: Add) -> None:
    assert press(page, add_hit(), "unsure")["HX-Redirect"] == "/queue/27"


def test_without_javascript_a_decision_leads_to_the_next_hit(page: Client, add_hit: Add) -> None:
    hit, following = add_hit(score=0.9), add_hit(score=0.8)
    answer = page.post(f"/hits/{hit.pk}/decide", {"verdict": "not_infringing", "seen": "0"})
    assert answer.status_code == 302 and answer["Location"] == f"/hits/{following.pk}"


def test_undo_brings_the_hit_back(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    press(page, hit, "infringing")
    answer = page.post(f"/hits/{hit.pk}/undo", HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"] == f"/hits/{hit.pk}" and state(hit) == "new"


def test_a_stale_decision_changes_nothing_and_says_who_was_first(page: Client, add_hit: Add, mei: User) -> None:
    hit = add_hit()
    decide(hit.pk, Verdict.NOT_INFRINGING, add_person("colleague"), NOW)
    answer = press(page, hit, "infringing")
    assert "colleague" in answer.content.decode() and answer["HX-Reswap"] == "none"
    assert state(hit) == "not_infringing"


def test_a_rights_holder_may_look_but_not_decide(add_hit: Add, log_in: Callable[[User], Client]) -> None:
    hit = add_hit(tenant="holder")
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    assert page.get(f"/hits/{hit.pk}").status_code == 200
    assert page.post(f"/hits/{hit.pk}/decide", {"verdict": "infringing"}).status_code == 403
    assert state(hit) == "new"


def test_a_stranger_meets_404_on_every_act(add_hit: Add, log_in: Callable[[User], Client]) -> None:
    hit = add_hit(tenant="holder")
    page = log_in(add_person("other", Role.RIGHTS_HOLDER, "stranger"))
    for act in ("decide", "undo", "allow", "comment", "snooze", "recheck", "capture", "verify", "evidence.zip"):
        assert page.post(f"/hits/{hit.pk}/{act}", {"verdict": "unsure", "text": "x"}).status_code == 404, act
    assert page.get(f"/hits/{hit.pk}/screenshot.png").status_code == 404


def test_an_allow_list_entry_puts_the_sellers_other_hits_aside(page: Client, add_hit: Add) -> None:
    hit, other = add_hit(), add_hit()
    page.post(f"/hits/{hit.pk}/allow", {"column": "authorised_sellers", "value": "好物小店"})
    assert AllowEntry.objects.get().value == "好物小店"
    assert Hit.objects.get(pk=other.pk).queue == "authorised"


def test_comment_snooze_recheck_and_capture_are_kept(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    page.post(f"/hits/{hit.pk}/comment", {"text": "ask the holder"})
    page.post(f"/hits/{hit.pk}/recheck")
    page.post(f"/hits/{hit.pk}/capture")
    page.post(f"/hits/{hit.pk}/snooze", {"days": "3"})
    assert hit.comments.count() == hit.rechecks.count() == hit.captures.count() == 1
    assert Hit.objects.get(pk=hit.pk).snoozed_until is not None
