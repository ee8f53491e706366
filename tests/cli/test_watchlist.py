"""`infringewatch watchlist` from the command line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infringewatch.cli.watchlist import watchlist
from infringewatch.errors import NotFound, WatchListError
from infringewatch.settings import get_settings
from infringewatch.store.models import ListVersion, WatchList

HEADER = "kind,name,registration_no,notes"
GOOD = f"{HEADER}\ntrademark,Velorin,TM-1,\ntrademark,Ostrava Lux,TM-2,\n"
BAD = f"{HEADER},famos\ntrademark,Velorin,TM-1,,yes\nbrand,Ostrava Lux,TM-2,,no\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(watchlist, [str(argument) for argument in arguments])


def write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_check_prints_faults_to_stderr_and_a_summary(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", BAD)
    result = run("check", path)
    assert result.exit_code == 1
    assert f"{path}:3: kind: 'brand' is not one of" in result.stderr
    assert "unknown columns, not read: famos" in result.stderr
    assert result.stdout == f"{path}: 2 rows, 1 good right, 1 fault in 1 row\n"


def test_check_of_a_good_list_ends_with_0(tmp_path: Path) -> None:
    assert run("check", write(tmp_path / "list.csv", GOOD)).exit_code == 0


def test_check_says_what_two_holders_register(tmp_path: Path) -> None:
    rows = "kind,registration_no,name,holder\ntrademark,A1,蓝鲸兔,甲\ntrademark,B1,蓝鲸兔,乙\n"
    result = run("check", write(tmp_path / "list.csv", rows))
    assert "note: “蓝鲸兔” is registered for 乙, 甲" in result.stderr


@pytest.mark.django_db
def test_import_says_what_two_holders_register_and_stores_both(tmp_path: Path) -> None:
    rows = "kind,registration_no,name,holder\ntrademark,A1,蓝鲸兔,甲\ntrademark,B1,蓝鲸兔,乙\n"
    result = run("import", write(tmp_path / "list.csv", rows), "--holder", "甲")
    assert "note: “蓝鲸兔” is registered for 乙, 甲" in result.stderr
    assert result.exit_code == 0 and "2 added" in result.stdout


def test_check_takes_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("list.csv", GOOD)
    assert "2 good rights" in run("check", tmp_path / "a.zip").stdout


@pytest.mark.django_db
def test_import_says_what_changed(tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", GOOD)
    assert run("import", path, "--holder", "Velorin AG").stdout == (
        "list.csv of Velorin AG: version 1: 2 added, 0 changed, 0 withdrawn\n"
    )
    assert "nothing has changed" in run("import", path, "--holder", "Velorin AG").stdout


@pytest.mark.django_db
def test_import_stores_nothing_of_a_faulty_list(tmp_path: Path) -> None:
    result = run("import", write(tmp_path / "list.csv", BAD), "--holder", "V")
    assert isinstance(result.exception, WatchListError)
    assert not WatchList.objects.exists()


@pytest.mark.django_db
def test_import_may_skip_bad_rows_and_names_them(tmp_path: Path) -> None:
    result = run("import", write(tmp_path / "list.csv", BAD), "--holder", "V", "--skip-bad-rows", "--list", "spring")
    assert (result.exit_code, ListVersion.objects.get().skipped) == (1, 1)
    assert ":3: kind:" in result.stderr


@pytest.mark.django_db
def test_list_shows_tenant_name_version_and_rights(tmp_path: Path) -> None:
    run("import", write(tmp_path / "list.csv", GOOD), "--holder", "V", "--list", "spring")
    line = run("list").stdout
    assert line.startswith("V\tspring\tversion 1 of ") and line.endswith("\t2 rights\n")


@pytest.mark.django_db
def test_check_against_a_stored_list_says_what_would_change(tmp_path: Path) -> None:
    run("import", write(tmp_path / "list.csv", GOOD), "--holder", "V", "--list", "spring")
    path = write(tmp_path / "list.csv", f"{HEADER}\ntrademark,Velorin,TM-1,new\ntrademark,Kalder,TM-3,\n")
    result = run("check", path, "--against", "spring", "--holder", "V")
    assert result.stdout.splitlines()[1:] == [
        "+ TM-3\tKalder",
        "~ TM-1\tVelorin\tnotes",
        "- TM-2\tOstrava Lux",
        "against spring of V: 1 added, 1 changed, 1 withdrawn, 0 the same",
    ]


@pytest.mark.django_db
def test_check_against_an_unknown_list_says_so(tmp_path: Path) -> None:
    run("import", write(tmp_path / "list.csv", GOOD), "--holder", "V")
    result = run("check", tmp_path / "list.csv", "--against", "other", "--holder", "V")
    assert isinstance(result.exception, NotFound)
