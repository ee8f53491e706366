"""What an allow-list row covers: a seller by name, or a licensed address by host and path. Pure.

Both matching (before a hit exists) and actions (when a row is added later) ask here, so that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import unquote, urlsplit

from infringewatch.model import AllowRow, Item, Right
from infringewatch.normalise import fold_text, host_of

SELLER_FIELDS = ("seller", "shop", "channel", "publisher", "author")
"""The fields of an item under which whoever offers it may be named."""


def find_permission(item: Item, right: Right, day: date) -> AllowRow | None:
    """The first row in force on ``day`` that covers the item; ``None`` where nobody allowed it."""
    if not right.allow:
        return None
    names = [getattr(item, field) for field in SELLER_FIELDS]
    return next(
        (row for row in right.allow if row.covers(day) and covers(row.column, row.value, names, item.url)), None
    )


def covers(column: str, value: str, names: Iterable[str], url: str) -> bool:
    """Whether a row of the allow-list names one of the sellers' ``names``, or the place of ``url``."""
    if column == "authorised_sellers":
        return any(is_same_seller(value, name) for name in names)
    return is_licensed_address(value, url)


def is_same_seller(allowed: str, seller: str) -> bool:
    """Whether two names are one seller: equal after folding, spaces aside. No part of a name counts."""
    wanted = _bare(allowed)
    return bool(wanted) and bool(seller) and wanted == _bare(seller)


def is_licensed_address(allowed: str, url: str) -> bool:
    """Whether ``url`` lies under ``allowed``: ``host``, ``host:port``, ``*.host``, each with an optional
    path prefix that is compared by whole segments. A host without port allows every port."""
    host_port, _, prefix = allowed.strip().partition("/")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host, _, wanted_port = host_port.partition(":")
    if port is None:
        port = {"http": 80, "https": 443}.get(parts.scheme)
    if wanted_port and str(port) != wanted_port:
        return False
    return _is_host(host, host_of(url)) and _is_under(prefix, parts.path)


def _is_host(allowed: str, host: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(host_of(f"//x{allowed[1:]}")[1:])
    return bool(host) and host == host_of(f"//{allowed}")


def _is_under(prefix: str, path: str) -> bool:
    wanted = [segment for segment in unquote(prefix).split("/") if segment]
    segments = [segment for segment in unquote(path).split("/") if segment]
    return ".." not in segments and segments[: len(wanted)] == wanted


def _bare(name: str) -> str:
    return "".join(fold_text(name).split())
