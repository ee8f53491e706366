"""Screens an item's text against all registered works: which work, which passages, how much, how disguised.

``copied.screen_page`` finds and measures; here findings are made of it by the measure's pack.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.context import Context
from infringewatch.matching.works.background import TextBackground
from infringewatch.matching.works.canonical import Canonical
from infringewatch.matching.works.copied import Aligned, Copied, Screened, screen_page
from infringewatch.matching.works.differences import STEP_KINDS
from infringewatch.matching.works.store import FingerprintStore, PartInfo, WorkInfo, find_chapters
from infringewatch.model import JSON, Finding, Item, Level, Queue, Reason, Right, Span
from infringewatch.permissions import find_permission
from infringewatch.ruleset import Allegation, MeasurePack

_NOTICED = 120.0  # Han characters: less is a quotation
_COPY = 300.0
_SHARE = 0.2
_EDGE = 30  # canonical characters: less of a neighbouring chapter is where a passage slipped over
_PATCHWORK = 0.6
_MANY_QUOTES = 0.4  # below this part of a page short passages are quotations, however many


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
    ``chapters_of`` (how many the work has), ``chapter_shares`` ([number from 1, share of the chapter that is copied]),
    ``kinds`` ({kind: times}; ``noise``: characters strewn in), ``renamings`` ([original, replacement, times, of]) and ``passages``, each with
    ``number`` (from 1), ``start``, ``end`` (raw, in ``text``), ``right_start``, ``right_end`` (raw, in the work's
    file), ``part``, ``identity``, ``steps`` ([kind, start, end, right_start, right_end], raw, changes only).
    """
    found = []
    background = context.background if isinstance(context.background, TextBackground) else None

    def owner_of(work: WorkInfo) -> str:
        right = rights.get(work.key)
        return (right.author or right.holder or work.key) if right is not None else work.key

    screened = screen_page(item.text, store, background, owner_of=owner_of)
    for copied in screened.works:
        right = rights.get(copied.work.key)
        pack = context.pack_for(right.kind) if right is not None else None
        if right is not None and pack is not None and right.is_valid_on(context.day):
            found.append(_to_finding(item, right, pack, screened, copied, store.parts(copied.work.number), context))
    return found


def _is_patchwork(everything: Sequence[Copied]) -> bool:
    """Whether most of the page is stitched of registered works: then a short piece of one is no quotation."""
    return sum(c.share for c in everything) >= _PATCHWORK and sum(c.covered for c in everything) >= _COPY


def _strength(copied: Copied, patchwork: bool) -> float:
    """0-1: below 120 Han characters a quotation (< .5), from 300 and a fifth of the page a copy (>= .8)."""
    noticed = _NOTICED / 2 if patchwork else _NOTICED
    strength = float(np.interp(copied.covered, [0, noticed, _COPY, 1000], [0, 0.5, 0.8, 0.98]))
    longest = max(aligned.own for aligned in copied.passages)
    if longest < noticed and copied.share < _MANY_QUOTES:
        return min(strength, 0.49 * longest / noticed)
    if copied.share < _SHARE:
        strength = min(strength, 0.5 + 0.29 * copied.share / _SHARE)
    return strength


def _to_finding(
    item: Item,
    right: Right,
    pack: MeasurePack,
    screened: Screened,
    copied: Copied,
    parts: Sequence[PartInfo],
    context: Context,
) -> Finding:
    page = screened.page
    score = min(_strength(copied, _is_patchwork(screened.works)) * pack.weight("copied_text"), 1.0)
    level = Level.STRONG if score >= pack.thresholds.strong else Level.REVIEW
    permission = find_permission(item, right, context.day)
    spans = [span for aligned in copied.passages for span in _spans(page, aligned, parts)]
    values: dict[str, JSON] = {
        "covered": round(copied.covered),
        "share": round(copied.share, 3),
        "passages": len(copied.passages),
        "identity": round(copied.identity, 3),
    }
    several = "passage" if len(copied.passages) == 1 else "passages"
    detail = (
        f"{values['covered']} characters in {len(copied.passages)} {several}, {copied.share:.0%} of the page, "
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
        details=_details(screened, copied, parts),
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
    at = aligned.comparison.at
    step = at[np.searchsorted(at[:, 3], passage.work_start + cut)]
    middle = page.raw_range(passage.page_start, max(int(step[0]), passage.page_start + 1))[1]
    after = _part_at(parts, passage.work_start + cut)
    return [
        Span(start, middle, "text", *aligned.work.raw_range(0, cut), _part_name(part)),
        Span(middle, end, "text", *aligned.work.raw_range(cut, len(aligned.work)), _part_name(after)),
    ]


def _part_at(parts: Sequence[PartInfo], place: int) -> PartInfo | None:
    return next((part for part in reversed(parts) if part.start <= place), None)


def _part_name(part: PartInfo | None) -> str:
    return "" if part is None else part.file or part.name


def _details(screened: Screened, copied: Copied, parts: Sequence[PartInfo]) -> dict[str, JSON]:
    kinds: dict[str, int] = {}
    for aligned in copied.passages:
        for kind, times in aligned.comparison.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + times
    noise = sum(_noise_in(screened, aligned) for aligned in copied.passages)
    if noise:
        kinds["noise"] = noise
    passages = [_passage_record(number, screened.page, a, parts) for number, a in enumerate(copied.passages, 1)]
    chapters = find_chapters(parts)
    shares = _chapter_shares(copied, [parts[at] for at in chapters])
    return {
        "covered": round(copied.covered),
        "share": round(copied.share, 4),
        "work_share": round(copied.work_share, 6),
        "order": round(copied.order, 3),
        "identity": round(copied.identity, 4),
        "chapters": [parts[chapters[number - 1]].name for number in shares]
        or list(dict.fromkeys(p["part"] for p in passages)),
        "chapters_of": len(chapters),
        "chapter_shares": [[number, round(share, 3)] for number, share in shares.items()],
        "kinds": kinds,
        "renamings": [[r.original, r.replacement, r.times, r.of] for r in copied.renamings],
        "passages": passages,
    }


def _noise_in(screened: Screened, aligned: Aligned) -> int:
    """How many characters inside the passage were taken for noise."""
    passage = aligned.passage
    first, last = np.searchsorted(screened.noise, screened.page.raw_range(passage.page_start, passage.page_end))
    return int(last - first)


def _chapter_shares(copied: Copied, chapters: Sequence[PartInfo]) -> dict[int, float]:
    """Number of a chapter (from 1) -> the share of it that passages cover; slips over a chapter's edge left out."""
    shares: dict[int, float] = {}
    starts = [chapter.start for chapter in chapters]
    for start, end in ((a.passage.work_start, a.passage.work_end) for a in copied.passages):
        for at in range(max(bisect_right(starts, start) - 1, 0), bisect_left(starts, end)):
            first, length = chapters[at].start, chapters[at].length
            covered = min(end, first + length) - max(start, first)
            if covered >= min(_EDGE, length) > 0:
                shares[at + 1] = min(shares.get(at + 1, 0.0) + covered / length, 1.0)
    return dict(sorted(shares.items()))


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
        "steps": _steps(page, aligned),
    }


def _steps(page: Canonical, aligned: Aligned) -> list[list[JSON]]:
    changed = aligned.comparison.kind != 0
    at = aligned.comparison.at[changed]
    first = aligned.passage.work_start
    places = *_raw_ranges(page, at[:, 0], at[:, 1]), *_raw_ranges(aligned.work, at[:, 2] - first, at[:, 3] - first)
    kinds = [STEP_KINDS[kind] for kind in aligned.comparison.kind[changed].tolist()]
    return [list(step) for step in zip(kinds, *places, strict=True)]


def _raw_ranges(text: Canonical, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Raw starts and ends; for an empty one the place where it would stand."""
    after = np.append(text.offsets, text.offsets[-1] + 1)
    first = after[starts]
    last = np.where(ends > starts, text.offsets[np.maximum(ends, 1) - 1] + 1, first)
    return first.tolist(), last.tolist()
