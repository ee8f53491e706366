"""Watch lists: each changed file becomes a new version of its list; rights keep their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from infringewatch.actions.allow import reroute_hits
from infringewatch.actions.audit import Actor, record_audit
from infringewatch.actions.bulk import adapt_json, insert_rows
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
        rights = _write_rights(watch_list, [wanted[no] for no in (*added, *changed)])
        gone = [standing.rights[no].pk for no in withdrawn]
        Right.objects.filter(pk__in=gone).update(withdrawn_at=now)
        texts = [(pk, version.pk, adapt_json(dict(wanted[no].data))) for no, pk in rights.items()]
        insert_rows(RightVersion, ("right_id", "list_version_id", "data"), texts)
        insert_rows(RightVersion, ("right_id", "list_version_id", "data"), [(pk, version.pk, None) for pk in gone])
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


def _write_rights(watch_list: WatchList, records: Sequence[RightRecord]) -> dict[str, int]:
    """Make or renew these rights; returns registration_no -> key, in the order of ``records``.

    One statement a row: an update of many rows by cases took a millisecond a row and more.
    """
    insert_rows(
        Right,
        ("tenant_id", "registration_no", "watch_list_id", "kind", "name", "holder", "data", "withdrawn_at"),
        [
            (watch_list.tenant_id, record.registration_no, watch_list.pk, record.kind, record.name[:500],
             record.holder[:300], adapt_json(dict(record.data)), None)
            for record in records
        ],
        key=("tenant_id", "registration_no"),
        renewed=("kind", "name", "holder", "data", "withdrawn_at"),
    )  # fmt: skip
    keys = dict(watch_list.rights.values_list("registration_no", "pk")) if records else {}
    return {record.registration_no: keys[record.registration_no] for record in records}


def _replace_permissions(
    rights: Mapping[str, int],
    records: Mapping[str, RightRecord],
    decided: frozenset[tuple[str, str]],
    actor: Actor,
    now: datetime,
) -> None:
    """The list's own rows are replaced; those that came from a decision stay."""
    keys = list(rights.values())
    for start in range(0, len(keys), _AT_ONCE):
        AllowEntry.objects.filter(right_id__in=keys[start : start + _AT_ONCE], from_list=True).delete()
    entries = [
        AllowEntry(
            right_id=pk,
            row_id=row.id,
            column=row.column,
            value=row.value,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            created_by=actor.name,
            created_at=now,
        )
        for no, pk in rights.items()
        for row in records[no].allow
        if (no, row.id) not in decided
    ]
    AllowEntry.objects.bulk_create(entries, batch_size=2000)
    reroute_hits(entries, now)
