from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from infringewatch.model import Role
from infringewatch.settings import get_settings
from infringewatch.store.models import Right, User
from tests.web.conftest import add_person

GOOD = "kind,name,registration_no,holder\ntrademark,山岚,TM-1,Shanlan\n"
BAD = GOOD + "nonsense,青禾,TM-2,Qinghe\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def hand_in(page: Client, text: str, **more: str) -> str:
    page.post("/watchlists/new", {"file": SimpleUploadedFile("marks.csv", text.encode()), **more})
    return page.get("/watchlists/preview").content.decode()


def test_a_list_is_shown_first_and_stored_on_confirmation(page: Client) -> None:
    assert "TM-1" in hand_in(page, GOOD)
    assert not Right.objects.exists()
    page.post("/watchlists/confirm")
    assert Right.objects.get().name == "山岚"


def test_a_faulty_row_is_named_and_nothing_is_stored_without_leave(page: Client) -> None:
    assert "nonsense" in hand_in(page, BAD)
    assert page.post("/watchlists/confirm").status_code == 400
    assert not Right.objects.exists()
    page.post("/watchlists/confirm", {"skip_bad_rows": "yes"})
    assert Right.objects.count() == 1


@pytest.mark.django_db
def test_a_rights_holder_hands_in_for_itself_whatever_it_writes(log_in: Callable[[User], Client]) -> None:
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    hand_in(page, GOOD, tenant="stranger")
    page.post("/watchlists/confirm")
    assert Right.objects.get().tenant.name == "holder"


@pytest.mark.django_db
def test_a_trainee_hands_in_nothing(log_in: Callable[[User], Client]) -> None:
    page = log_in(add_person("ting", Role.TRAINEE))
    assert page.post("/watchlists/new", {"file": SimpleUploadedFile("m.csv", GOOD.encode())}).status_code == 403
