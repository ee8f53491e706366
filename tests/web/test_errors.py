from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from infringewatch.model import Role
from infringewatch.store.models import User
from infringewatch.web.views import queue
from tests.web.conftest import Add, add_person


def test_an_unknown_address_is_told_in_the_products_look(page: Client) -> None:
    answer = page.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode() and "app.css" in answer.content.decode()


@pytest.mark.django_db
def test_a_stranger_meets_the_same_without_the_rail(client: Client) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "zh-hans"})
    assert answer.status_code == 404
    assert "这里没有此页面" in answer.content.decode() and 'id="rail"' not in answer.content.decode()


def test_a_refusal_is_told_in_the_readers_language(log_in: Callable[[User], Client], add_hit: Add) -> None:
    person = add_person("owner", Role.RIGHTS_HOLDER)
    User.objects.filter(pk=person.pk).update(language="zh-hans")
    answer = log_in(person).post(f"/hits/{add_hit().pk}/decide", {"verdict": "unsure"})
    assert answer.status_code == 403 and "您的角色可以查看线索，但不能判定" in answer.content.decode()


def test_a_broken_page_is_told_without_its_secrets(
    mei: User, log_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object) -> None:
        raise RuntimeError("the password is 12345")

    monkeypatch.setattr(queue, "find_hits", breaks)
    page = log_in(mei)
    page.raise_request_exception = False
    answer = page.get("/queue/27")
    assert answer.status_code == 500
    assert "Something is broken on our side" in answer.content.decode() and "12345" not in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_a_sentence(mei: User) -> None:
    page = Client(enforce_csrf_checks=True)
    page.force_login(mei)
    answer = page.post("/cases/open", {"hit": "1"})
    assert answer.status_code == 403 and "This form is too old" in answer.content.decode()


def test_a_piece_asked_for_after_the_session_has_ended_leads_to_the_login(client: Client, add_hit: Add) -> None:
    answer = client.post(f"/hits/{add_hit().pk}/decide", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer["HX-Redirect"].startswith("/login")


@pytest.mark.django_db
def test_the_login_page_answers_in_both_languages_with_the_policy(client: Client) -> None:
    for language, word in (("zh-hans", "登录"), ("en", "Log in")):
        answer = client.get("/login", headers={"Accept-Language": language})
        assert word in answer.content.decode()
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_a_host_name_that_is_not_allowed_is_a_bad_request(client: Client) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400 and "INFRINGEWATCH_ALLOWED_HOSTS" in answer.content.decode()
