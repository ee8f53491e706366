from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from infringewatch.model import Role
from infringewatch.settings import get_settings
from infringewatch.store.models import AllowEntry, Right, User
from infringewatch.web import staging
from tests.web.conftest import NOW, Add, add_person

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


def hand_in_and_look(page: Client, text: str) -> Any:
    page.post("/watchlists/new", {"file": SimpleUploadedFile("marks.csv", text.encode()), "list": "marks"})
    return page.get("/watchlists/preview").context


def test_a_list_is_shown_first_and_stored_on_confirmation(page: Client) -> None:
    assert "TM-1" in hand_in(page, GOOD)
    assert not Right.objects.exists()
    page.post("/watchlists/confirm")
    assert Right.objects.get().name == "山岚"


def test_a_faulty_row_is_named_and_nothing_is_stored_without_leave(page: Client) -> None:
    assert "nonsense" in hand_in(page, BAD)
    refused = page.post("/watchlists/confirm")
    assert refused.status_code == 400 and "nonsense" in refused.content.decode()
    assert not Right.objects.exists()
    page.post("/watchlists/confirm", {"skip_bad_rows": "yes"})
    assert Right.objects.count() == 1


def test_the_preview_says_what_storing_would_change(page: Client) -> None:
    hand_in(page, GOOD + "trademark,青禾,TM-2,Qinghe\n", list="marks")
    page.post("/watchlists/confirm")
    context = hand_in_and_look(page, GOOD.replace("Shanlan", "Shanlan Ltd") + "trademark,云谷,TM-3,Yungu\n")
    assert context["counts"] == [("added", 1), ("changed", 1), ("withdrawn", 1)]
    assert [(line["kind"], line["right"].name, line["right"].fields) for line in context["change_lines"]] == [
        ("added", "云谷", ()),
        ("changed", "山岚", ("holder",)),
        ("withdrawn", "青禾", ()),
    ]


def test_the_same_file_again_is_said_to_change_nothing(page: Client) -> None:
    hand_in(page, GOOD, list="marks")
    page.post("/watchlists/confirm")
    assert "changes nothing" in hand_in(page, GOOD, list="marks")


def test_faults_are_shown_by_row_and_column_in_the_readers_language(page: Client, mei: User) -> None:
    User.objects.filter(pk=mei.pk).update(language="zh-hans")
    text = hand_in(page, GOOD + "trademark,青禾,,Qinghe\n")
    assert "缺失" in text and "registration_no" in text and 'class="number">3<' in text


def test_a_number_of_another_list_is_told_before_anything_is_stored(page: Client) -> None:
    hand_in(page, GOOD, list="one")
    page.post("/watchlists/confirm")
    text = hand_in(page, GOOD, list="other")
    assert "already stands in the list" in text and "<button>Store" not in text


def test_a_file_that_is_no_list_is_named_without_our_folders(page: Client, tmp_path: Path) -> None:
    page.post("/watchlists/new", {"file": SimpleUploadedFile("marks.zip", b"PK nonsense")})
    answer = page.get("/watchlists/preview")
    assert answer.status_code == 400
    assert "marks.zip: is no ZIP file" in answer.content.decode() and str(tmp_path) not in answer.content.decode()


def test_a_zip_brings_the_list_with_its_files(page: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("works.csv", "kind,name,registration_no,text_path\ncopyright,雾港,C-1,texts/one.txt\n")
        archive.writestr("texts/one.txt", "雾港的灯火" * 50)
    page.post("/watchlists/new", {"file": SimpleUploadedFile("works.zip", packed.getvalue())})
    page.post("/watchlists/confirm")
    assert Right.objects.get().data["text_path"].endswith(".txt")


def test_too_large_a_file_is_refused_and_not_kept(
    page: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(staging, "MAX_UPLOAD_MB", 0)
    answer = page.post("/watchlists/new", {"file": SimpleUploadedFile("m.csv", GOOD.encode())})
    assert answer.status_code == 400 and list((tmp_path / "uploads").iterdir()) == []


def test_what_nobody_confirmed_is_dropped_after_a_day(page: Client, tmp_path: Path) -> None:
    hand_in(page, GOOD)
    (old,) = (tmp_path / "uploads").iterdir()
    os.utime(old, (0, 0))
    staging.keep_upload("other.csv", [b"x"])
    assert not old.exists()


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


def test_a_list_shows_its_rights_their_permissions_hits_and_versions(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    AllowEntry.objects.create(
        right=hit.right, row_id="TM-1/authorised_sellers/甲店", column="authorised_sellers", value="甲店",
        created_by="mei", created_at=NOW,
    )  # fmt: skip
    answer = page.get(f"/watchlists/{hit.right.watch_list_id}")
    assert [(row["right"].name, row["hits"]) for row in answer.context["rows"]] == [("山岚", 1)]
    assert "甲店" in answer.content.decode()


def test_a_list_is_searched_and_its_withdrawn_rights_stand_apart(page: Client, add_hit: Add) -> None:
    hit = add_hit()
    address = f"/watchlists/{hit.right.watch_list_id}"
    assert not page.get(f"{address}?q=nothing").context["rows"]
    Right.objects.update(withdrawn_at=NOW)
    assert not page.get(address).context["rows"]
    assert len(page.get(f"{address}?withdrawn=yes&q=tm-1").context["rows"]) == 1
