"""Names of hosts as people write them in profiles and watch lists. Pure; resolves nothing."""

from __future__ import annotations

import re

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


def _split_ipv6(value: str) -> tuple[str, str, str]:
    name, bracket, rest = value.partition("]")
    return name + bracket, ":", rest.removeprefix(":")


def _to_ascii(name: str) -> str:
    star, rest = ("*.", name[2:]) if name.startswith("*.") else ("", name)
    try:
        return star + (rest if rest.isascii() else rest.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        return ""
