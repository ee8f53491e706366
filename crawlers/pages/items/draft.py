"""An item in the making: every field keeps the first value that was offered, and where that came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from infringewatch.model import Item, ItemKind

MAX_SHORT = 500
MAX_DESCRIPTION = 20_000
MAX_TEXT = 2_000_000
MAX_IMAGES = 20
_LONG = {"description": MAX_DESCRIPTION, "text": MAX_TEXT}


@dataclass(slots=True)
class Draft:
    """Offer values in the order of trust; ``build`` makes the frozen item."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def offer(self, name: str, value: Any, source: str) -> None:
        """Take ``value`` for field ``name`` unless there is one already or it is empty."""
        if name in self.values or value is None or value in ("", (), []):
            return
        if isinstance(value, str):
            value = _storable(value)[: _LONG.get(name, MAX_SHORT)].strip()
            if not value:
                return
        self.values[name] = value
        self.sources[name] = source

    def replace(self, name: str, value: Any, source: str) -> None:
        """Take ``value`` in place of what there was, unless it is empty."""
        if value in (None, "", (), []):
            return
        self.values.pop(name, None)
        self.offer(name, value, source)

    def offer_price(self, amount: Decimal | None, currency: str, source: str) -> None:
        """Amount and currency belong together: a currency alone fills only what has none."""
        if amount is not None and "price" not in self.values:
            self.offer("price", amount, source)
            self.offer("currency", currency, source)
        elif currency and "price" in self.values:
            self.offer("currency", currency, source)

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        return str(self.values.get(name) or "")

    def build(self, kind: ItemKind, item_id: str, url: str, seen_at: str = "") -> Item:
        values = dict(self.values)
        if "image_urls" in values:
            values["image_urls"] = tuple(dict.fromkeys(values["image_urls"]))[:MAX_IMAGES]
        return Item(id=item_id, kind=kind, url=url, seen_at=seen_at, sources=dict(self.sources), **values)


def _storable(text: str) -> str:
    """Without lone surrogates and NUL, which neither UTF-8 nor PostgreSQL takes."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
