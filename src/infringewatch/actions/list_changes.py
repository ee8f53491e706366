"""What a file would do to a stored list: one comparison for storing it and for showing beforehand what storing would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from infringewatch.errors import InputError
from infringewatch.model import JSON, AllowRow
from infringewatch.store.models import AllowEntry, Right, Tenant, WatchList


@dataclass(frozen=True, slots=True)
class RightRecord:
    """A right as it is stored: ``data`` is its row with files named by library digest; ``allow`` its permissions."""

    registration_no: str
    kind: str
    name: str
    holder: str
    data: Mapping[str, JSON]
    allow: tuple[AllowRow, ...]


@dataclass(frozen=True, slots=True)
class RightChange:
    """One right of a list and, where it changes, the columns that would say something else."""

    registration_no: str
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a file does to a list, in the order of the file (withdrawn: of the list)."""

    added: tuple[RightChange, ...]
    changed: tuple[RightChange, ...]
    withdrawn: tuple[RightChange, ...]
    same: int

    @property
    def is_none(self) -> bool:
        return not (self.added or self.changed or self.withdrawn)


@dataclass(frozen=True, slots=True)
class StandingList:
    """What is stored of one list. ``allowed``: registration_no -> the permissions that the list itself gave;
    ``decided``: (registration_no, row id) of what people allowed, which stays whatever the list says of it."""

    rights: Mapping[str, Right]
    allowed: Mapping[str, frozenset[tuple[str, str, str]]]
    decided: frozenset[tuple[str, str]]


def read_standing(watch_list: WatchList | None) -> StandingList:
    """The list as it stands; an empty one for ``None``."""
    if watch_list is None:
        return StandingList({}, {}, frozenset())
    entries = AllowEntry.objects.filter(right__watch_list=watch_list)
    allowed: dict[str, set[tuple[str, str, str]]] = {}
    given = entries.filter(from_list=True, ended_at__isnull=True)
    for no, row_id, start, end in given.values_list("right__registration_no", "row_id", "valid_from", "valid_until"):
        allowed.setdefault(no, set()).add((row_id, str(start), str(end)))
    return StandingList(
        {right.registration_no: right for right in watch_list.rights.all()},
        {no: frozenset(rows) for no, rows in allowed.items()},
        frozenset(entries.filter(from_list=False).values_list("right__registration_no", "row_id")),
    )


def compare_list(standing: StandingList, records: Sequence[RightRecord]) -> ListChange:
    """What would be added, changed and withdrawn if ``records`` became the list. Pure."""
    wanted = {record.registration_no for record in records}
    in_force = {no: right for no, right in standing.rights.items() if right.withdrawn_at is None}
    known = [(record, right) for record in records if (right := standing.rights.get(record.registration_no))]
    changed = [
        RightChange(record.registration_no, record.name, fields)
        for record, right in known
        if (fields := _changed_fields(right, record, standing))
    ]
    return ListChange(
        added=tuple(
            RightChange(record.registration_no, record.name)
            for record in records
            if record.registration_no not in standing.rights
        ),
        changed=tuple(changed),
        withdrawn=tuple(RightChange(no, right.name) for no, right in in_force.items() if no not in wanted),
        same=len(known) - len(changed),
    )


def refuse_foreign_numbers(tenant: Tenant | None, watch_list: WatchList | None, records: Iterable[RightRecord]) -> None:
    """Raises InputError where a number already belongs to another list of the tenant: it is the right's key."""
    others = Right.objects.filter(tenant=tenant)
    if watch_list is not None:
        others = others.exclude(watch_list=watch_list)
    taken = dict(others.values_list("registration_no", "watch_list__name"))
    for record in records:
        if record.registration_no in taken:
            raise InputError(
                f"registration_no {record.registration_no} already stands in the list “{taken[record.registration_no]}”"
            )


def _changed_fields(right: Right, record: RightRecord, standing: StandingList) -> tuple[str, ...]:
    fields = [name for name in {**right.data, **record.data} if right.data.get(name) != record.data.get(name)]
    no = record.registration_no
    rows = [row for row in record.allow if (no, row.id) not in standing.decided]
    wanted = {(row.id, str(row.valid_from), str(row.valid_until)) for row in rows}
    differing = wanted ^ standing.allowed.get(no, frozenset())
    fields += sorted({row_id.removeprefix(f"{no}/").partition("/")[0] for row_id, _, _ in differing})
    if right.withdrawn_at is not None:
        fields.append("withdrawn")
    return tuple(fields)
