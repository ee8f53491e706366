"""What a crawl may ask for: the hosts of its campaign, on their ports, and no private address unless that is allowed.

Pure functions on addresses; the resolver and the middleware apply them to every hop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from infringewatch.normalise import host_of

_DEFAULT_PORTS = {"http": 80, "https": 443}


def is_private(address: str) -> bool:
    """Whether an IP address is anything but a public one (loopback, intranet, link-local, cloud metadata …).

    An address that embeds a private IPv4 one (mapped, 6to4, NAT64) is private too.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        embedded = parsed.ipv4_mapped or parsed.sixtofour or _nat64(parsed)
        if embedded is not None:
            return is_private(str(embedded))
    return not parsed.is_global or parsed.is_multicast


def _nat64(address: IPv6Address) -> IPv4Address | None:
    packed = address.packed
    return IPv4Address(packed[12:]) if packed[:12] == bytes.fromhex("0064ff9b0000000000000000") else None


@dataclass(frozen=True, slots=True)
class SiteScope:
    """One host (``host``, ``*.host``, each with an optional ``:port``) and the addresses on it that are wanted."""

    host: str
    port: int | None = None
    wildcard: bool = False

    @classmethod
    def read(cls, text: str) -> SiteScope:
        """From ``host``, ``host:port``, ``*.host``; a whole address counts by its host and port."""
        parts = urlsplit(text if "//" in text else f"//{text}")
        name = parts.hostname or ""
        wildcard = name.startswith("*.")
        bare = host_of(f"//{name.removeprefix('*.')}") if ":" not in name else name
        return cls(bare.removeprefix("www."), parts.port, wildcard)

    def holds(self, host: str, port: int) -> bool:
        """``www.`` is not told from the bare host. Without a port, the two usual ones are meant."""
        if port not in (_DEFAULT_PORTS.values() if self.port is None else (self.port,)):
            return False
        bare = host.removeprefix("www.")
        return bare == self.host or (self.wildcard and bare.endswith(f".{self.host}"))


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of one run, and whether private addresses may be asked."""

    sites: tuple[SiteScope, ...]
    allow_private: bool = False

    @classmethod
    def of(cls, hosts: Iterable[str], *, allow_private: bool = False) -> Scope:
        return cls(tuple(dict.fromkeys(SiteScope.read(host) for host in hosts if host)), allow_private)

    def refusal(self, url: str) -> str:
        """Why this address may not be asked for, in a few words that a report can count; empty where it may."""
        try:
            parts = urlsplit(url)
            port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
        except ValueError:
            return "not an address"
        host = host_of(url)
        if parts.scheme not in _DEFAULT_PORTS:
            return "not a web address"
        if parts.username or parts.password:
            return "an address with a password in it"
        if not host or not any(site.holds(host, port) for site in self.sites):
            return "outside the scope"
        if is_private(host.strip("[]")) and not self.allow_private:
            return "a private address"
        return ""


def unwanted(url: str, allow: Iterable[str], deny: Iterable[str]) -> str:
    """Why a profile does not want this link followed. Start addresses are wanted in any case."""
    if any(re.search(pattern, url) for pattern in deny):
        return "denied by the profile"
    if allow and not any(re.search(pattern, url) for pattern in allow):
        return "not among what the profile allows"
    return ""
