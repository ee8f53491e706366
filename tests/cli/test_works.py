"""`infringewatch works`: a work comes in, is found in a copy, and goes; works of watch lists stand beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infringewatch.cli.watchlist import watchlist
from infringewatch.cli.works import works
from infringewatch.errors import InputError, NotFound
from infringewatch.matching.works.canonical import canonicalise
from infringewatch.settings import get_settings
from infringewatch.store.models import AuditEntry, Right

pytestmark = pytest.mark.django_db
_TEXT = "".join(map(chr, range(0x4E00, 0x5400)))
_OTHER = "".join(map(chr, range(0x6000, 0x6400)))


def _count(text: str) -> int:
    return len(canonicalise(text))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    (tmp_path / "work.txt").write_text(_TEXT, encoding="utf-8")
    yield tmp_path
    get_settings.cache_clear()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(works, [str(argument) for argument in arguments])


@pytest.fixture
def added(home: Path) -> None:
    result = run("add", home / "work.txt", "--key", "W1", "--title", "青禾记", "--holder", "青禾出版社")
    assert result.exit_code == 0, result.output


@pytest.fixture
def imported(home: Path) -> None:
    (home / "other.txt").write_text(_OTHER, encoding="utf-8")
    path = home / "list.csv"
    path.write_text("kind,name,registration_no,text_path\ncopyright,雾港,CR-1,other.txt\n", encoding="utf-8")
    assert CliRunner().invoke(watchlist, ["import", str(path), "--holder", "青禾出版社"]).exit_code == 0


def test_an_added_work_is_listed(added: None) -> None:
    assert run("list").output == f"青禾出版社\tW1\t青禾记\t{_count(_TEXT)}\t1\twork W1\n"


def test_a_work_of_a_watch_list_is_listed_with_its_list(imported: None) -> None:
    assert run("list").output == f"青禾出版社\tCR-1\t雾港\t{_count(_OTHER)}\t1\tlist.csv\n"


def test_an_added_work_is_a_right_and_stands_in_the_audit_log(added: None) -> None:
    assert Right.objects.get().tenant.name == "青禾出版社"
    assert "watchlist.stored" in set(AuditEntry.objects.values_list("action", flat=True))


def test_a_copy_is_found(added: None, imported: None, home: Path) -> None:
    (home / "copy.txt").write_text(_TEXT[200:900], encoding="utf-8")
    output = run("find", home / "copy.txt").output
    assert output.startswith("W1\t青禾记")
    assert "CR-1" not in output


def test_a_folder_of_chapters_is_one_work(home: Path) -> None:
    (home / "book").mkdir()
    for number, start in enumerate((0x4E00, 0x5000, 0x5200), 1):
        text = "".join(map(chr, range(start, start + 0x1F0)))
        (home / "book" / f"{number}.txt").write_text(text, encoding="utf-8")
    assert "characters in 3 chapters" in run("add", home / "book", "--key", "B").output


def test_a_removed_work_is_gone(added: None) -> None:
    assert run("remove", "W1", "--holder", "青禾出版社").exit_code == 0
    assert run("stats").output.startswith("0 works")


def test_a_removed_work_may_come_back(added: None, home: Path) -> None:
    run("remove", "W1", "--holder", "青禾出版社")
    run("add", home / "work.txt", "--key", "W1", "--holder", "青禾出版社")
    assert run("stats").output.startswith("1 works")


def test_a_work_added_again_with_another_text_replaces_it(added: None, home: Path) -> None:
    (home / "work.txt").write_text(_TEXT[:1000], encoding="utf-8")
    run("add", home / "work.txt", "--key", "W1", "--title", "青禾记", "--holder", "青禾出版社")
    assert f"\t{_count(_TEXT[:1000])}\t" in run("list").output


def test_without_a_key_the_text_names_itself(home: Path) -> None:
    first, second = (run("add", home / "work.txt").output for _ in range(2))
    assert first == second
    assert first.startswith("W-")


def test_an_unknown_work_cannot_be_removed() -> None:
    assert isinstance(run("remove", "W2").exception, NotFound)


def test_a_work_of_a_watch_list_is_withdrawn_by_its_list(imported: None) -> None:
    exception = run("remove", "CR-1", "--holder", "青禾出版社").exception
    assert isinstance(exception, InputError)
    assert "list.csv" in str(exception)


def test_a_number_of_another_list_is_refused(imported: None, home: Path) -> None:
    added = run("add", home / "work.txt", "--key", "CR-1", "--holder", "青禾出版社")
    assert isinstance(added.exception, InputError)


def test_a_file_without_text_is_refused(home: Path) -> None:
    (home / "empty.txt").write_text(" \n", encoding="utf-8")
    result = run("add", home / "empty.txt")
    assert isinstance(result.exception, InputError) and "holds no text" in str(result.exception)
    assert not Right.objects.exists()


@pytest.mark.usefixtures("added")
def test_finding_nothing_is_said(home: Path) -> None:
    (home / "other.txt").write_text(_OTHER, encoding="utf-8")
    result = run("find", home / "other.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "other.txt: no registered work found\n")
