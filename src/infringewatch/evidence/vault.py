"""The vault: files under the name of their own SHA-256, written once, never changed, checked on every read.

``objects/ab/cdef…`` holds the files of bundles, ``bundles/ab/cdef…`` their manifests; whatever stands there is whole.

What is forced to disk, and when: a batch writes all its files below ``tmp/``; at its end each is fsynced, renamed to
its place, and each folder that got a name is fsynced, objects before manifests. So after a power cut a manifest is
never there without its files, and after a batch has ended its bundles are durable and may be recorded. One batch for
many pages costs one wait for the disk's journal, not one for each file.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from infringewatch.errors import CannotSeal, EvidenceError

log = logging.getLogger(__name__)

OBJECTS, BUNDLES = "objects", "bundles"
_SHA256 = re.compile("[0-9a-f]{64}")
_CHUNK = 1 << 16
_MOST_OPEN = 128  # files a batch keeps open until its end; a process may have 1,024 and needs sockets too


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the vault: its SHA-256 in hex, and its size in bytes."""

    sha256: str
    size: int


class Vault:
    """The vault below ``root``, which is made when something is first written."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def batch(self) -> Batch:
        """Files that become visible and durable together, when the ``with`` block ends without an error."""
        return Batch(self)

    def path_of(self, sha256: str, kind: str = OBJECTS) -> Path:
        """Where that file stands, or would stand. Raises EvidenceError for what is no SHA-256 in hex."""
        if not _SHA256.fullmatch(sha256):
            raise EvidenceError(f"{sha256!r} is not the id of anything in a vault (64 hexadecimal digits)")
        return self.root / kind / sha256[:2] / sha256[2:]

    def iter_chunks(self, sha256: str, kind: str = OBJECTS) -> Iterator[bytes]:
        """The bytes of one file. Raises EvidenceError when it is missing, or, at its end, when they have changed."""
        digest = hashlib.sha256()
        try:
            with self.path_of(sha256, kind).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        except FileNotFoundError as error:
            raise EvidenceError(f"missing from the vault: {kind}/{sha256}") from error
        except OSError as error:
            raise EvidenceError(f"cannot be read from the vault: {kind}/{sha256}: {error.strerror}") from error
        if digest.hexdigest() != sha256:
            raise EvidenceError(f"changed since it was sealed: {kind}/{sha256}")

    def read(self, sha256: str, kind: str = OBJECTS) -> bytes:
        """The bytes of one file, checked. Raises EvidenceError like ``iter_chunks``, and returns nothing unchecked."""
        return b"".join(self.iter_chunks(sha256, kind))

    def holds(self, sha256: str, kind: str = OBJECTS) -> bool:
        """Whether the file is there and unchanged."""
        if not self.path_of(sha256, kind).exists():
            return False
        try:
            for _ in self.iter_chunks(sha256, kind):
                pass
        except EvidenceError:
            return False
        return True

    def iter_ids(self, kind: str = BUNDLES) -> Iterator[str]:
        """The ids of everything of that kind, in order, by name only: nothing is read or checked."""
        for folder in sorted((self.root / kind).glob("[0-9a-f][0-9a-f]")):
            yield from sorted(folder.name + file.name for file in folder.iterdir())

    @contextmanager
    def locked(self, *, alone: bool) -> Iterator[None]:
        """Batches share the lock; a sweep is alone, so that it removes nothing which a batch is about to name."""
        with (self.root / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            yield


@dataclass(slots=True)
class _Staged:
    file: BinaryIO
    temp: Path
    sha256: str
    kind: str


class HashingFile:
    """A file being written, whose SHA-256 grows with it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing: writers flush after each record, and the batch forces the whole file to disk at its end."""

    @property
    def stored(self) -> Stored:
        return Stored(self._digest.hexdigest(), self.size)


class Batch:
    """Made by ``Vault.batch()``. Leaves nothing behind unless it ends well; not for use by several threads."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._staged: dict[tuple[str, str], _Staged] = {}
        self._touched: set[Path] = set()

    def __enter__(self) -> Self:
        with self._cannot_seal():
            (self.vault.root / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = self.vault.locked(alone=False)
            self._lock.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                with self._cannot_seal():
                    self._keep()
        finally:
            self._discard()
            self._lock.__exit__(None, None, None)

    def add(self, content: bytes, kind: str = OBJECTS) -> Stored:
        """One file given whole. Content that the vault already holds is not written again.

        Raises CannotSeal (like ``writing`` and the end of the batch) when the disk is full or not writable.
        """
        stored = Stored(hashlib.sha256(content).hexdigest(), len(content))
        if not self._is_kept(stored.sha256, kind):
            with self.writing(kind) as file:
                file.write(content)
        return stored

    @contextmanager
    def writing(self, kind: str = OBJECTS) -> Iterator[HashingFile]:
        """One file given piece by piece; its ``stored`` is known when the block has ended."""
        with self._cannot_seal():
            handle, name = tempfile.mkstemp(dir=self.vault.root / "tmp")
            raw = os.fdopen(handle, "wb", buffering=_CHUNK)
            file = HashingFile(raw)
            try:
                yield file
                raw.flush()
            except BaseException:
                _drop(raw, Path(name))
                raise
            self._stage(_Staged(raw, Path(name), file.stored.sha256, kind))

    def _stage(self, staged: _Staged) -> None:
        key = (staged.kind, staged.sha256)
        if key in self._staged:
            _drop(staged.file, staged.temp)
            return
        self._staged[key] = staged
        if len(self._staged) % _MOST_OPEN == 0:
            _force_to_disk(self._staged.values())

    def _is_kept(self, sha256: str, kind: str) -> bool:
        if (kind, sha256) in self._staged:
            return True
        if not self.vault.holds(sha256, kind):
            return False
        self._touched.add(self.vault.path_of(sha256, kind).parent)  # whoever wrote it may not have got so far yet
        return True

    def _keep(self) -> None:
        _force_to_disk(self._staged.values())
        for kind in (OBJECTS, BUNDLES):
            for staged in self._staged.values():
                if staged.kind == kind:
                    self._move(staged)
            _sync_folders(self._touched)
            self._touched.clear()
        self._staged.clear()

    def _move(self, staged: _Staged) -> None:
        place = self.vault.path_of(staged.sha256, staged.kind)
        if place.exists() and self._is_kept_at(staged):
            staged.temp.unlink()
            return
        if not place.parent.is_dir():
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._touched.update((place.parent.parent, self.vault.root))
        staged.temp.replace(place)
        self._touched.add(place.parent)

    def _is_kept_at(self, staged: _Staged) -> bool:
        if self.vault.holds(staged.sha256, staged.kind):
            return True
        # The address is the hash: putting the right bytes back is a repair, not a change of evidence.
        log.warning("vault: %s/%s was damaged and is replaced by the same content", staged.kind, staged.sha256)
        return False

    def _discard(self) -> None:
        for staged in self._staged.values():
            _drop(staged.file, staged.temp)
        self._staged.clear()

    @contextmanager
    def _cannot_seal(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CannotSeal(
                f"The evidence vault {self.vault.root} takes nothing more ({error.strerror}); "
                "what was being sealed was not kept. Make room or mend the disk, then resume."
            ) from error


def _drop(file: BinaryIO, temp: Path) -> None:
    with suppress(OSError):  # a full disk fails again when the closing writes out what is still buffered
        file.close()
    temp.unlink(missing_ok=True)


def _force_to_disk(staged: Iterable[_Staged]) -> None:
    """Read-only, fsynced by the very handle that wrote it (another one may miss a write error), and closed."""
    for each in staged:
        if not each.file.closed:
            each.file.flush()
            os.fchmod(each.file.fileno(), 0o444)
            os.fsync(each.file.fileno())
            each.file.close()


def _sync_folders(folders: Iterable[Path]) -> None:
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
