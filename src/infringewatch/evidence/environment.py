"""What a court asks of the machine that captured: system, versions, proxies, hosts file. No host name, no secrets."""

from __future__ import annotations

import hashlib
import platform
import time
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.request import getproxies

from infringewatch import __version__
from infringewatch.model import JSON

SOFTWARE = f"InfringeWatch {__version__}"
_PACKAGES = ("scrapy", "twisted", "playwright", "warcio", "cryptography")
_UNKNOWN = "not known"


@cache
def describe_environment() -> dict[str, JSON]:
    """Read once a process; a change of the hosts file or the clock while it runs is not seen.

    Proxies are named by scheme only, because their addresses may hold passwords.
    """
    return {
        "software": SOFTWARE,
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": _machine_id(),
        "packages": {name: _version_of(name) for name in _PACKAGES},
        "proxies": sorted(getproxies()),
        "hosts_file_sha256": _hash_of(Path("/etc/hosts")),
        "time_zone": time.strftime("%Z%z"),
        "clock": "the system's clock; not compared with a time service",
    }


def _version_of(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _hash_of(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return _UNKNOWN


def _machine_id() -> str:
    """Tells one machine from another without naming it: part of a hash of the system's own id."""
    try:
        return hashlib.sha256(b"infringewatch " + Path("/etc/machine-id").read_bytes()).hexdigest()[:16]
    except OSError:
        return _UNKNOWN
