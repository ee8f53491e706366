"""A watch list on its way into the store: whole or not at all, and never twice."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infringewatch.actions.audit import Actor
from infringewatch.actions.list_changes import ListChange
from infringewatch.actions.lists import StoredList
from infringewatch.errors import WatchListError
from infringewatch.flows.enrol import _keep, enrol, preview
from infringewatch.settings import Settings, read_settings
from infringewatch.store.models import AllowEntry, ListVersion, Right, Tenant
from infringewatch.store.rights import load_rights
from infringewatch.watchlist import read_watchlist

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HEADER = "kind,name,registration_no,text_path,licensed_hosts,reference_price,currency,valid_from"
BOOK = "copyright,A Book,C-1,a.txt,reader.example@2026-01-01..,,,2020-01-01"
MARK = "trademark,Velorin,TM-1,,,99.50,CNY,"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(read_settings({}), home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("It was a bright cold day.", encoding="utf-8")
    return tmp_path / "in"


def store(folder: Path, settings: Settings, *rows: str, **options: Any) -> StoredList:
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return enrol(
        path, tenant_name="Velorin AG", list_name="list", settings=settings, actor=Actor("t"), now=NOW, **options
    )


def test_a_stored_right_comes_back_as_it_was_read(folder: Path, settings: Settings) -> None:
    stored = store(folder, settings, BOOK, MARK)
    rights = [right for _, right in load_rights([stored.watch_list_id], settings.library_dir)]
    read = read_watchlist(folder / "list.csv", default_holder="Velorin AG").rights
    assert [replace(right, text_path=None) for right in rights] == [replace(right, text_path=None) for right in read]


def test_files_live_on_in_the_library(folder: Path, settings: Settings) -> None:
    stored = store(folder, settings, BOOK)
    (folder / "a.txt").unlink()
    ((_, right),) = load_rights([stored.watch_list_id], settings.library_dir)
    assert right.text_path is not None and right.text_path.read_text() == "It was a bright cold day."


def test_the_same_file_twice_changes_nothing(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK, MARK)
    assert store(folder, settings, BOOK, MARK).is_same
    assert ListVersion.objects.count() == 1


def test_a_changed_text_changes_its_right(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK, MARK)
    (folder / "a.txt").write_text("Another text.", encoding="utf-8")
    assert store(folder, settings, BOOK, MARK).changed == ("C-1",)


def test_a_changed_file_says_what_it_added_changed_and_withdrew(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK, MARK)
    stored = store(folder, settings, MARK.replace("99.50", "88"), MARK.replace("TM-1", "TM-2"))
    assert (stored.version, stored.added, stored.changed, stored.withdrawn) == (2, ("TM-2",), ("TM-1",), ("C-1",))


def test_one_faulty_row_stores_nothing(folder: Path, settings: Settings) -> None:
    with pytest.raises(WatchListError, match="nothing was stored") as refused:
        store(folder, settings, BOOK, MARK.replace("CNY", "RMB"))
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(3, "currency")]
    assert not Right.objects.exists() and not settings.library_dir.exists()


def test_bad_rows_are_left_out_when_asked(folder: Path, settings: Settings) -> None:
    stored = store(folder, settings, BOOK, MARK.replace("CNY", "RMB"), skip_bad_rows=True)
    assert stored.added == ("C-1",)
    assert ListVersion.objects.get().skipped == 1


def test_a_file_without_a_good_row_withdraws_nothing(folder: Path, settings: Settings) -> None:
    store(folder, settings, MARK)
    with pytest.raises(WatchListError, match="no row is good"):
        store(folder, settings)
    assert Right.objects.filter(withdrawn_at=None).count() == 1


def test_licences_become_allow_entries(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK)
    assert AllowEntry.objects.get().row_id == "C-1/licensed_hosts/reader.example"


def shown(folder: Path, *rows: str) -> ListChange:
    path = folder / "list.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return preview(read_watchlist(path, default_holder="Velorin AG"), tenant_name="Velorin AG", list_name="list")


def test_a_preview_says_what_storing_then_does(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK, MARK)
    rows = MARK.replace("99.50", "88"), MARK.replace("TM-1", "TM-2")
    change = shown(folder, *rows)
    stored = store(folder, settings, *rows)
    assert [
        [right.registration_no for right in rights] for rights in (change.added, change.changed, change.withdrawn)
    ] == [
        list(stored.added),
        list(stored.changed),
        list(stored.withdrawn),
    ]


def test_a_preview_sees_a_changed_text(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK)
    (folder / "a.txt").write_text("Another text.", encoding="utf-8")
    assert [right.fields for right in shown(folder, BOOK).changed] == [("text_path",)]


def test_a_preview_of_the_same_file_changes_nothing(folder: Path, settings: Settings) -> None:
    store(folder, settings, BOOK, MARK)
    change = shown(folder, BOOK, MARK)
    assert (change.is_none, change.same) == (True, 2)


def test_a_preview_of_a_new_list_adds_all_and_makes_nothing(folder: Path) -> None:
    assert len(shown(folder, BOOK, MARK).added) == 2
    assert not Tenant.objects.exists()


def test_two_imports_may_keep_one_file_at_once(folder: Path, settings: Settings) -> None:
    (folder / "book").mkdir()
    (folder / "book" / "1.txt").write_text("text", encoding="utf-8")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: _keep(folder / "book", settings.library_dir / "abc"), range(40)))
    assert [path.name for path in settings.library_dir.iterdir()] == ["abc"]


def test_what_a_killed_import_left_is_swept_away_after_a_day(folder: Path, settings: Settings) -> None:
    for name, hours in ((".part-old", 25), (".part-new", 1)):
        (settings.library_dir / name).mkdir(parents=True)
        moment = NOW.timestamp() - 3600 * hours
        os.utime(settings.library_dir / name, (moment, moment))
    store(folder, settings, MARK)
    assert [path.name for path in settings.library_dir.iterdir()] == [".part-new"]
