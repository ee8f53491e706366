"""What a right holder hands in: a row of a watch list, and who may use what it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path


class RightKind(StrEnum):
    TRADEMARK = "trademark"
    PRODUCT = "product"
    COPYRIGHT = "copyright"
    GEOGRAPHICAL_INDICATION = "geographical_indication"
    PLANT_VARIETY = "plant_variety"


class WorkType(StrEnum):
    LITERATURE = "literature"
    AUDIOVISUAL = "audiovisual"
    MUSIC = "music"
    SOFTWARE = "software"
    ART = "art"


@dataclass(frozen=True, slots=True)
class AllowRow:
    """One permission: a seller that may use the mark, or a host (and part of it) that may carry the work.

    ``id`` is ``registration_no/column/value``. ``column`` is ``authorised_sellers`` or ``licensed_hosts``.
    ``value`` is the seller's name, or the host as written without its dates: ``host``, ``host:port``,
    ``*.host``, each with an optional ``/path/prefix/`` that is compared by whole segments.
    """

    id: str
    column: str
    value: str
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Right:
    """One row of a watch list. Paths are resolved and known to lie inside the list's folder.

    ``row`` is the row as a spreadsheet shows it (the header is 1), for messages only.
    """

    kind: RightKind
    name: str
    registration_no: str
    holder: str = ""
    nice_classes: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    author: str = ""
    work_type: WorkType | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    famous: bool = False
    reference_price: Decimal | None = None
    currency: str = ""
    text_path: Path | None = None
    image_paths: tuple[Path, ...] = ()
    logo_paths: tuple[Path, ...] = ()
    video_path: Path | None = None
    allow: tuple[AllowRow, ...] = ()
    mark: str = ""
    article_nos: tuple[str, ...] = ()
    notes: str = ""
    row: int = field(default=0, compare=False)

    @property
    def is_work(self) -> bool:
        return self.kind is RightKind.COPYRIGHT

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
