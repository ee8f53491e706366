"""What a notice is made of: the case as plain records, and what the gate says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from infringewatch.model import GatePass


@dataclass(frozen=True, slots=True)
class NoticeHit:
    """One address that is complained of. ``evidence`` is the ids of its sealed bundles, ``state`` the hit's."""

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

    def is_in_force(self, day: date) -> bool:
        """Whether the right stands in its list and is valid on ``day``."""
        begun = self.right_valid_from is None or self.right_valid_from <= day
        ended = self.right_valid_until is not None and self.right_valid_until < day
        return begun and not ended and not self.right_withdrawn


@dataclass(frozen=True, slots=True)
class NoticeCase:
    """``fields`` is what a person filled in: the words of ``regimes.FIELDS``, and the statements made (``"yes"``)."""

    regime: str
    hits: tuple[NoticeHit, ...]
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the gate looked at. ``subject`` names the field or address it fell on."""

    what: str
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
