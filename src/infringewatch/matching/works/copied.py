"""What a page has of which registered work: passages found by prints, aligned, and measured outside commonplaces."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.works.alignment import DensePage, agrees, find_passages
from infringewatch.matching.works.background import TextBackground
from infringewatch.matching.works.canonical import Canonical, Codes, Offsets, canonicalise, is_wide, weight_of
from infringewatch.matching.works.chains import SLIP, Chain, is_telling, make_chains
from infringewatch.matching.works.commonplaces import COMMON_OWNERS, find_commonplaces
from infringewatch.matching.works.differences import ADVERT, Comparison, Renaming, compare, find_renamings
from infringewatch.matching.works.fingerprints import make_prints
from infringewatch.matching.works.noise import readings_of
from infringewatch.matching.works.segments import Passage
from infringewatch.matching.works.sounds import fold_sounds
from infringewatch.matching.works.store import FingerprintStore, WorkInfo

_MOST_PLACES = 4  # of one print in a page
_MOST_WORKS = 40
_MOST_PHRASES = 4
_PLAIN = 0.7  # a page of which so much is found hides nothing behind noise
_MOSTLY_QUOTED = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """One passage with its exact comparison; ``work`` holds the work's characters from ``passage.work_start``.

    ``own`` is the length in Han characters of what does not stand in the background.
    """

    passage: Passage
    comparison: Comparison
    work: Canonical
    own: float


@dataclass(frozen=True, slots=True, eq=False)
class Copied:
    """What a page has of one work. ``covered`` counts Han characters (four letters as one) outside text that everyone
    quotes; ``share`` is their part of the page, ``work_share`` their part of the work, ``order`` the part of
    neighbouring passages that follow each other in the work, too."""

    work: WorkInfo
    passages: tuple[Aligned, ...]
    covered: float
    share: float
    work_share: float
    order: float
    identity: float
    renamings: tuple[Renaming, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """A page as it was read, the raw offsets of the characters that were taken for noise, and what it has of works."""

    page: Canonical
    noise: Offsets
    works: list[Copied]


def screen_page(
    text: str,
    store: FingerprintStore,
    background: TextBackground | None,
    *,
    owner_of: Callable[[WorkInfo], str] | None = None,
) -> Screened:
    """The reading of ``text`` that shows most copied text, and what it has of each work (``align_passages``)."""
    best: Screened | None = None
    for page, noise in readings_of(canonicalise(text)):
        found = align_passages(page, store, background, owner_of=owner_of)
        if best is None or _covered_by(found) > _covered_by(best.works):
            best = Screened(page, noise, found)
        if sum(copied.share for copied in found) >= _PLAIN:
            break
    assert best is not None  # the page as it stands is always read
    return best


def _covered_by(found: Sequence[Copied]) -> float:
    return sum(copied.covered for copied in found)


def align_passages(
    page: Canonical,
    store: FingerprintStore,
    background: TextBackground | None,
    *,
    owner_of: Callable[[WorkInfo], str] | None = None,
) -> list[Copied]:
    """What the page has of each work, works with the most shared prints first.

    What stands in ``background``, and what stands in works of at least three owners, does not count. ``owner_of``
    names whose a work is (default: each its own).
    """
    if not len(page):
        return []
    unit = len(page) / weight_of(page.codes)
    quoted = background.covered(page.codes) if background else np.zeros(len(page), dtype=np.bool_)
    infos = {work.number: work for work in store.works()}
    dense = DensePage(fold_sounds(page.codes), unit)
    found: list[tuple[WorkInfo, list[Passage]]] = []
    phrases: list[tuple[int, Chain]] = []
    for number, places, others in _seeds_by_work(page, quoted, store, int(SLIP * unit)):
        chains = make_chains(places, others, unit)
        telling = [chain for chain in chains if is_telling(chain, unit)]
        passages = find_passages(dense, telling, partial(_folded, store, number)) if telling else []
        found += [(infos[number], passages)] if passages else []
        phrases += [(number, chains[0])] if chains and not telling else []
    if not found:
        found = [(infos[number], passages) for number, passages in _follow_phrases(dense, phrases, store)]
    if len(found) >= COMMON_OWNERS:
        owners = [owner_of(work) if owner_of else work.key for work, _ in found]
        quoted = quoted | find_commonplaces(page.codes, list(zip(owners, [p for _, p in found], strict=True)))
    measured = (_measure(page, quoted, work, store, passages) for work, passages in found)
    return [copied for copied in measured if copied is not None]


def _follow_phrases(
    dense: DensePage, phrases: Sequence[tuple[int, Chain]], store: FingerprintStore
) -> Iterator[tuple[int, list[Passage]]]:
    """Heavy changes may leave no more of a copy than one phrase: where the texts around it agree, it is followed."""
    for number, chain in sorted(phrases, key=lambda phrase: -len(phrase[1]))[:_MOST_PHRASES]:
        codes = partial(_folded, store, number)
        passages = find_passages(dense, [chain], codes) if agrees(dense, chain, codes) else []
        if passages:
            yield number, passages


def _folded(store: FingerprintStore, number: int, start: int, end: int) -> Codes:
    return fold_sounds(store.stretch(number, start, end).codes)


def _seeds_by_work(
    page: Canonical, quoted: NDArray[np.bool_], store: FingerprintStore, slip: int
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Seeds of each work that has two near one line, works with the most seeds first."""
    prints = make_prints(page.codes)
    own = ~quoted[prints.positions]
    order = np.argsort(prints.hashes[own])
    sorted_, places = prints.hashes[own][order], prints.positions[own][order]
    if not len(sorted_):
        return
    first = np.flatnonzero(np.concatenate([[True], sorted_[1:] != sorted_[:-1]]))
    seeds = store.lookup(sorted_[first])
    most = np.minimum(np.diff(np.append(first, len(sorted_)))[seeds.queries], _MOST_PLACES)
    rows = np.repeat(np.arange(len(seeds.queries)), most)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(most) - most, most)
    page_places = places[first[seeds.queries[rows]] + within]
    works, others = seeds.works[rows], seeds.positions[rows]
    line = others - page_places
    by_line = np.lexsort((line, works))
    works, page_places, others, line = works[by_line], page_places[by_line], others[by_line], line[by_line]
    near = (works[1:] == works[:-1]) & (line[1:] - line[:-1] <= slip)
    for number in _most_frequent(works, works[1:][near]):
        start, end = np.searchsorted(works, [number, number + 1])
        yield number, page_places[start:end], others[start:end]


def _most_frequent(works: NDArray[np.int64], wanted: NDArray[np.int64]) -> list[int]:
    numbers, count = np.unique(works, return_counts=True)
    kept = np.isin(numbers, wanted)
    order = np.argsort(-count[kept], kind="stable")[:_MOST_WORKS]
    found: list[int] = numbers[kept][order].tolist()
    return found


def _measure(
    page: Canonical, quoted: NDArray[np.bool_], work: WorkInfo, store: FingerprintStore, passages: Sequence[Passage]
) -> Copied | None:
    aligned = []
    for passage in passages:
        own = _own_weight(page, quoted, passage)
        whole = weight_of(page.codes[passage.page_start : passage.page_end])
        if own >= (1 - _MOSTLY_QUOTED) * whole:
            text = store.stretch(work.number, passage.work_start, passage.work_end)
            aligned.append(Aligned(passage, compare(page, text, passage.work_start, passage), text, own))
    if not aligned:
        return None
    covered = sum(_covered(a) for a in aligned)
    renamings = find_renamings(page, [(a.work, a.passage.work_start) for a in aligned], [a.comparison for a in aligned])
    follow = [b.passage.work_start >= a.passage.work_start for a, b in itertools.pairwise(aligned)]
    lengths = [len(a.work) for a in aligned]
    return Copied(
        work=work,
        passages=tuple(aligned),
        covered=covered,
        share=min(covered / weight_of(page.codes), 1.0),
        work_share=min(sum(lengths) / max(work.length, 1), 1.0),
        order=sum(follow) / len(follow) if follow else 1.0,
        identity=float(np.average([a.comparison.identity for a in aligned], weights=lengths)),
        renamings=renamings,
    )


def _own_weight(page: Canonical, quoted: NDArray[np.bool_], passage: Passage) -> float:
    piece = slice(passage.page_start, passage.page_end)
    return weight_of(page.codes[piece][~quoted[piece]])


def _covered(aligned: Aligned) -> float:
    """Long insertions are not copied text."""
    wide = bool(is_wide(aligned.work.codes).mean() > 0.5)
    at = aligned.comparison.at[aligned.comparison.kind == ADVERT]
    adverts = int((at[:, 1] - at[:, 0]).sum())
    return max(aligned.own - adverts * (1.0 if wide else 0.25), 0.0)
