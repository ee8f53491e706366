from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from infringewatch.actions.decisions import decide
from infringewatch.model import Role, Verdict
from infringewatch.store.models import Case, Hit, User
from tests.web.conftest import NOW, Add, add_person


def press(page: Client, act: str, *hits: Hit, htmx: bool = True) -> Any:
    headers = {"HX-Request": "true"} if htmx else {}
    return page.post("/queue/27/batch", {"act": act, "hits": [hit.pk for hit in hits]}, headers=headers)


def states(*hits: Hit) -> list[str]:
    return [Hit.objects.get(pk=hit.pk).state for hit in hits]


def test_chosen_rows_are_decided_together_and_leave_the_queue(page: Client, add_hit: Add) -> None:
    one, other, third = add_hit(), add_hit(), add_hit()
    text = press(page, "infringing", one, other).content.decode()
    assert states(one, other, third) == ["infringing", "infringing", "new"]
    assert f'id="row-{one.pk}" hx-swap-oob="delete"' in text and "infringing × 2" in text


def test_without_javascript_a_batch_leads_back_to_the_queue(page: Client, add_hit: Add) -> None:
    answer = press(page, "unsure", add_hit(), htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, "/queue/27")


def test_a_batch_is_undone_with_one_press(page: Client, add_hit: Add) -> None:
    one, other = add_hit(), add_hit()
    press(page, "not_infringing", one, other)
    page.post("/queue/27/undo", {"hits": [one.pk, other.pk]}, HTTP_HX_REQUEST="true")
    assert states(one, other) == ["new", "new"]


def test_a_colleagues_decision_is_left_alone_and_told(page: Client, add_hit: Add) -> None:
    one, other = add_hit(), add_hit()
    decide(other.pk, Verdict.NOT_INFRINGING, add_person("colleague"), NOW)
    assert "1 left out" in press(page, "infringing", one, other).content.decode()
    assert states(one, other) == ["infringing", "not_infringing"]


def test_a_batch_can_be_put_aside(page: Client, add_hit: Add) -> None:
    one, other = add_hit(), add_hit()
    press(page, "snooze", one, other)
    assert Hit.objects.filter(snoozed_until__isnull=False).count() == 2


def test_a_batch_of_nothing_is_told_in_a_sentence(page: Client, add_hit: Add) -> None:
    assert "choose rows first" in press(page, "infringing").content.decode()


def test_rows_of_another_tenant_are_not_touched_and_a_rights_holder_decides_nothing(
    add_hit: Add, log_in: Callable[[User], Client]
) -> None:
    hit = add_hit(tenant="holder")
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    assert press(page, "infringing", hit, htmx=False).status_code == 403
    assert 'name="hits"' not in page.get("/queue/27").content.decode()
    assert states(hit) == ["new"]


def test_chosen_rows_that_were_found_infringing_become_one_case(page: Client, add_hit: Add) -> None:
    hits = [add_hit(state="infringing"), add_hit(state="infringing")]
    assert 'formaction="/cases/new"' in page.get("/queue/27?state=infringing").content.decode()
    assert 'formaction="/cases/new"' not in page.get("/queue/27").content.decode()
    answer = page.post("/cases/new", {"regime": "CN-EC", "hits": [hit.pk for hit in hits]})
    case = Case.objects.get()
    assert answer["Location"].startswith(f"/cases/{case.pk}") and set(case.hits.all()) == set(hits)
