"""Named places where a test can kill the process, to show that nothing is lost there. Silent in normal use."""

from __future__ import annotations

import os
import signal

_NAME, _, _COUNT = os.environ.get("INFRINGEWATCH_FAULT", "").partition(":")
_remaining = int(_COUNT or 1)

FAULT_POINTS = ("after_fetch", "after_seal", "after_record", "before_acknowledgement")
"""The points that every page of a crawl passes."""
SENDING_FAULT_POINTS = ("before_channel", "after_channel")
"""The points that every notice passes which a channel sends."""


def fault_point(name: str) -> None:
    """SIGKILL to this very process at the N-th passage, where ``INFRINGEWATCH_FAULT=name:N`` asks for it."""
    global _remaining
    if name != _NAME:
        return
    _remaining -= 1
    if _remaining == 0:
        os.kill(os.getpid(), signal.SIGKILL)
