"""One row of a watch list to one right, with every fault that the row has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from infringewatch.errors import Fault
from infringewatch.model import AllowRow, Right, RightKind, WorkType
from infringewatch.normalise import storable_text
from infringewatch.watchlist import cells as read
from infringewatch.watchlist.columns import LISTS, REQUIRED
from infringewatch.watchlist.grids import Cell

_T = TypeVar("_T")
_SEPARATOR = re.compile("[;；]")
_LONGEST = {"name": 500, "registration_no": 120, "holder": 300, "author": 300, "mark": 120, "notes": 20_000}
_LONGEST_ENTRY = 300


@dataclass(slots=True)
class RowReader:
    """Reads one row; ``faults`` fills while it does. ``cells`` are by column name; empty ones are left out."""

    file: str
    number: int
    cells: Mapping[str, Cell]
    folder: Path
    default_holder: str
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Right | None:
        """The right; ``None`` where the row has faults."""
        if not self._is_plain():
            for column, cell in self.cells.items():
                self._check_text(column, cell)
        for column in REQUIRED:
            if column not in self.cells:
                self._fault(column, "is missing")
        right = self._build() if not self.faults or self._can_go_on() else None
        return None if self.faults else right

    def _is_plain(self) -> bool:
        """One look at the whole row spares nearly every row the look at each cell (a third of the time)."""
        texts = [cell for cell in self.cells.values() if isinstance(cell, str)]
        if len(texts) < len(self.cells) or max(map(len, texts), default=0) > min(_LONGEST.values()):
            return False
        joined = "".join(texts)
        return storable_text(joined) == joined

    def _can_go_on(self) -> bool:
        """Faulty required cells do not hide the faults of the others."""
        return all(not isinstance(self.cells.get(column, ""), tuple) for column in REQUIRED)

    def _build(self) -> Right:
        no = self._text("registration_no")
        right = Right(
            kind=self._one("kind", lambda raw: read.read_word(raw, RightKind, read.KINDS_ZH)) or RightKind.TRADEMARK,
            name=self._text("name"),
            registration_no=no,
            holder=self._text("holder") or self.default_holder,
            nice_classes=tuple(dict.fromkeys(self._many("nice_classes", read.read_nice_class, split="[;；,，、]"))),
            aliases=self._names("aliases"),
            author=self._text("author"),
            work_type=self._one("work_type", lambda raw: read.read_word(raw, WorkType, read.WORK_TYPES_ZH)),
            valid_from=self._one("valid_from", read.read_day),
            valid_until=self._one("valid_until", read.read_day),
            famous=self._one("famous", read.read_flag) or False,
            reference_price=self._one("reference_price", read.read_price),
            currency=self._one("currency", read.read_currency) or "",
            text_path=self._one("text_path", lambda raw: read.read_path(raw, self.folder, folder_allowed=True)),
            image_paths=tuple(self._many("image_paths", lambda raw: read.read_path(raw, self.folder))),
            logo_paths=tuple(self._many("logo_paths", lambda raw: read.read_path(raw, self.folder))),
            video_path=self._one("video_path", lambda raw: read.read_path(raw, self.folder)),
            allow=self._permissions(no),
            mark=self._text("mark"),
            article_nos=self._names("article_nos"),
            notes=self._text("notes"),
            row=self.number,
        )
        if right.valid_from and right.valid_until and right.valid_from > right.valid_until:
            self._fault("valid_until", f"{right.valid_until} lies before valid_from ({right.valid_from})")
        if right.kind is RightKind.PRODUCT and not right.mark:
            self._fault("mark", "a product needs the registration_no of its trademark")
        return right

    def _permissions(self, no: str) -> tuple[AllowRow, ...]:
        rows = self._many("authorised_sellers", lambda raw: read.read_seller(raw, no))
        for row in self._many("licensed_hosts", lambda raw: read.read_licence(raw, no)):
            if any(row.id == other.id for other in rows):
                self._fault("licensed_hosts", f"{row.value!r} stands here twice; its findings could not say which")
            rows.append(row)
        return tuple({row.id: row for row in rows}.values())

    def _text(self, column: str) -> str:
        cell = self.cells.get(column, "")
        return cell if isinstance(cell, str) else ""

    def _names(self, column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._many(column, str)))

    def _one(self, column: str, convert: Callable[[str], _T]) -> _T | None:
        raw = self._text(column)
        if not raw:
            return None
        try:
            return convert(raw)
        except ValueError as error:
            self._fault(column, str(error))
            return None

    def _many(self, column: str, convert: Callable[[str], _T], *, split: str = "") -> list[_T]:
        found = []
        for raw in self._parts(column, split):
            try:
                found.append(convert(raw))
            except ValueError as error:
                self._fault(column, str(error))
        return found

    def _parts(self, column: str, split: str) -> list[str]:
        cell = self.cells.get(column, "")
        if not cell:
            return []
        parts = cell if isinstance(cell, tuple) else (re.split(split, cell) if split else _SEPARATOR.split(cell))
        return [part.strip() for part in parts if part.strip()]

    def _check_text(self, column: str, cell: Cell) -> None:
        if isinstance(cell, tuple) and column not in LISTS:
            self._fault(column, "a single value is needed, not a list")
        parts = cell if isinstance(cell, tuple) else (cell,)
        if any(storable_text(part) != part for part in parts):
            self._fault(column, "holds a character that cannot be stored (a control or half a character)")
        if column in LISTS:
            longest, parts = _LONGEST_ENTRY, tuple(self._parts(column, ""))
        else:
            longest = _LONGEST.get(column, 1000)
        if any(len(part) > longest for part in parts):
            self._fault(column, f"is longer than {longest} characters")

    def _fault(self, column: str, reason: str) -> None:
        self.faults.append(Fault(self.file, reason, self.number, column))
