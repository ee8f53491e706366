from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from infringewatch.actions.decisions import decide
from infringewatch.model import Role, Verdict
from infringewatch.store.models import User
from infringewatch.web.middleware import ZONE_COOKIE
from infringewatch.web.sheets import safe_text
from infringewatch.web.views import export
from tests.web.conftest import NOW, Add, add_person


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert safe_text(text).startswith("'")


def test_control_characters_that_no_workbook_takes_are_dropped() -> None:
    assert safe_text("a\x00b\x0bc") == "abc"


def read_csv(page: Client, address: str) -> list[list[str]]:
    content = b"".join(page.get(address)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_the_csv_holds_what_is_filtered(page: Client, add_hit: Add) -> None:
    add_hit("=HYPERLINK(1)", seller="甲店")
    add_hit("another", seller="乙店")
    rows = read_csv(page, "/queue/27/hits.csv?seller=甲店")
    assert [row[4] for row in rows] == ["Title", "'=HYPERLINK(1)"]


def test_the_workbook_holds_text_only_where_there_was_text(page: Client, add_hit: Add) -> None:
    add_hit("=1+1")
    sheet = load_workbook(io.BytesIO(page.get("/queue/27/hits.xlsx").content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_a_rights_holder_exports_its_own_rows_only(add_hit: Add, log_in: Callable[[User], Client]) -> None:
    add_hit("mine", tenant="holder")
    add_hit("theirs", tenant="stranger")
    rows = read_csv(log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder")), "/queue/27/hits.csv")
    assert [row[4] for row in rows[1:]] == ["mine"]


def test_times_stand_in_the_readers_zone_with_their_distance_from_utc(page: Client, add_hit: Add) -> None:
    add_hit()
    page.cookies[ZONE_COOKIE] = "Asia/Shanghai"
    assert read_csv(page, "/queue/27/hits.csv")[1][15] == "2026-03-01T20:00:00+08:00"


def test_a_row_says_who_decided_what_and_when(page: Client, add_hit: Add, mei: User) -> None:
    hit, plain = add_hit(), add_hit(score=0.1)
    decide(hit.pk, Verdict.UNSURE, mei, NOW, reason="=ask the holder")
    header, first, second = read_csv(page, "/queue/27/hits.csv")
    at = header.index("Decision")
    assert first[at : at + 4] == ["unsure", "mei", "2026-03-01T12:00:00+00:00", "'=ask the holder"]
    assert (second[0], second[at : at + 4]) == (str(plain.pk), [""] * 4)
    assert len(header) == len(first) == len(second)


def test_an_export_reads_page_by_page_and_ends_where_a_sheet_does(
    page: Client, add_hit: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [str(add_hit().pk) for _ in range(7)]
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    assert sorted(row[0] for row in read_csv(page, "/queue/27/hits.csv")[1:]) == keys
    monkeypatch.setattr(export, "MAX_ROWS", 3)
    assert len(read_csv(page, "/queue/27/hits.csv")) == 4


def test_the_header_is_in_the_readers_language(page: Client, add_hit: Add, mei: User) -> None:
    User.objects.filter(pk=mei.pk).update(language="zh-hans")
    assert "判定人" in read_csv(page, "/queue/27/hits.csv")[0]
