"""Watch lists that were handed in and wait for confirmation: one a session, in a folder of the installation."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

from infringewatch.errors import InputError, WatchListError
from infringewatch.settings import get_settings
from infringewatch.watchlist import WatchListFile, read_watchlist, unpack_watchlist_zip

MAX_UPLOAD_MB = 512
_KEPT_SECONDS = 24 * 3600
_UNPACKED = "unpacked"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_upload(name: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Keep an upload; returns its token and the name under which it lies. A name from outside never makes a path.

    Raises InputError where it is larger than a list with its files may be. What lay unconfirmed for a day is dropped.
    """
    _sweep()
    token = secrets.token_hex(16)
    safe = re.sub(r"[^\w.-]+", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-100:] or "list.csv"
    folder = _folder(token)
    folder.mkdir(parents=True)
    size = 0
    with (folder / safe).open("wb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > MAX_UPLOAD_MB << 20:
                drop_upload(token)
                raise InputError(f"the file is larger than {MAX_UPLOAD_MB} MB: divide the list")
            out.write(chunk)
    return token, safe


def read_upload(token: str, name: str, holder: str) -> WatchListFile:
    """Read what was kept; a ZIP is unpacked first. Raises WatchListError, or InputError where it is gone."""
    folder = _folder(token)
    path = folder / name
    if not path.is_file():
        raise InputError("the file that you handed in is gone: hand it in again")
    try:
        if path.suffix.lower() == ".zip":
            shutil.rmtree(folder / _UNPACKED, ignore_errors=True)
            path = unpack_watchlist_zip(path, folder / _UNPACKED)
        return read_watchlist(path, default_holder=holder)
    except WatchListError as error:  # whoever handed it in knows its name, and nothing of our folders
        message = str(error).replace(f"{folder / _UNPACKED}/", "").replace(f"{folder}/", "")
        raise WatchListError(message, error.faults) from error


def drop_upload(token: str) -> None:
    shutil.rmtree(_folder(token), ignore_errors=True)


def _sweep() -> None:
    """Drop what nobody confirmed: a session may be gone, its file not."""
    before = time.time() - _KEPT_SECONDS
    for folder in (get_settings().home / "uploads").glob("*"):
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise InputError("the file that you handed in is gone: hand it in again")
    return get_settings().home / "uploads" / token
