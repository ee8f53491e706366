"""Watch lists that were handed in and wait for confirmation: one a session, in a folder of the installation."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from infringewatch.errors import InputError
from infringewatch.model import Right
from infringewatch.settings import get_settings
from infringewatch.watchlist import ListChange, WatchListFile, diff_rights, read_watchlist, unpack_watchlist_zip

_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep_upload(name: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Keep an upload; returns its token and the name under which it lies. A name from outside never makes a path."""
    token = secrets.token_hex(16)
    safe = re.sub(r"[^\w.-]+", "_", Path(name.replace("\\", "/")).name).lstrip(".")[-100:] or "list.csv"
    folder = _folder(token)
    folder.mkdir(parents=True)
    with (folder / safe).open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
    return token, safe


def read_upload(token: str, name: str, holder: str) -> WatchListFile:
    """Read what was kept; a ZIP is unpacked first. Raises WatchListError, or InputError where it is gone."""
    path = _folder(token) / name
    if not path.is_file():
        raise InputError("the file that you handed in is gone: hand it in again")
    if path.suffix.lower() == ".zip":
        into = path.parent / "unpacked"
        shutil.rmtree(into, ignore_errors=True)
        path = unpack_watchlist_zip(path, into)
    return read_watchlist(path, default_holder=holder)


def drop_upload(token: str) -> None:
    shutil.rmtree(_folder(token), ignore_errors=True)


def compare(standing: Iterable[Right], read: WatchListFile) -> ListChange:
    """What storing would change, by the rows alone: files are compared by content only when they are stored."""
    return diff_rights([_without_files(right) for right in standing], [_without_files(right) for right in read.rights])


def _without_files(right: Right) -> Right:
    return replace(right, text_path=None, video_path=None, image_paths=(), logo_paths=())


def _folder(token: str) -> Path:
    if not _TOKEN.fullmatch(token):
        raise InputError("the file that you handed in is gone: hand it in again")
    return get_settings().home / "uploads" / token
