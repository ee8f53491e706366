"""Every error that InfringeWatch raises on purpose.

InfringeWatchError
├── SkipItem            this one item, page or row cannot be used; the run goes on
├── StopRun             the run cannot go on (disk full, store gone); what is done is kept
├── InputError          what a person handed in is wrong; carries the faults, each with its place
│   ├── WatchListError
│   ├── RuleError
│   ├── ProfileError
│   └── CampaignError
├── NotAllowed          this user may not do that, or the gate refused
├── NotFound            no such row (or not one that this user may see)
├── StaleState          the row has moved on since it was read (a conditional update found nothing)
├── EvidenceError       a bundle is missing, changed or cannot be written
│   └── CannotSeal      the vault takes nothing more (disk full, read-only): a StopRun as well, for no hit may stand without evidence
├── CalendarEnds        a working day of a year for which no calendar is published yet
├── ServiceUnavailable  a search server, database or browser cannot be reached now; try again later
└── PrintsMismatch      an index of prints was made with other parameters or another table
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in something that was handed in: where it is, and what is wrong.

    ``line`` counts from 1 as an editor or a spreadsheet shows it (the header is row 1);
    ``field`` is a column name or a dotted key.
    """

    file: str
    reason: str
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


class InfringeWatchError(Exception):
    """The root: whatever we raise on purpose, with a sentence that a user can act on."""


class SkipItem(InfringeWatchError):
    """This one cannot be used; the run goes on."""


class StopRun(InfringeWatchError):
    """The run cannot go on; what is done is kept and can be resumed."""


class InputError(InfringeWatchError):
    """What a person handed in is wrong. ``faults`` names each place."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults: tuple[Fault, ...] = tuple(faults)


class WatchListError(InputError):
    """A watch list cannot be read, or has faulty rows."""


class RuleError(InputError):
    """A file below ``rules/`` has a mistake."""


class ProfileError(InputError):
    """A site profile has a mistake."""


class CampaignError(InputError):
    """A campaign has a mistake, or does not exist."""


class NotAllowed(InfringeWatchError):
    """This user may not do that, or the gate refused."""


class NotFound(InfringeWatchError):
    """There is no such row, or not one that this user may see."""


class StaleState(InfringeWatchError):
    """The row has moved on since it was read."""


class EvidenceError(InfringeWatchError):
    """A bundle is missing, changed or cannot be written."""


class CannotSeal(EvidenceError, StopRun):
    """The vault takes nothing more; nothing of what was being sealed was kept."""


class CalendarEnds(InfringeWatchError):
    """A time limit runs into a year whose public holidays are not published, or not known to this version."""


class ServiceUnavailable(InfringeWatchError):
    """A server, database or browser cannot be reached now."""


class PrintsMismatch(InfringeWatchError):
    """An index of prints was made with other parameters or another table."""
