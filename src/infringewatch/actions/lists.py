"""Watch lists: each changed file becomes a new version of its list; rights keep their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from infringewatch.actions.allow import reroute_hits
from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.list_changes import (
    RightChange,
    RightRecord,
    compare_list,
    read_standing,
    refuse_foreign_numbers,
)
from infringewatch.store.models import AllowEntry, ListVersion, Right, RightVersion, Tenant, WatchList

_AT_ONCE = 5000  # keys in one statement; SQLite takes 250,000 values, PostgreSQL 65,535


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
        refuse_foreign_numbers(tenant, watch_list, records)
        standing = read_standing(watch_list)
        change = compare_list(standing, records)
        added, changed, withdrawn = _numbers(change.added), _numbers(change.changed), _numbers(change.withdrawn)
        last = watch_list.versions.order_by("-number").first()
        if change.is_none and last is not None:
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
        wanted = {record.registration_no: record for record in records}
        rights = _add(watch_list, [wanted[no] for no in added])
        rights += _change(standing.rights, [wanted[no] for no in changed])
        gone = [standing.rights[no] for no in withdrawn]
        Right.objects.filter(pk__in=[right.pk for right in gone]).update(withdrawn_at=now)
        RightVersion.objects.bulk_create(
            [RightVersion(right=right, list_version=version, data=right.data) for right in rights]
            + [RightVersion(right=right, list_version=version, data=None) for right in gone],
            batch_size=2000,
        )
        _replace_permissions(rights, wanted, standing.decided, actor, now)
        record_audit(
            actor,
            "watchlist.stored",
            f"list {watch_list.pk}",
            {"version": version.number, "added": len(added), "changed": len(changed), "withdrawn": len(withdrawn),
             "sha256": source.sha256, "skipped": source.skipped},
            now,
        )  # fmt: skip
    return StoredList(watch_list.pk, version.number, added, changed, withdrawn, False)


def _numbers(changes: Iterable[RightChange]) -> tuple[str, ...]:
    return tuple(change.registration_no for change in changes)


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
    for start in range(0, len(rights), _AT_ONCE):
        AllowEntry.objects.filter(right__in=rights[start : start + _AT_ONCE], from_list=True).delete()
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
    AllowEntry.objects.bulk_create(entries, batch_size=2000)
    reroute_hits(entries, now)
