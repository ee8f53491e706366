"""A watch list's file as a header and numbered rows of cells, whatever its format. Nothing is judged here."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from infringewatch.decoding import decode_bytes
from infringewatch.errors import WatchListError
from infringewatch.watchlist.workbooks import Sheet, open_sheet

Cell = str | tuple[str, ...]
MAX_FILE_BYTES = 512 << 20
MAX_ROWS = 1_000_000
MAX_COLUMNS = 256
_MAX_CELL = 1 << 20
_MAX_UNPACKED = 384 << 20  # of a workbook; 100,000 rows of 14 columns unpack to 79 MB
_MAX_RATIO = 100  # sheets shrink to a tenth, very even ones to a fortieth; a bomb to a thousandth

# what a damaged, locked or hostile archive breaks, in zipfile, zlib and expat
_DAMAGED = (ValueError, LookupError, ExpatError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError,
            NotImplementedError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` as a spreadsheet shows it. ``fault`` says why the row could not even be taken apart."""

    number: int
    cells: tuple[Cell, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(self.cells)


@dataclass(frozen=True, slots=True)
class Grid:
    """``total`` is the number of rows where it is known beforehand, else 0. ``rows`` can be read once."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    total: int = 0


def open_grid(path: Path, data: bytes) -> Grid:
    """The grid of a file's bytes, by its ending. Raises WatchListError where they are no such file."""
    reader = _READERS.get(path.suffix.lower())
    if path.suffix.lower() == ".zip":
        raise WatchListError(f"{path}: is a ZIP: unpack it and name the list in it")
    if reader is None:
        raise WatchListError(f"{path}: is no CSV, TSV, XLSX or JSON file")
    return reader(path, data)


def _open_csv(path: Path, data: bytes) -> Grid:
    text, _ = decode_bytes(data)
    if "\0" in text:
        raise WatchListError(f"{path}: is no text file")
    csv.field_size_limit(_MAX_CELL)
    lines = io.StringIO(text, newline="")
    rows = _iter_csv(csv.reader(lines, delimiter=_delimiter(path, text), strict=True))
    first = next(rows, None)
    if first is None or first.fault:
        raise WatchListError(f"{path}: {first.fault if first else 'is empty'}")
    return Grid(tuple(str(cell) for cell in first.cells), rows, max(text.count("\n"), text.count("\r")))


def _delimiter(path: Path, text: str) -> str:
    """Tabs in a TSV; elsewhere the mark that the header row uses most."""
    head = text[:10_000].splitlines()[0] if text.strip() else ""
    return "\t" if path.suffix.lower() == ".tsv" else max(",\t;", key=head.count)


def _iter_csv(reader: Any) -> Iterator[Row]:
    """The rows in order; a row that cannot be taken apart is handed on with its fault, and the next ones go on."""
    number = 0
    while True:
        number += 1
        try:
            yield Row(number, tuple(cell.strip() for cell in next(reader)))
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a quotation mark is opened here and never closed" if "end of data" in str(error) else str(error)
            yield Row(number, (), reason)


def _open_xlsx(path: Path, data: bytes) -> Grid:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        size = sum(entry.file_size for entry in archive.infolist())
        if size > _MAX_UNPACKED or size > _MAX_RATIO * (len(data) + 100_000):
            raise WatchListError(f"{path}: would unpack to {size / 1e6:,.0f} MB, which is refused")
        sheet = open_sheet(archive, MAX_COLUMNS)
        rows = _iter_xlsx(path, sheet)
        header = next(rows, None)
    except _DAMAGED as error:
        raise WatchListError(f"{path}: is no readable XLSX workbook ({error})") from error
    if header is None:
        raise WatchListError(f"{path}: is empty")
    return Grid(tuple(str(cell) for cell in header.cells), rows, sheet.total)


def _iter_xlsx(path: Path, sheet: Sheet) -> Iterator[Row]:
    try:
        for number, values in sheet.rows:
            yield Row(number, tuple(map(_cell_text, values)))
    except _DAMAGED as error:
        raise WatchListError(f"{path}: the workbook is damaged ({error})") from error


def _open_json(path: Path, data: bytes) -> Grid:
    try:
        content = json.loads(decode_bytes(data)[0], parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WatchListError(f"{path}: is no valid JSON ({error})") from error
    entries = content.get("rights") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise WatchListError(f'{path}: a list of objects, or an object with "rights", is needed')
    header = tuple(dict.fromkeys(str(key) for entry in entries if isinstance(entry, dict) for key in entry))
    return Grid(header, _iter_json(entries, header), len(entries) + 1)


def _iter_json(entries: list[Any], header: tuple[str, ...]) -> Iterator[Row]:
    """The first object is row 2, as it would be in a sheet with a header."""
    for number, entry in enumerate(entries, 2):
        if not isinstance(entry, dict):
            yield Row(number, (), "a JSON object is needed")
            continue
        wrong = next((key for key, value in entry.items() if not _is_plain(value)), None)
        if wrong is not None:
            yield Row(number, (), f"{wrong}: a text, a number, yes or no, or a list of texts is needed")
            continue
        yield Row(number, tuple(_json_cell(entry.get(key)) for key in header))


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return not any(isinstance(part, (dict, list)) for part in value)
    return not isinstance(value, dict)


def _json_cell(value: Any) -> Cell:
    return tuple(filter(None, map(_cell_text, value))) if isinstance(value, list) else _cell_text(value)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _cell_text(value: Any) -> str:
    """A cell as a person would have typed it: whole numbers without ``.0``, dates without a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


_READERS: dict[str, Callable[[Path, bytes], Grid]] = {
    ".csv": _open_csv,
    ".tsv": _open_csv,
    ".txt": _open_csv,
    ".xlsx": _open_xlsx,
    ".json": _open_json,
}
