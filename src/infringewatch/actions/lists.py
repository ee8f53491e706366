"""Watch lists: each changed file becomes a new version of its list; rights keep their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from infringewatch.actions.allow import reroute_hits
from infringewatch.actions.audit import Actor, record_audit
from infringewatch.errors import InputError
from infringewatch.model import JSON, AllowRow
from infringewatch.store.models import AllowEntry, Hit, ListVersion, Right, RightVersion, Tenant, WatchList


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
class ListSource:
    """Where a version came from."""

    file_name: str
    sha256: str
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class StoredList:
    """What storing a file did to its list. ``version`` is the number now in force."""

    watch_list_id: int
    version: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    is_same: bool


def store_list(
    tenant: Tenant, name: str, source: ListSource, records: Sequence[RightRecord], *, actor: Actor, now: datetime
) -> StoredList:
    """Make ``records`` the content of the tenant's list ``name``; one transaction, all or nothing.

    The same content changes nothing and makes no version. Raises InputError where a number already
    belongs to another list of the tenant.
    """
    with transaction.atomic():
        watch_list, _ = WatchList.objects.get_or_create(tenant=tenant, name=name)
        WatchList.objects.select_for_update().get(pk=watch_list.pk)
        _refuse_foreign_numbers(watch_list, records)
        standing = {right.registration_no: right for right in watch_list.rights.select_related("watch_list")}
        allowed, decided = _standing_permissions(watch_list), _decided_permissions(watch_list)
        wanted = {record.registration_no: record for record in records}
        added = [no for no in wanted if no not in standing]
        back = {no for no in wanted if no in standing and standing[no].withdrawn_at is not None}
        changed = [
            no
            for no, record in wanted.items()
            if no in standing and (no in back or _differs(standing[no], record, allowed.get(no, frozenset()), decided))
        ]
        withdrawn = [no for no, right in standing.items() if no not in wanted and right.withdrawn_at is None]
        last = watch_list.versions.order_by("-number").first()
        if not (added or changed or withdrawn) and last is not None:
            return StoredList(watch_list.pk, last.number, (), (), (), True)
        version = ListVersion.objects.create(
            watch_list=watch_list,
            number=(last.number if last else 0) + 1,
            sha256=source.sha256,
            file_name=source.file_name,
            imported_at=now,
            imported_by=actor.name,
            added=len(added),
            changed=len(changed),
            withdrawn=len(withdrawn),
            skipped=source.skipped,
        )
        rights = [*_add(watch_list, [wanted[no] for no in added]), *_change(standing, [wanted[no] for no in changed])]
        gone = [standing[no] for no in withdrawn]
        Right.objects.filter(pk__in=[right.pk for right in gone]).update(withdrawn_at=now)
        RightVersion.objects.bulk_create(
            [RightVersion(right=right, list_version=version, data=right.data) for right in rights]
            + [RightVersion(right=right, list_version=version, data=None) for right in gone],
            batch_size=2000,
        )
        _replace_permissions(rights, wanted, decided, actor, now)
        record_audit(
            actor,
            "watchlist.stored",
            f"list {watch_list.pk}",
            {"version": version.number, "added": len(added), "changed": len(changed), "withdrawn": len(withdrawn),
             "sha256": source.sha256, "skipped": source.skipped},
            now,
        )  # fmt: skip
    return StoredList(watch_list.pk, version.number, tuple(added), tuple(changed), tuple(withdrawn), False)


def _refuse_foreign_numbers(watch_list: WatchList, records: Sequence[RightRecord]) -> None:
    others = Right.objects.filter(tenant=watch_list.tenant).exclude(watch_list=watch_list)
    taken = dict(others.values_list("registration_no", "watch_list__name"))
    for record in records:
        if record.registration_no in taken:
            raise InputError(
                f"registration_no {record.registration_no} already stands in the list “{taken[record.registration_no]}”"
            )


def _standing_permissions(watch_list: WatchList) -> dict[str, frozenset[tuple[str, str, str]]]:
    rows: dict[str, set[tuple[str, str, str]]] = {}
    entries = AllowEntry.objects.filter(right__watch_list=watch_list, from_list=True, ended_at__isnull=True)
    for no, row_id, start, end in entries.values_list("right__registration_no", "row_id", "valid_from", "valid_until"):
        rows.setdefault(no, set()).add((row_id, str(start), str(end)))
    return {no: frozenset(values) for no, values in rows.items()}


def _decided_permissions(watch_list: WatchList) -> frozenset[tuple[str, str]]:
    """(registration_no, row id) of what people allowed: it stays as they said, whatever the list says of it."""
    entries = AllowEntry.objects.filter(right__watch_list=watch_list, from_list=False)
    return frozenset(entries.values_list("right__registration_no", "row_id"))


def _differs(
    right: Right,
    record: RightRecord,
    allowed: frozenset[tuple[str, str, str]],
    decided: frozenset[tuple[str, str]],
) -> bool:
    no = right.registration_no
    rows = [row for row in record.allow if (no, row.id) not in decided]
    wanted = frozenset((row.id, str(row.valid_from), str(row.valid_until)) for row in rows)
    return right.data != dict(record.data) or wanted != allowed


def _add(watch_list: WatchList, records: Iterable[RightRecord]) -> list[Right]:
    return Right.objects.bulk_create(
        [
            Right(
                tenant=watch_list.tenant,
                watch_list=watch_list,
                registration_no=record.registration_no,
                kind=record.kind,
                name=record.name[:500],
                holder=record.holder[:300],
                data=dict(record.data),
            )
            for record in records
        ],
        batch_size=2000,
    )


def _change(standing: Mapping[str, Right], records: Iterable[RightRecord]) -> list[Right]:
    rights = []
    for record in records:
        right = standing[record.registration_no]
        right.kind, right.name, right.holder = record.kind, record.name[:500], record.holder[:300]
        right.data, right.withdrawn_at = dict(record.data), None
        rights.append(right)
    Right.objects.bulk_update(rights, ["kind", "name", "holder", "data", "withdrawn_at"], batch_size=500)
    return rights


def _replace_permissions(
    rights: Sequence[Right],
    records: Mapping[str, RightRecord],
    decided: frozenset[tuple[str, str]],
    actor: Actor,
    now: datetime,
) -> None:
    """The list's own rows are replaced; those that came from a decision stay."""
    ids = [right.pk for right in rights]
    for start in range(0, len(ids), 5000):
        AllowEntry.objects.filter(right_id__in=ids[start : start + 5000], from_list=True).delete()
    entries = [
        AllowEntry(
            right=right,
            row_id=row.id,
            column=row.column,
            value=row.value,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            created_by=actor.name,
            created_at=now,
        )
        for right in rights
        for row in records[right.registration_no].allow
        if (right.registration_no, row.id) not in decided
    ]
    seen = set(Hit.objects.values_list("right_id", flat=True).distinct()) if entries else set()
    for entry in AllowEntry.objects.bulk_create(entries, batch_size=2000, ignore_conflicts=True):
        if entry.right_id in seen:
            reroute_hits(entry, now)
