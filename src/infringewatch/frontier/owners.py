"""Names of crawler processes: whose lease is it, and does that process of this machine still live?"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path


def new_owner() -> str:
    """``machine:process:start:random``; the start tells a process from a later one with the same number."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{secrets.token_hex(4)}"


def dead_owners(owners: Iterable[str]) -> list[str]:
    """Those of this machine whose process is gone. Of other machines nothing is known: their leases run out."""
    return [owner for owner in sorted(set(owners)) if _is_dead(owner)]


def _is_dead(owner: str) -> bool:
    machine, _, rest = owner.partition(":")
    number, _, rest = rest.partition(":")
    if machine != socket.gethostname() or not number.isdigit():
        return False
    return not _lives(int(number)) or _started(int(number)) != rest.partition(":")[0]


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(number)[:1] != ["Z"]  # a killed one stays as a zombie until its parent, or init, asks about it


def _started(number: int) -> str:
    """The kernel's start tick of a process; empty where the system does not tell (then the number must do)."""
    return "".join(_stat(number)[19:20])


def _stat(number: int) -> list[str]:
    """The state, and what follows it in the kernel's line on a process (proc_pid_stat(5)); empty where there is none."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
