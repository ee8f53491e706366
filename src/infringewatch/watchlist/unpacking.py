"""A ZIP that brings a watch list with its texts and pictures, unpacked without harm."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from infringewatch.errors import WatchListError

MAX_FILES = 20_000
MAX_UNPACKED = 4 << 30
MAX_RATIO = 200
"""Pictures and films do not shrink; texts shrink to a tenth; a bomb's thousandth is refused."""
_LISTS = (".csv", ".tsv", ".xlsx", ".json")


def unpack_watchlist_zip(zip_path: Path, into: Path) -> Path:
    """Unpack below ``into`` (made where missing) and return the list: the only CSV, TSV, XLSX or JSON file of
    the topmost folder that has one.

    Raises WatchListError for a file that is no ZIP, is encrypted or too large, for entries that lead out of the folder
    or are links, and where the list is missing or not clear. Nothing is unpacked then.
    """
    try:
        with zipfile.ZipFile(zip_path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_clutter(entry)]
            _check_bounds(zip_path, entries)
            targets = {_target_of(zip_path, entry): entry for entry in entries}
            if len(targets) < len(entries):
                raise WatchListError(f"{zip_path}: two entries have the same name")
            found = _find_list(zip_path, list(targets))
            for target, entry in targets.items():
                _extract(archive, entry, into / target)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise WatchListError(f"{zip_path}: is no ZIP file that can be unpacked ({error})") from error
    except OSError as error:
        raise WatchListError(f"{zip_path}: {error.strerror or error}") from error
    return into / found


def _is_clutter(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith("__MACOSX/") or PurePosixPath(entry.filename).name in (".DS_Store", "Thumbs.db")


def _check_bounds(zip_path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_FILES:
        raise WatchListError(f"{zip_path}: holds more than {MAX_FILES:,} files")
    size, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if size > MAX_UNPACKED or size > (packed + 100_000) * MAX_RATIO:
        raise WatchListError(f"{zip_path}: would unpack to {size / 1e6:,.0f} MB, which is refused")
    if any(entry.flag_bits & 1 for entry in entries):
        raise WatchListError(f"{zip_path}: is encrypted")


def _target_of(zip_path: Path, entry: zipfile.ZipInfo) -> PurePosixPath:
    name = PurePosixPath(_name_of(entry).replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0] or stat.S_ISLNK(entry.external_attr >> 16):
        raise WatchListError(f"{zip_path}: the entry {entry.filename!r} leads out of the folder, or is a link")
    return name


def _name_of(entry: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GBK without saying so; `zipfile` then reads them as CP437."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _find_list(zip_path: Path, names: list[PurePosixPath]) -> PurePosixPath:
    lists = sorted((n for n in names if n.suffix.lower() in _LISTS), key=lambda n: len(n.parts))
    top = [name for name in lists if len(name.parts) == len(lists[0].parts)]
    if len(top) != 1:
        found = ", ".join(str(name) for name in top) or "none"
        raise WatchListError(f"{zip_path}: must hold one list (CSV, TSV, XLSX or JSON) at its top; found {found}")
    return top[0]


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
