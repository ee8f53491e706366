"""What an allow-list row covers: a seller by name, or a licensed address by host and path. Pure.

Both matching (before a hit exists) and actions (when a row is added later) ask here, so that they agree.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from infringewatch.normalise import fold_text, host_of


def is_same_seller(allowed: str, seller: str) -> bool:
    """Whether two names are one seller: equal after folding, spaces aside. No part of a name counts."""
    return bool(seller) and _bare(allowed) == _bare(seller)


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
