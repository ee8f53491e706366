"""Rights as rows and as records: a row keeps its watch-list line with its files named by content in the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from infringewatch.model import JSON, AllowRow, RightKind, WorkType
from infringewatch.model import Right as RightRecord
from infringewatch.store.models import AllowEntry, Right

_PATHS = ("text_path", "video_path")
_PATH_LISTS = ("image_paths", "logo_paths")
_LISTS = ("nice_classes", "aliases", "article_nos")
_TEXTS = ("name", "registration_no", "holder", "author", "currency", "mark", "notes")
_DATES = ("valid_from", "valid_until")


def to_data(right: RightRecord, files: dict[Path, str]) -> dict[str, JSON]:
    """The JSON of a right; ``files`` says under which name of the library each of its files is kept."""
    data: dict[str, Any] = {"kind": str(right.kind), "famous": right.famous}
    data |= {name: getattr(right, name) for name in _TEXTS}
    data |= {name: list(getattr(right, name)) for name in _LISTS}
    data |= {name: value.isoformat() if (value := getattr(right, name)) else None for name in _DATES}
    data["work_type"] = str(right.work_type) if right.work_type else None
    data["reference_price"] = str(right.reference_price) if right.reference_price is not None else None
    data |= {name: files[value] if (value := getattr(right, name)) else None for name in _PATHS}
    data |= {name: [files[path] for path in getattr(right, name)] for name in _PATH_LISTS}
    return data


def from_data(data: dict[str, JSON], allow: Sequence[AllowRow], library: Path) -> RightRecord:
    """The right that ``to_data`` described, with its files in ``library``."""
    values: dict[str, Any] = {name: data.get(name) or "" for name in _TEXTS}
    values |= {name: tuple(data.get(name) or ()) for name in _LISTS}
    values |= {name: date.fromisoformat(data[name]) if data.get(name) else None for name in _DATES}
    values |= {name: library / data[name] if data.get(name) else None for name in _PATHS}
    values |= {name: tuple(library / path for path in data.get(name) or ()) for name in _PATH_LISTS}
    return RightRecord(
        kind=RightKind(data["kind"]),
        famous=bool(data.get("famous")),
        work_type=WorkType(data["work_type"]) if data.get("work_type") else None,
        reference_price=Decimal(data["reference_price"]) if data.get("reference_price") else None,
        allow=tuple(allow),
        **values,
    )


def load_rights(watch_lists: Sequence[int], library: Path) -> list[tuple[Right, RightRecord]]:
    """The standing rights of these lists with their permissions in force, in the order of their keys."""
    rows = Right.objects.filter(watch_list_id__in=watch_lists, withdrawn_at__isnull=True).order_by("pk")
    entries = AllowEntry.objects.filter(right__watch_list_id__in=watch_lists, ended_at__isnull=True)
    allow: dict[int, list[AllowRow]] = {}
    for entry in entries.order_by("pk").iterator():
        row = AllowRow(entry.row_id, entry.column, entry.value, entry.valid_from, entry.valid_until)
        allow.setdefault(entry.right_id, []).append(row)
    return [(row, from_data(row.data, allow.get(row.pk, ()), library)) for row in rows.iterator()]
