"""The installation's library of works: the texts of all standing rights, as prints in one store that campaigns read.

The rights in the store are the truth, the prints a copy: ``sync_library`` makes them agree, from nothing if need be.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infringewatch.compiling import iter_parts
from infringewatch.matching.works.store import FingerprintStore, WorkPart
from infringewatch.prints.opening import open_prints
from infringewatch.settings import Settings
from infringewatch.store.models import Right
from infringewatch.store.rights import from_data

Progress = Callable[[str, int], None]
"""Called with a work's title and how many more of its characters are in."""


@dataclass(frozen=True, slots=True)
class RegisteredWork:
    """A standing right with a text. ``key`` is the store's; ``content`` names the text by its hash."""

    key: str
    right: Right
    path: Path

    @property
    def content(self) -> str:
        return self.path.name


def work_key(tenant_id: int, registration_no: str) -> str:
    """The key of a right's work in the library's store of prints."""
    return f"{tenant_id}/{registration_no}"


def find_works(settings: Settings) -> list[RegisteredWork]:
    """The works of all lists, imported or registered singly, in the order of tenants and numbers."""
    rows = Right.objects.filter(withdrawn_at__isnull=True, data__text_path__isnull=False)
    rows = rows.select_related("tenant", "watch_list").order_by("tenant__name", "registration_no")
    paths = ((row, from_data(row.data, (), settings.library_dir).text_path) for row in rows.iterator())
    return [RegisteredWork(work_key(row.tenant_id, row.registration_no), row, path) for row, path in paths if path]


def sync_library(settings: Settings, *, progress: Progress | None = None) -> FingerprintStore:
    """The store of prints, holding exactly the works of all standing rights. One process at a time does the work.

    Raises InputError where a text cannot be read, PrintsMismatch where the store was made by other parameters.
    """
    prints = open_prints(settings)
    with _alone(settings):
        wanted = {work.key: work for work in find_works(settings)}
        kept = {work.key: work.content for work in prints.works()}
        for key in kept.keys() - wanted.keys():
            prints.remove(key)
        for work in _missing(wanted, kept):
            parts = _counted(work, progress) if progress else iter_parts(work.path)
            prints.add(work.key, work.right.name, parts, content=work.content)
    return prints


def _missing(wanted: Mapping[str, RegisteredWork], kept: Mapping[str, str]) -> list[RegisteredWork]:
    return [work for key, work in wanted.items() if kept.get(key) != work.content]


def _counted(work: RegisteredWork, progress: Progress) -> Iterator[WorkPart]:
    for part in iter_parts(work.path):
        yield part
        progress(work.right.name, len(part.text))


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Crawlers of a fleet open their runs at once: one makes the prints, the others wait and find them made."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "prints.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
