"""A watch list into the installation: its files into the library, its rights into the store."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from infringewatch.actions.audit import Actor
from infringewatch.actions.list_changes import (
    ListChange,
    RightRecord,
    compare_list,
    read_standing,
    refuse_foreign_numbers,
)
from infringewatch.actions.lists import ListSource, StoredList, store_list
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import InputError, NotFound, StopRun, WatchListError
from infringewatch.model import Right
from infringewatch.settings import Settings
from infringewatch.store.models import Right as StoredRight
from infringewatch.store.models import Tenant, WatchList
from infringewatch.store.rights import to_data
from infringewatch.watchlist import WatchListFile, read_watchlist

OWN_LIST = "work "
"""How the names of lists begin that hold one work, registered singly."""

PART_PREFIX = ".part-"
"""How the names of copies begin that are not whole yet."""
_PART_SECONDS = 24 * 3600


def enrol(
    path: Path,
    *,
    tenant_name: str,
    list_name: str,
    settings: Settings,
    actor: Actor,
    now: datetime,
    skip_bad_rows: bool = False,
) -> StoredList:
    """Read a watch list and make it the tenant's list ``list_name``; the same file twice changes nothing.

    Raises WatchListError with every fault, storing nothing, unless ``skip_bad_rows``.
    """
    read = read_watchlist(path, default_holder=tenant_name)
    return enrol_read(
        read,
        file_name=path.name,
        tenant_name=tenant_name,
        list_name=list_name,
        settings=settings,
        actor=actor,
        now=now,
        skip_bad_rows=skip_bad_rows,
    )


def enrol_read(
    read: WatchListFile,
    *,
    file_name: str,
    tenant_name: str,
    list_name: str,
    settings: Settings,
    actor: Actor,
    now: datetime,
    skip_bad_rows: bool = False,
) -> StoredList:
    """``enrol`` for a list that has been read already (and shown to whoever confirms it)."""
    if read.faults and not skip_bad_rows:
        rows = len({fault.line for fault in read.faults})
        raise WatchListError(f"{file_name}: {rows} faulty rows; nothing was stored", read.faults)
    if not read.rights:  # an empty or wholly faulty file must not withdraw every right
        raise WatchListError(f"{file_name}: no row is good; nothing was stored", read.faults)
    _sweep_parts(settings.library_dir, now)
    files = _library_names(read.rights)
    for path, name in files.items():
        _keep(path, settings.library_dir / name)
    records = [_record(right, files) for right in read.rights]
    source = ListSource(file_name, read.sha256, len({fault.line for fault in read.faults}))
    return store_list(ensure_tenant(tenant_name, now), list_name, source, records, actor=actor, now=now)


def enrol_work(
    path: Path, work: Right, *, tenant_name: str, settings: Settings, actor: Actor, now: datetime
) -> StoredList:
    """Register one work, its text in ``path``, as a right in a list of its own; the same text twice changes nothing.

    Raises InputError where its number already belongs to another list of the tenant.
    """
    record = replace(work, text_path=path)
    files = _library_names([record])
    _keep(path, settings.library_dir / files[path])
    source = ListSource(path.name, Path(files[path]).stem)
    tenant = ensure_tenant(tenant_name, now)
    records = [_record(record, files)]
    return store_list(tenant, own_list(work.registration_no), source, records, actor=actor, now=now)


def withdraw_work(registration_no: str, *, tenant_name: str, actor: Actor, now: datetime) -> StoredList:
    """Withdraw a work that was registered singly; its hits and evidence stay.

    Raises NotFound where there is none, InputError where it stands in an imported list: that file would bring it back.
    """
    rows = StoredRight.objects.filter(tenant__name=tenant_name, registration_no=registration_no)
    right = rows.filter(withdrawn_at__isnull=True).select_related("tenant", "watch_list").first()
    if right is None:
        raise NotFound(f"{tenant_name} has no work {registration_no} (see `infringewatch works list`)")
    if right.watch_list.name != own_list(registration_no):
        raise InputError(
            f"{registration_no} stands in the watch list “{right.watch_list.name}”: import that list without its row"
        )
    source = ListSource("withdrawn", hashlib.sha256(b"").hexdigest())
    return store_list(right.tenant, right.watch_list.name, source, [], actor=actor, now=now)


def own_list(registration_no: str) -> str:
    """The name of the list that holds one work registered singly."""
    return f"{OWN_LIST}{registration_no}"


def preview(read: WatchListFile, *, tenant_name: str, list_name: str) -> ListChange:
    """What ``enrol_read`` would do to the list, files compared by content; nothing is stored or kept.

    Raises InputError where a number already belongs to another list of the tenant.
    """
    tenant = Tenant.objects.filter(name=tenant_name).first()
    watch_list = WatchList.objects.filter(tenant=tenant, name=list_name).first() if tenant else None
    files = _library_names(read.rights)
    records = [_record(right, files) for right in read.rights]
    refuse_foreign_numbers(tenant, watch_list, records)
    return compare_list(read_standing(watch_list), records)


def _record(right: Right, files: dict[Path, str]) -> RightRecord:
    return RightRecord(
        right.registration_no, str(right.kind), right.name, right.holder, to_data(right, files), right.allow
    )


def _library_names(rights: Iterable[Right]) -> dict[Path, str]:
    """Every file that the rights name -> its name in the library, which is the hash of its content."""
    paths = dict.fromkeys(
        path
        for right in rights
        for path in (right.text_path, right.video_path, *right.image_paths, *right.logo_paths)
        if path is not None
    )
    return {path: f"{_hash(path)}{path.suffix.lower()}" for path in paths}


def _sweep_parts(library: Path, now: datetime) -> None:
    """Remove what imports that were killed while they copied left behind, once no living one can still need it."""
    for part in library.glob(f"{PART_PREFIX}*"):
        if now.timestamp() - part.stat().st_mtime > _PART_SECONDS:
            shutil.rmtree(part, ignore_errors=True)


def _keep(path: Path, target: Path) -> None:
    """Copy a file or folder into the library, whole or not at all, also while another import keeps the same."""
    if target.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=PART_PREFIX) as folder:
            part = Path(folder) / target.name
            if path.is_dir():
                shutil.copytree(path, part)
            else:
                shutil.copyfile(path, part)
            part.replace(target)
    except OSError as error:
        if not target.is_dir():  # a folder that another import has put there meanwhile says the same
            raise StopRun(f"{path} cannot be copied into the library: {error.strerror}") from error


def _hash(path: Path) -> str:
    """SHA-256 of a file, or of a folder's names and files."""
    if not path.is_dir():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for inner in sorted(inner for inner in path.rglob("*") if inner.is_file()):
        digest.update(f"{inner.relative_to(path)}\0{_hash(inner)}\n".encode())
    return digest.hexdigest()
