"""A watch list into the installation: its files into the library, its rights into the store."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from infringewatch.actions.audit import Actor
from infringewatch.actions.lists import ListSource, RightRecord, StoredList, store_list
from infringewatch.actions.people import ensure_tenant
from infringewatch.errors import StopRun, WatchListError
from infringewatch.model import Right
from infringewatch.settings import Settings
from infringewatch.store.rights import to_data
from infringewatch.watchlist import WatchListFile, read_watchlist


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
    files = _keep_files(read.rights, settings.library_dir)
    records = [_record(right, files) for right in read.rights]
    source = ListSource(file_name, read.sha256, len({fault.line for fault in read.faults}))
    return store_list(ensure_tenant(tenant_name, now), list_name, source, records, actor=actor, now=now)


def _record(right: Right, files: dict[Path, str]) -> RightRecord:
    return RightRecord(
        right.registration_no, str(right.kind), right.name, right.holder, to_data(right, files), right.allow
    )


def _keep_files(rights: Iterable[Right], library: Path) -> dict[Path, str]:
    """Copy every file that the rights name into the library, under the hash of its content."""
    kept: dict[Path, str] = {}
    for right in rights:
        for path in (right.text_path, right.video_path, *right.image_paths, *right.logo_paths):
            if path is not None and path not in kept:
                kept[path] = _keep(path, library)
    return kept


def _keep(path: Path, library: Path) -> str:
    name = f"{_hash(path)}{path.suffix.lower()}"
    target = library / name
    if target.exists():
        return name
    part = library / f".{name}.part"
    try:
        library.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, part, dirs_exist_ok=True)
        else:
            shutil.copyfile(path, part)
        part.replace(target)
    except OSError as error:
        raise StopRun(f"{path} cannot be copied into the library: {error.strerror}") from error
    return name


def _hash(path: Path) -> str:
    """SHA-256 of a file, or of a folder's names and files."""
    if not path.is_dir():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for inner in sorted(inner for inner in path.rglob("*") if inner.is_file()):
        digest.update(f"{inner.relative_to(path)}\0{_hash(inner)}\n".encode())
    return digest.hexdigest()
