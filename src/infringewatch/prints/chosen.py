"""Some works of a store as a store of their own: one tenant's in the library that all share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.canonical import Canonical
from infringewatch.matching.works.fingerprints import Hashes, Header
from infringewatch.matching.works.store import FingerprintStore, PartInfo, Seeds, WorkInfo, WorkPart


class ChosenWorks:
    """The works of ``store`` whose keys are in ``keys``; what is added or withdrawn there later is seen at once."""

    def __init__(self, store: FingerprintStore, keys: Collection[str]) -> None:
        self._store = store
        self._keys = frozenset(keys)
        self._all: Sequence[WorkInfo] = ()
        self._chosen: list[WorkInfo] = []
        self._numbers: NDArray[np.int64] = np.zeros(0, dtype=np.int64)

    @property
    def header(self) -> Header:
        return self._store.header

    def add(self, key: str, title: str, parts: Iterable[WorkPart], *, content: str = "") -> WorkInfo:
        return self._store.add(key, title, parts, content=content)

    def remove(self, key: str) -> bool:
        return self._store.remove(key)

    def works(self) -> Sequence[WorkInfo]:
        everything = self._store.works()
        if everything is not self._all:  # a store gives the same list until something changes
            self._all = everything
            self._chosen = [work for work in everything if work.key in self._keys]
            self._numbers = np.array([work.number for work in self._chosen], dtype=np.int64)
        return self._chosen

    def parts(self, number: int) -> Sequence[PartInfo]:
        return self._store.parts(number)

    def lookup(self, hashes: Hashes) -> Seeds:
        seeds = self._store.lookup(hashes)
        self.works()
        kept = np.isin(seeds.works, self._numbers)
        return Seeds(seeds.queries[kept], seeds.works[kept], seeds.positions[kept])

    def stretch(self, number: int, start: int, end: int) -> Canonical:
        return self._store.stretch(number, start, end)

    def text(self, key: str, part: int) -> str:
        return self._store.text(key, part)
