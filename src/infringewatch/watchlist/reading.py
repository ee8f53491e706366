"""A whole watch list: its header, its rows, and what only the rows together show."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from infringewatch.errors import Fault, WatchListError
from infringewatch.model import Right, RightKind
from infringewatch.watchlist.cells import KINDS_ZH, read_word
from infringewatch.watchlist.columns import REQUIRED, column_of
from infringewatch.watchlist.grids import MAX_FILE_BYTES, MAX_ROWS, Grid, Row, open_grid
from infringewatch.watchlist.rows import RowReader

Progress = Callable[[int, int], object]
_STEP = 1000
_MARKS = (RightKind.TRADEMARK, RightKind.GEOGRAPHICAL_INDICATION)


@dataclass(frozen=True, slots=True)
class WatchListFile:
    """What a file holds. ``rights`` are the rows without a fault; ``rows`` counts all that are not blank.

    ``sha256`` is that of the list's own bytes, not of the files it names.
    """

    path: Path
    rights: tuple[Right, ...]
    faults: tuple[Fault, ...]
    unknown_columns: tuple[str, ...]
    sha256: str
    rows: int


def read_watchlist(path: Path, *, default_holder: str = "", progress: Progress | None = None) -> WatchListFile:
    """Read a CSV, TSV, XLSX or JSON list; ``progress`` is called with rows done and rows in all (0: not known).

    Never raises for a faulty row: it is in ``faults``, with row and column. Raises WatchListError where the
    file cannot be read at all.
    """
    data = _read_bytes(path)
    grid = open_grid(path, data)
    reading = _Reading(path, path.resolve().parent, default_holder)
    columns = reading.read_header(grid)
    if columns:
        for row in _counted(grid, progress):
            reading.take(row, columns)
        reading.check_products()
    rights = tuple(right for right in reading.rights if right.row not in reading.faulty_rows)
    faults = tuple(sorted(reading.faults, key=lambda fault: fault.line or 0))
    return WatchListFile(path, rights, faults, reading.unknown, hashlib.sha256(data).hexdigest(), reading.rows)


@dataclass(slots=True)
class _Reading:
    path: Path
    folder: Path
    default_holder: str
    rights: list[Right] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    rows: int = 0
    _headings: tuple[str, ...] = ()
    _numbers: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def faulty_rows(self) -> set[int]:
        return {fault.line for fault in self.faults if fault.line is not None}

    def read_header(self, grid: Grid) -> list[str | None]:
        """The column of each place; empty where the header cannot be used."""
        self._headings = grid.header
        columns = [column_of(heading) for heading in grid.header]
        self.unknown = tuple(h[:80] for h, column in zip(grid.header, columns, strict=True) if column is None and h)
        counts = Counter(filter(None, columns))
        wrong = [(column, "stands in the header twice") for column, count in counts.items() if count > 1]
        wrong += [(column, "this column is missing") for column in REQUIRED if column not in counts]
        self.faults += [Fault(str(self.path), reason, 1, column) for column, reason in wrong]
        return [] if wrong else columns

    def take(self, row: Row, columns: list[str | None]) -> None:
        if row.is_blank:
            return
        self.rows += 1
        if row.fault:
            self.faults.append(Fault(str(self.path), row.fault, row.number))
            return
        nameless = [place for place, cell in enumerate(row.cells) if cell and not self._has_heading(place)]
        if nameless:
            reason = f"cell {nameless[0] + 1} has no heading"
            self.faults.append(Fault(str(self.path), reason, row.number))
            return
        named = {column: cell for column, cell in zip(columns, row.cells, strict=False) if column and cell}
        reader = RowReader(str(self.path), row.number, named, self.folder, self.default_holder)
        right = reader.read()
        self.faults += reader.faults
        self._note_number(row.number, named)
        if right is not None:
            self.rights.append(right)

    def _has_heading(self, place: int) -> bool:
        return place < len(self._headings) and bool(self._headings[place])

    def check_products(self) -> None:
        """A product's mark must stand in the list, on a row without faults."""
        faulty = self.faulty_rows
        for right in self.rights:
            if right.kind is not RightKind.PRODUCT:
                continue
            row, kind = self._numbers.get(_key(right.mark), (0, ""))
            if kind not in _MARKS:
                self._fault(right.row, "mark", f"no trademark in this list has the registration_no {right.mark!r}")
            elif row in faulty:
                self._fault(right.row, "mark", f"the trademark {right.mark!r} has faults itself (row {row})")

    def _note_number(self, row: int, named: dict[str, str | tuple[str, ...]]) -> None:
        number = named.get("registration_no")
        if not isinstance(number, str):
            return
        if _key(number) in self._numbers:
            first = self._numbers[_key(number)][0]
            self._fault(row, "registration_no", f"{number!r} stands in row {first} already")
            return
        self._numbers[_key(number)] = (row, _kind_of(named))

    def _fault(self, row: int, column: str, reason: str) -> None:
        self.faults.append(Fault(str(self.path), reason, row, column))


def _kind_of(named: dict[str, str | tuple[str, ...]]) -> str:
    """The row's kind as one of our words, where it is one; read again because the row itself may be faulty."""
    raw = named.get("kind")
    try:
        return read_word(raw, RightKind, KINDS_ZH) if isinstance(raw, str) else ""
    except ValueError:
        return ""


def _key(number: str) -> str:
    return unicodedata.normalize("NFKC", number).strip()


def _counted(grid: Grid, progress: Progress | None) -> Iterator[Row]:
    for done, row in enumerate(grid.rows, 1):
        if done > MAX_ROWS:
            raise WatchListError(f"the list has more than {MAX_ROWS:,} rows: divide it")
        yield row
        if progress is not None and done % _STEP == 0:
            progress(done, grid.total)


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise WatchListError(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_FILE_BYTES:
        raise WatchListError(f"{path}: is larger than {MAX_FILE_BYTES >> 20} MB")
    return data
