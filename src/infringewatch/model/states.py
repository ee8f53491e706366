"""What people decide, the states of rows, and who may follow whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What a person says of a hit."""

    INFRINGING = "infringing"
    NOT_INFRINGING = "not_infringing"
    UNSURE = "unsure"
    AUTHORISED = "authorised"


class HitState(StrEnum):
    """Where a hit stands with us. What the page itself does is ``Presence``."""

    NEW = "new"
    UNSURE = "unsure"
    INFRINGING = "infringing"
    NOT_INFRINGING = "not_infringing"
    AUTHORISED = "authorised"
    NOTICED = "noticed"
    CLOSED = "closed"


HIT_FOLLOWS: dict[HitState, frozenset[HitState]] = {
    HitState.NEW: frozenset({HitState.UNSURE, HitState.INFRINGING, HitState.NOT_INFRINGING, HitState.AUTHORISED}),
    HitState.UNSURE: frozenset({HitState.NEW, HitState.INFRINGING, HitState.NOT_INFRINGING, HitState.AUTHORISED}),
    HitState.INFRINGING: frozenset(
        {HitState.NEW, HitState.UNSURE, HitState.NOT_INFRINGING, HitState.AUTHORISED, HitState.NOTICED}
    ),
    HitState.NOT_INFRINGING: frozenset({HitState.NEW, HitState.UNSURE, HitState.INFRINGING, HitState.AUTHORISED}),
    HitState.AUTHORISED: frozenset({HitState.NEW, HitState.UNSURE, HitState.INFRINGING, HitState.NOT_INFRINGING}),
    HitState.NOTICED: frozenset({HitState.CLOSED, HitState.INFRINGING}),
    HitState.CLOSED: frozenset({HitState.INFRINGING}),
}


class Presence(StrEnum):
    """Whether the page is still there. GONE is believed after three clean misses in a row."""

    PRESENT = "present"
    MISSING = "missing"
    GONE = "gone"
    RELISTED = "relisted"


MISSES_UNTIL_GONE = 3


class RunState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    FAILED = "failed"


RUN_FOLLOWS: dict[RunState, frozenset[RunState]] = {
    RunState.DUE: frozenset({RunState.RUNNING, RunState.INTERRUPTED}),
    RunState.RUNNING: frozenset({RunState.FINISHED, RunState.INTERRUPTED, RunState.FAILED}),
    RunState.INTERRUPTED: frozenset({RunState.RUNNING, RunState.DUE}),
    RunState.FAILED: frozenset({RunState.RUNNING, RunState.DUE}),
    RunState.FINISHED: frozenset(),
}


class DueState(StrEnum):
    """A recheck or a capture request: claimed by a conditional update, then ended."""

    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"
    NEEDS_BROWSER = "needs_browser"
    FAILED = "failed"


class NoticeState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


BY_HAND = "by_hand"
"""The channel of a notice that a person sends, and then marks as sent."""

NOTICE_FOLLOWS: dict[NoticeState, frozenset[NoticeState]] = {
    NoticeState.DRAFT: frozenset({NoticeState.QUEUED, NoticeState.WITHDRAWN}),
    NoticeState.QUEUED: frozenset({NoticeState.SENDING, NoticeState.DRAFT, NoticeState.WITHDRAWN}),
    NoticeState.SENDING: frozenset({NoticeState.SENT, NoticeState.UNCERTAIN}),
    NoticeState.UNCERTAIN: frozenset({NoticeState.SENT, NoticeState.QUEUED, NoticeState.WITHDRAWN}),
    NoticeState.SENT: frozenset({NoticeState.WITHDRAWN}),
    NoticeState.WITHDRAWN: frozenset(),
}


class NoticeEventKind(StrEnum):
    """What happens to a notice once it is out. Clocks of ``rules/regimes`` start and end on these."""

    SENT = "notice_sent"
    RECEIVED = "notice_received"
    REMOVED = "removed"
    REFUSED = "refused"
    COUNTER_RECEIVED = "counter_received"
    COUNTER_FORWARDED = "counter_forwarded"
    COMPLAINED = "complained"
    SUED = "sued"
    REINSTATED = "reinstated"
    DECISION_RECEIVED = "decision_received"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """What a user may do. A right holder sees its own tenant's rows only; a trainee decides but sends nothing."""

    ANALYST = "analyst"
    OPERATOR = "operator"
    RIGHTS_HOLDER = "rights_holder"
    TRAINEE = "trainee"


@dataclass(frozen=True, slots=True)
class GatePass:
    """The gate's word that one text may be sent: it names the hash of exactly that text."""

    text_sha256: str
    regime: str
    gate_version: str
    passed_at: datetime
    four_eyes_by: str = ""
