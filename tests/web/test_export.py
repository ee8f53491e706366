from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from openpyxl import load_workbook

from infringewatch.model import Role
from infringewatch.store.models import User
from infringewatch.web.sheets import safe_text
from tests.web.conftest import Add, add_person


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
