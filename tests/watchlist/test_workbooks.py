"""The fast reading of a workbook: as openpyxl reads it, and what hostile or odd workbooks bring."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from infringewatch.watchlist.grids import _DAMAGED
from infringewatch.watchlist.workbooks import Value, open_sheet

_RELATIONS = "xl/_rels/workbook.xml.rels"
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def _save(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _read(data: bytes, most_columns: int = 256) -> list[tuple[int, list[Value]]]:
    return list(open_sheet(zipfile.ZipFile(io.BytesIO(data)), most_columns).rows)


def _with_part(data: bytes, name: str, content: str) -> bytes:
    """The workbook with one part exchanged or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return stream.getvalue()


def _with_rows(rows: str) -> bytes:
    return _with_part(_save(Workbook()), "xl/worksheets/sheet1.xml", _SHEET.format(rows))


def test_values_are_those_that_openpyxl_reads() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(
        ["a", "", "  b ", "山岚 <&>", 7, -3, 0.1, 1e-7, 12345678901234567, True, False, None, date(2020, 5, 1)]
    )
    sheet.append([])
    sheet.append([None, "second", datetime(2026, 2, 28, 13, 30), "=1+1"])  # noqa: DTZ001
    sheet["C3"].number_format = '[$-409]d "of" mmm yyyy'
    sheet["AZ5"] = "far"
    data = _save(book)
    wanted = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    for number, values in _read(data):
        for place, value in enumerate(values, 1):
            expected = wanted.cell(number, place).value
            expected = expected.date() if isinstance(expected, datetime) else expected
            assert (value or None) == (expected or None), (number, place)
    assert [number for number, _ in _read(data)] == [1, 3, 5]


@pytest.mark.parametrize(
    ("shape", "is_date"),
    [("yyyy-mm-dd", True), ("d.m.yy", True), ('yyyy"年"m"月"', True), ("0.00", False), ("General", False),
     ('0 "days"', False), ("[Red]0.0", False), ("#,##0_d", False), ('"day" 0', False)],
)  # fmt: skip
def test_a_number_is_a_day_where_its_cell_shows_one(shape: str, is_date: bool) -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = 43952
    book.worksheets[0]["A1"].number_format = shape
    assert _read(_save(book)) == [(1, [date(2020, 5, 1) if is_date else 43952])]


def test_days_may_be_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
    book.worksheets[0]["A1"] = date(2020, 5, 1)
    assert _read(_save(book)) == [(1, [date(2020, 5, 1)])]


def test_a_day_beyond_the_calendar_stays_a_text() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = 99_999_999
    book.worksheets[0]["A1"].number_format = "yyyy-mm-dd"
    assert _read(_save(book)) == [(1, ["99999999"])]


def test_texts_are_shared_rich_ones_joined_and_how_they_are_pronounced_left_out() -> None:
    data = _with_rows('<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c></row>')
    strings = "<sst><si><t>b</t></si><si><r><t>山</t></r><r><t>岚</t></r><rPh><t>shan</t></rPh></si></sst>"
    relations = zipfile.ZipFile(io.BytesIO(data)).read(_RELATIONS).decode()
    shared = '<Relationship Id="s" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>'
    data = _with_part(data, _RELATIONS, relations.replace("</Relationships>", shared))
    assert _read(_with_part(data, "xl/sharedStrings.xml", strings)) == [(1, ["山岚", "b"])]


def test_cells_and_rows_without_a_place_follow_each_other() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    assert _read(_with_rows(rows)) == [(1, [1, 2]), (2, [3])]


def test_columns_beyond_the_last_are_left_out() -> None:
    assert _read(_with_rows('<row><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>')) == [(1, [1])]


def test_names_may_have_a_prefix() -> None:
    sheet = '<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    assert _read(_with_part(_save(Workbook()), "xl/worksheets/sheet1.xml", sheet)) == [(1, ["a"])]


def test_the_first_sheet_is_the_first_that_is_shown_and_no_chart() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = "second"
    book.create_sheet("front", 0)["A1"] = "first"
    book.create_chartsheet("chart", 0)
    assert _read(_save(book)) == [(1, ["first"])]


def test_a_sheet_says_how_many_rows_it_has() -> None:
    book = Workbook()
    for number in range(30):
        book.worksheets[0].append([number])
    assert open_sheet(zipfile.ZipFile(io.BytesIO(_save(book))), 9).total == 30


@pytest.mark.parametrize(
    "rows", ['<row><c t="s"><v>7</v></c></row>', "<row><c>", '<row r="x"/>'], ids=["string", "cut off", "row number"]
)
def test_a_damaged_sheet_raises_what_its_reader_expects(rows: str) -> None:
    with pytest.raises(_DAMAGED):
        _read(_with_rows(rows))


def test_entities_of_its_own_are_refused() -> None:
    sheet = f'<!DOCTYPE a [<!ENTITY e "boom">]>{_SHEET.format("<row><c><v>&e;</v></c></row>")}'
    with pytest.raises(ValueError, match="entities"):
        _read(_with_part(_save(Workbook()), "xl/worksheets/sheet1.xml", sheet))


def test_a_sheet_outside_the_workbook_is_not_asked_for() -> None:
    relations = '<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="file:///etc/passwd"/></Relationships>'
    with pytest.raises(ValueError, match="no sheet"):
        _read(_with_part(_save(Workbook()), _RELATIONS, relations))
