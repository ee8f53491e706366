"""Which row of a right's allow-list covers an item on a day: its seller, or the place where it stands."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from infringewatch.model import AllowRow, Item, Right
from infringewatch.normalise import canonical_url, fold_text


def find_permission(item: Item, right: Right, day: date) -> AllowRow | None:
    """The first row in force that covers the item; ``None`` where nobody allowed it."""
    for row in right.allow:
        if row.covers(day) and (
            _names_seller(row, item) if row.column == "authorised_sellers" else covers_url(row.value, item.url)
        ):
            return row
    return None


def _names_seller(row: AllowRow, item: Item) -> bool:
    wanted = _bare(row.value)
    return bool(wanted) and any(
        _bare(name) == wanted for name in (item.seller, item.shop, item.channel, item.publisher, item.author) if name
    )


def _bare(name: str) -> str:
    return "".join(fold_text(name).split())


def covers_url(allowed: str, url: str) -> bool:
    """Whether ``allowed`` (``host``, ``host:port``, ``*.host``, each with an optional path prefix) covers ``url``.

    A prefix is compared by whole segments: ``host/official/`` covers ``/official/1`` and not ``/officials``.
    """
    if not url:
        return False
    place, _, prefix = allowed.partition("/")
    parts = urlsplit(canonical_url(url))
    if not _covers_host(place.lower(), parts.hostname or "", parts.netloc):
        return False
    wanted = [segment for segment in prefix.split("/") if segment]
    return [segment for segment in parts.path.split("/") if segment][: len(wanted)] == wanted


def _covers_host(place: str, host: str, netloc: str) -> bool:
    if place.startswith("*."):
        return host.endswith(place[1:])
    asked = urlsplit(canonical_url(f"http://{place}/"))
    return host == asked.hostname and (":" not in place or netloc == place or netloc == asked.netloc)
