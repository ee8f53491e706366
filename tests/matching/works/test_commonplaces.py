"""What works of three owners share counts for none of them; a work that was registered three times counts."""

from __future__ import annotations

import random

from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import align_passages
from infringewatch.matching.works.store import WorkInfo, WorkPart
from infringewatch.prints.sqlite import SqlitePrints


def _make_text(seed: int, size: int) -> str:
    return "".join(map(chr, random.Random(seed).choices(range(0x4E00, 0x5200), k=size)))


_SOURCE = _make_text(1, 600)


def _store_of(shared: str) -> SqlitePrints:
    store = SqlitePrints(":memory:")
    for number in range(3):
        own = _make_text(10 + number, 3000)
        store.add(f"W{number}", f"W{number}", [WorkPart("", own[:1500] + shared + own[1500:])])
    return store


def test_a_source_that_three_owners_quote_is_quiet() -> None:
    assert align_passages(canonicalise(_SOURCE + _make_text(2, 2000)), _store_of(_SOURCE), None) == []


def test_three_works_of_one_owner_do_not_make_a_commonplace() -> None:
    def owner_of(work: WorkInfo) -> str:
        return "one" if work.key != "W0" else "two"

    page = canonicalise(_SOURCE + _make_text(2, 2000))
    assert len(align_passages(page, _store_of(_SOURCE), None, owner_of=owner_of)) == 3


def test_a_chapter_that_was_registered_three_times_is_found() -> None:
    chapter = _make_text(5, 3000)
    assert len(align_passages(canonicalise(chapter), _store_of(chapter), None)) == 3
