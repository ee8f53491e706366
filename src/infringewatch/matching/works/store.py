"""What a store of fingerprints must do for matching. The stores themselves stand in ``infringewatch.prints``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Canonical
from infringewatch.matching.works.fingerprints import Hashes, Header

MOST_POSTINGS = 64
"""A print that stands in more places than this is a common phrase: it is left out of a look-up."""

_TITLE_PAGE = 300  # canonical characters


@dataclass(frozen=True, slots=True)
class WorkPart:
    """A chapter, or a whole text. ``start`` is where ``text`` begins in its file's decoded text (code points);
    ``file`` names the file where a work has several."""

    name: str
    text: str
    start: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class PartInfo:
    """``start`` is the part's first canonical character in the work, ``length`` how many there are."""

    name: str
    file: str
    start: int
    length: int


def find_chapters(parts: Sequence[PartInfo]) -> list[int]:
    """The places in ``parts`` that count as chapters: a few lines without a name are a title page."""
    found = [at for at, part in enumerate(parts) if part.name or part.length >= _TITLE_PAGE]
    return found or list(range(len(parts)))


@dataclass(frozen=True, slots=True)
class WorkInfo:
    """A registered work. ``length`` counts canonical characters; ``content`` is the hash that the caller gave."""

    number: int
    key: str
    title: str
    length: int
    content: str


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Equal prints: ``hashes[queries[i]]`` stands in work ``works[i]`` at canonical position ``positions[i]``."""

    queries: NDArray[np.int64]
    works: NDArray[np.int64]
    positions: NDArray[np.int64]


class FingerprintStore(Protocol):
    """A work's key is the caller's; its number is the store's own and never given twice."""

    @property
    def header(self) -> Header: ...

    def add(self, key: str, title: str, parts: Iterable[WorkPart], *, content: str = "") -> WorkInfo:
        """Register a work under ``key``, in place of what stood there; all or nothing."""
        ...

    def remove(self, key: str) -> bool:
        """Withdraw a work with its text and prints; whether there was one."""
        ...

    def works(self) -> Sequence[WorkInfo]: ...

    def parts(self, number: int) -> Sequence[PartInfo]: ...

    def lookup(self, hashes: Hashes) -> Seeds:
        """Where these prints stand; ``hashes`` ascending, each once."""
        ...

    def stretch(self, number: int, start: int, end: int) -> Canonical:
        """Canonical characters ``start:end`` of a work; offsets are those of its files."""
        ...

    def text(self, key: str, part: int) -> str:
        """The raw text of one part. Raises NotFound."""
        ...
