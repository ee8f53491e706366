"""What a notice is made of: the case as plain records, and what the gate says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from infringewatch.model import GatePass
from infringewatch.ruleset import Regime


@dataclass(frozen=True, slots=True)
class NoticeHit:
    """One address that is complained of.

    ``evidence`` is the ids of its sealed bundles, ``damaged`` those of them whose bytes no longer verify,
    ``unread`` those that nobody has read yet. ``decided_by`` is who found it infringing and stands by it.
    ``permission`` is the allow-list row that covers it today. ``noticed_at`` is when another notice named the same
    address and right last, ``counter_at`` when somebody answered such a notice with a counter-notice.
    """

    address: str
    title: str
    seller: str
    right_name: str
    registration_no: str
    right_kind: str
    state: str
    evidence: tuple[str, ...]
    right_valid_from: date | None = None
    right_valid_until: date | None = None
    right_withdrawn: bool = False
    decided_by: str = ""
    damaged: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    permission: str = ""
    noticed_at: datetime | None = None
    counter_at: datetime | None = None

    def is_in_force(self, day: date) -> bool:
        """Whether the right stands in its list and is valid on ``day``."""
        begun = self.right_valid_from is None or self.right_valid_from <= day
        ended = self.right_valid_until is not None and self.right_valid_until < day
        return begun and not ended and not self.right_withdrawn


@dataclass(frozen=True, slots=True)
class NoticeCase:
    """``fields`` is what a person filled in, by the ids of the regime's form, and the statements made (``"yes"``).

    ``drafter`` made the statements; ``approver`` lets the notice through ("" before anybody does).
    ``channels`` are the names that this installation can send by. ``strangers`` are hits that joined or left the
    case since the text was written.
    """

    regime: Regime
    hits: tuple[NoticeHit, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh"
    channel: str = ""
    channels: tuple[str, ...] = ()
    drafter: str = ""
    approver: str = ""
    four_eyes: bool = False
    strangers: tuple[str, ...] = ()

    @property
    def needs_another(self) -> bool:
        """Whether another person than the drafter must let it through."""
        return self.four_eyes or self.regime.four_eyes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the gate looked at. ``subject`` names the field or address it fell on, ``mend`` what to do."""

    name: str
    what: str
    mend: str
    ok: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class GateResult:
    """``gate_pass`` is there exactly when every check held."""

    checks: tuple[Check, ...]
    gate_pass: GatePass | None

    @property
    def faults(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.ok)
