from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infringewatch.frontier import new_owner
from infringewatch.frontier.owners import dead_owners


@pytest.fixture
def zombie() -> Iterator[int]:
    """A process that has ended and that nobody has asked about yet."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    yield child.pid
    child.wait()


def test_a_living_process_is_not_dead() -> None:
    assert dead_owners([new_owner()]) == []


def test_a_process_that_has_ended_is_dead_before_its_parent_asks(zombie: int) -> None:
    started = Path(f"/proc/{zombie}/stat").read_text().rpartition(")")[2].split()[19]
    owner = f"{socket.gethostname()}:{zombie}:{started}:00000000"
    assert dead_owners([owner]) == [owner]


def test_a_later_process_with_the_same_number_is_another_owner() -> None:
    owner = f"{socket.gethostname()}:{os.getpid()}:1:00000000"
    assert dead_owners([owner]) == [owner]


def test_of_other_machines_nothing_is_known() -> None:
    assert dead_owners(["elsewhere:1:1:00000000"]) == []
