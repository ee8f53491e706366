"""Tables for spreadsheet programs. Cells hold text from hostile pages: none may ever become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Cell = str | int | float | None
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MAX_CELL = 32_000


def safe_text(text: str) -> str:
    """The text as a cell may hold it: no formula (after OWASP's "CSV injection"), no control characters."""
    cleaned = ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL]
    return (
        f"'{cleaned}"
        if cleaned.lstrip().startswith(_STARTS_FORMULA) or cleaned.startswith(_STARTS_FORMULA)
        else cleaned
    )


def iter_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a CSV file, with the byte-order mark by which Excel knows UTF-8."""
    yield "\ufeff"
    for row in (header, *rows):
        line = io.StringIO()
        csv.writer(line).writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()


def make_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same table as a workbook; every text cell is of the type text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in (header, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=(safe_text(value) or None) if isinstance(value, str) else value)
            if isinstance(cell.value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
