"""The records that travel between rooms, and the states with who may follow whom.

All are frozen: a stage makes a changed copy (``dataclasses.replace``) and never changes what it was given.
"""

from infringewatch.model.captures import Capture, CapturedFile, Outcome, PageResult, Sealed
from infringewatch.model.findings import MEASURES, AlignedPair, Finding, Level, Queue, Reason, Span
from infringewatch.model.items import Item, ItemKind
from infringewatch.model.rights import AllowRow, Right, RightKind, WorkType
from infringewatch.model.states import (
    BY_HAND,
    HIT_FOLLOWS,
    MISSES_UNTIL_GONE,
    NOTICE_FOLLOWS,
    RUN_FOLLOWS,
    DueState,
    GatePass,
    HitState,
    NoticeEventKind,
    NoticeState,
    Presence,
    Role,
    RunState,
    Verdict,
)
from infringewatch.model.values import JSON

__all__ = [
    "BY_HAND",
    "HIT_FOLLOWS",
    "JSON",
    "MEASURES",
    "MISSES_UNTIL_GONE",
    "NOTICE_FOLLOWS",
    "RUN_FOLLOWS",
    "AlignedPair",
    "AllowRow",
    "Capture",
    "CapturedFile",
    "DueState",
    "Finding",
    "GatePass",
    "HitState",
    "Item",
    "ItemKind",
    "Level",
    "NoticeEventKind",
    "NoticeState",
    "Outcome",
    "PageResult",
    "Presence",
    "Queue",
    "Reason",
    "Right",
    "RightKind",
    "Role",
    "RunState",
    "Sealed",
    "Span",
    "Verdict",
    "WorkType",
]
