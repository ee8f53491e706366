"""Names of hosts as people write them in profiles and watch lists. Pure; resolves nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_LABEL = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)"
_HOST = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*\.?")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")


def is_host(value: str, *, wildcard: bool = True) -> bool:
    """Whether ``value`` is ``host``, ``host:port`` or (where allowed) ``*.host``; names of any script."""
    name, _, port = value.partition(":") if not value.startswith("[") else _split_ipv6(value)
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        return False
    if value.endswith(":") or (name.startswith("*.") and not wildcard):
        return False
    return bool(_IPV6.fullmatch(name) or _HOST.fullmatch(_to_ascii(name)))


def holds(host: str, url: str) -> bool:
    """Whether an address lies on ``host``, ``host:port`` (that port only) or ``*.host``; ``www.`` is not told apart."""
    try:
        named, asked = urlsplit(f"//{host}"), urlsplit(url)
        if named.port is not None and named.port != (asked.port or {"http": 80, "https": 443}.get(asked.scheme)):
            return False
    except ValueError:
        return False
    name = _to_ascii((named.hostname or "").removeprefix("*.")).removeprefix("www.")
    own = _to_ascii(asked.hostname or "").removeprefix("www.")
    return bool(name) and (own == name or ((named.hostname or "").startswith("*.") and own.endswith(f".{name}")))


def _split_ipv6(value: str) -> tuple[str, str, str]:
    name, bracket, rest = value.partition("]")
    return name + bracket, ":", rest.removeprefix(":")


def _to_ascii(name: str) -> str:
    star, rest = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    try:
        return star + (rest if rest.isascii() else rest.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return ""
