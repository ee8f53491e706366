"""One thing seen online, in the items format that other programs rely on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from operator import attrgetter
from typing import Any

from infringewatch.errors import SkipItem
from infringewatch.model.values import JSON


class ItemKind(StrEnum):
    LISTING = "listing"
    CHAPTER = "chapter"
    BOOK = "book"
    VIDEO = "video"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing seen online, in the design's items format. Empty string and ``None`` both mean "not known"."""

    id: str
    kind: ItemKind
    url: str = ""
    parent_url: str = ""
    position: int | None = None
    title: str = ""
    description: str = ""
    seller: str = ""
    shop: str = ""
    channel: str = ""
    publisher: str = ""
    price: Decimal | None = None
    currency: str = ""
    brand: str = ""
    sku: str = ""
    gtin: str = ""
    availability: str = ""
    category: str = ""
    nice_class: int | None = None
    author: str = ""
    text: str = ""
    image_urls: tuple[str, ...] = ()
    image_paths: tuple[str, ...] = ()
    video_path: str = ""
    duration_s: float | None = None
    published_at: str = ""
    seen_at: str = ""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def from_record(cls, record: Mapping[str, JSON]) -> Item:
        """One line of the items format.

        Raises SkipItem, with the field and the reason, where the line cannot be an item.
        Unknown keys are ignored: other programs may keep their own notes on a line.
        """
        if not isinstance(record, Mapping):
            raise SkipItem("an item must be a JSON object")
        values: dict[str, Any] = {}
        for spec in fields(cls):
            raw = record.get(spec.name)
            if raw is None:
                continue
            try:
                values[spec.name] = _READ_FIELD.get(spec.name, _read_text)(raw)
            except (ValueError, TypeError, InvalidOperation) as error:
                raise SkipItem(f"{spec.name}: {error}") from error
        if not values.get("id"):
            raise SkipItem("id: an item needs one")
        if "kind" not in values:
            raise SkipItem(f"kind: one of {', '.join(ItemKind)} is needed")
        return cls(**values)

    def to_record(self) -> dict[str, JSON]:
        """The line of the items format: known fields only, plain JSON values, prices as numbers."""
        values = zip(_NAMES, _values_of(self), strict=True)
        return {name: _plain(value) for name, value in values if value or value == 0}


_NAMES = tuple(spec.name for spec in fields(Item))
_values_of = attrgetter(*_NAMES)


def _read_text(raw: object) -> str:
    if isinstance(raw, (dict, list, bool)):
        raise TypeError("text is needed")
    return str(raw)


def _read_texts(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise TypeError("a list of texts is needed")
    return tuple(_read_text(part) for part in raw)


def _read_price(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise TypeError("a number is needed")
    if raw == "":
        return None
    price = Decimal(str(raw))
    if not price.is_finite():
        raise ValueError("a finite number is needed")
    return price


def _read_number(raw: Any) -> float | None:
    return None if raw == "" else float(raw)


def _read_integer(raw: Any) -> int | None:
    return None if raw == "" else int(raw)


_READ_FIELD: dict[str, Any] = {
    "kind": ItemKind,
    "position": _read_integer,
    "price": _read_price,
    "nice_class": _read_integer,
    "image_urls": _read_texts,
    "image_paths": _read_texts,
    "duration_s": _read_number,
    "sources": dict,
}


def _plain(value: Any) -> JSON:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
