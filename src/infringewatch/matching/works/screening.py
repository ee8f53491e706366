"""Screens an item's text against all registered works: which work, which passages, how much, how disguised.

``align_passages`` finds and measures; ``TextScreen`` makes findings of it by the measure's pack.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.context import Context
from infringewatch.matching.works.alignment import Passage, find_passages
from infringewatch.matching.works.background import TextBackground
from infringewatch.matching.works.canonical import Canonical, canonicalise, is_wide, weight_of
from infringewatch.matching.works.chains import make_chains
from infringewatch.matching.works.differences import Comparison, Renaming, compare, find_renamings
from infringewatch.matching.works.fingerprints import make_prints
from infringewatch.matching.works.store import FingerprintStore, PartInfo, WorkInfo
from infringewatch.model import JSON, Finding, Item, Level, Queue, Reason, Right, Span
from infringewatch.permissions import find_permission
from infringewatch.ruleset import Allegation, MeasurePack

_MOST_PLACES = 4  # of one print in a page
_MOST_WORKS = 40
_MOSTLY_QUOTED = 0.6
_NOTICED = 120.0  # Han characters: less is a quotation
_COPY = 300.0
_SHARE = 0.2


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


class TextScreen:
    """Copied text of one list: a store of prints, and whose right each of its keys is."""

    def __init__(self, store: FingerprintStore, rights: Mapping[str, Right]) -> None:
        self._store = store
        self._rights = rights

    def __call__(self, item: Item, context: Context) -> list[Finding]:
        return screen_text(item, self._store, self._rights, context)


def screen_text(item: Item, store: FingerprintStore, rights: Mapping[str, Right], context: Context) -> list[Finding]:
    """A finding for each right of which the text has a passage, at every level. Keys of ``rights`` are the store's.

    ``details`` of a finding holds ``covered``, ``share``, ``work_share``, ``order``, ``identity``, ``chapters``,
    ``kinds`` ({kind: times}), ``renamings`` ([original, replacement, times, of]) and ``passages``, each with
    ``number`` (from 1), ``start``, ``end`` (raw, in ``text``), ``right_start``, ``right_end`` (raw, in the work's
    file), ``part``, ``identity``, ``steps`` ([kind, start, end, right_start, right_end], raw, changes only).
    """
    found = []
    background = context.background if isinstance(context.background, TextBackground) else None
    page = canonicalise(item.text)
    for copied in align_passages(page, store, background):
        right = rights.get(copied.work.key)
        pack = context.pack_for(right.kind) if right is not None else None
        if right is not None and pack is not None and right.is_valid_on(context.day):
            found.append(_to_finding(item, right, pack, page, copied, store.parts(copied.work.number), context))
    return found


def align_passages(page: Canonical, store: FingerprintStore, background: TextBackground | None) -> Iterator[Copied]:
    """What the page has of each work, works with the most shared prints first."""
    unit = len(page) / weight_of(page.codes) if len(page) else 1.0
    quoted = background.covered(page.codes) if background else np.zeros(len(page), dtype=np.bool_)
    infos = {work.number: work for work in store.works()}
    for number, places, others in _seeds_by_work(page, quoted, store):
        copied = _align_work(page, quoted, infos[number], store, places, others, unit)
        if copied is not None:
            yield copied


def _seeds_by_work(
    page: Canonical, quoted: NDArray[np.bool_], store: FingerprintStore
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    prints = make_prints(page.codes)
    own = ~quoted[prints.positions]
    order = np.argsort(prints.hashes[own], kind="stable")
    sorted_, places = prints.hashes[own][order], prints.positions[own][order]
    hashes, first, count = np.unique(sorted_, return_index=True, return_counts=True)
    if not len(hashes):
        return
    seeds = store.lookup(hashes)
    most = np.minimum(count[seeds.queries], _MOST_PLACES)
    rows = np.repeat(np.arange(len(seeds.queries)), most)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(most) - most, most)
    page_places = places[first[seeds.queries[rows]] + within]
    works, others = seeds.works[rows], seeds.positions[rows]
    numbers, sizes = np.unique(works, return_counts=True)
    for at in np.argsort(-sizes)[:_MOST_WORKS].tolist():
        if sizes[at] >= 2:
            mine = works == numbers[at]
            yield int(numbers[at]), page_places[mine], others[mine]


def _align_work(
    page: Canonical,
    quoted: NDArray[np.bool_],
    work: WorkInfo,
    store: FingerprintStore,
    places: NDArray[np.int64],
    others: NDArray[np.int64],
    unit: float,
) -> Copied | None:
    chains = make_chains(places, others, unit)
    passages = find_passages(page.codes, chains, lambda a, b: store.stretch(work.number, a, b).codes, unit)
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
    adverts = sum(s.page_end - s.page_start for s in aligned.comparison.steps if s.kind == "advert")
    return max(aligned.own - adverts * (1.0 if wide else 0.25), 0.0)


def _strength(copied: Copied) -> float:
    """0-1: below 120 Han characters a quotation (< .5), from 300 and a fifth of the page a copy (>= .8)."""
    strength = float(np.interp(copied.covered, [0, _NOTICED, _COPY, 1000], [0, 0.5, 0.8, 0.98]))
    if copied.share < _SHARE:
        strength = min(strength, 0.5 + 0.29 * copied.share / _SHARE)
    return strength


def _to_finding(
    item: Item,
    right: Right,
    pack: MeasurePack,
    page: Canonical,
    copied: Copied,
    parts: Sequence[PartInfo],
    context: Context,
) -> Finding:
    score = min(_strength(copied) * pack.weight("copied_text"), 1.0)
    level = Level.STRONG if score >= pack.thresholds.strong else Level.REVIEW
    permission = find_permission(item, right, context.day)
    spans = [span for aligned in copied.passages for span in _spans(page, aligned, parts)]
    values: dict[str, JSON] = {
        "covered": round(copied.covered),
        "share": round(copied.share, 3),
        "passages": len(copied.passages),
        "identity": round(copied.identity, 3),
    }
    detail = (
        f"{values['covered']} characters in {len(copied.passages)} passages, {copied.share:.0%} of the page, "
        f"{copied.identity:.0%} of their characters unchanged"
    )
    return Finding(
        item_id=item.id,
        right=right.registration_no,
        name=right.name,
        measure=pack.measure,
        queue=Queue.AUTHORISED if permission else pack.queues.get(Allegation.WORK, Queue.PIRACY),
        rule=pack.rule_id,
        match_score=copied.identity,
        score=score,
        level=level if score >= pack.thresholds.review else Level.IGNORE,
        spans=tuple(spans),
        explanation=(Reason("copied_text", score, detail, values),),
        details=_details(page, copied, parts),
        suppressed_by=permission.id if permission else "",
    )


def _spans(page: Canonical, aligned: Aligned, parts: Sequence[PartInfo]) -> list[Span]:
    """One span a passage; where it runs over several files of the work, one for each."""
    passage = aligned.passage
    start, end = page.raw_range(passage.page_start, passage.page_end)
    part = _part_at(parts, passage.work_start)
    first, last = aligned.work.raw_range(0, len(aligned.work))
    if part is None or part.file == getattr(_part_at(parts, passage.work_end - 1), "file", ""):
        return [Span(start, end, "text", first, last, _part_name(part))]
    cut = min(part.start + part.length - passage.work_start, len(aligned.work))
    at = next((s.page_start for s in aligned.comparison.steps if s.work_end >= passage.work_start + cut), None)
    middle = page.raw_range(passage.page_start, max(at or passage.page_end, passage.page_start + 1))[1]
    after = _part_at(parts, passage.work_start + cut)
    return [
        Span(start, middle, "text", *aligned.work.raw_range(0, cut), _part_name(part)),
        Span(middle, end, "text", *aligned.work.raw_range(cut, len(aligned.work)), _part_name(after)),
    ]


def _part_at(parts: Sequence[PartInfo], place: int) -> PartInfo | None:
    return next((part for part in reversed(parts) if part.start <= place), None)


def _part_name(part: PartInfo | None) -> str:
    return "" if part is None else part.file or part.name


def _details(page: Canonical, copied: Copied, parts: Sequence[PartInfo]) -> dict[str, JSON]:
    kinds: dict[str, int] = {}
    for aligned in copied.passages:
        for kind, times in aligned.comparison.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + times
    passages = [_passage_record(number, page, a, parts) for number, a in enumerate(copied.passages, 1)]
    return {
        "covered": round(copied.covered),
        "share": round(copied.share, 4),
        "work_share": round(copied.work_share, 6),
        "order": round(copied.order, 3),
        "identity": round(copied.identity, 4),
        "chapters": list(dict.fromkeys(p["part"] for p in passages)),
        "kinds": kinds,
        "renamings": [[r.original, r.replacement, r.times, r.of] for r in copied.renamings],
        "passages": passages,
    }


def _passage_record(number: int, page: Canonical, aligned: Aligned, parts: Sequence[PartInfo]) -> dict[str, JSON]:
    passage, work = aligned.passage, aligned.work
    start, end = page.raw_range(passage.page_start, passage.page_end)
    right_start, right_end = work.raw_range(0, len(work))
    part = _part_at(parts, passage.work_start)
    return {
        "number": number,
        "start": start,
        "end": end,
        "right_start": right_start,
        "right_end": right_end,
        "part": part.name if part else "",
        "identity": round(aligned.comparison.identity, 4),
        "steps": [
            [
                s.kind,
                *_raw(page, s.page_start, s.page_end),
                *_raw(work, s.work_start - passage.work_start, s.work_end - passage.work_start),
            ]
            for s in aligned.comparison.steps
            if s.kind != "equal"
        ],
    }


def _raw(text: Canonical, start: int, end: int) -> tuple[int, int]:
    """Raw range; for an empty one the place where it would stand."""
    if start < end:
        return text.raw_range(start, end)
    place = int(text.offsets[start]) if start < len(text) else int(text.offsets[-1]) + 1
    return place, place
