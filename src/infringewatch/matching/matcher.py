"""Weighs evidence by the measure's pack and says what an item is to a right: the one door of ``matching``.

Pure: the day, the rules and the texts that everyone quotes come in ``Context``; nothing is fetched or stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from infringewatch.matching.context import Context
from infringewatch.matching.evidence import MarkEvidence, MatchKind
from infringewatch.matching.features import FEATURES
from infringewatch.matching.marks.finder import find_marks
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.model import Finding, Item, Level, Queue, Reason, Right, Span
from infringewatch.permissions import find_permission
from infringewatch.ruleset import MAIN_SIGNALS, Allegation, MeasurePack


class TextScreen(Protocol):
    """What finds copied text in an item (``matching.works`` makes one from a store of prints)."""

    def __call__(self, item: Item, context: Context) -> list[Finding]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A compiled list: ``marks`` (with titles) numbers ``rights``; ``screen_text`` knows the texts of its works, where
    there are any."""

    rights: tuple[Right, ...]
    marks: CompiledMarks
    screen_text: TextScreen | None = None


def screen(item: Item, compiled: Compiled, context: Context, *, least: Level = Level.REVIEW) -> list[Finding]:
    """Every right that the item meets, best first, from ``least`` upwards (``ignore`` gives every scored candidate).

    A finding that an allow-list covers is always given, in the queue ``authorised``, and names the row.
    """
    return screen_many([item], compiled, context, least=least)[0]


def screen_many(
    items: Sequence[Item], compiled: Compiled, context: Context, *, least: Level = Level.REVIEW
) -> list[list[Finding]]:
    """``screen`` for many items: the same findings, much cheaper for each."""
    best: list[dict[str, Finding]] = [{} for _ in items]
    everything = least is Level.IGNORE
    for number, evidence in find_marks(items, compiled.rights, compiled.marks, context, everything=everything):
        finding = weigh(evidence, context)
        if finding is None:
            continue
        _keep_best(best[number], finding)
    if compiled.screen_text is not None:
        for number, item in enumerate(items):
            for finding in compiled.screen_text(item, context) if item.text else ():
                _keep_best(best[number], finding)
    return [
        sorted((f for f in found.values() if _is_wanted(f, least)), key=lambda f: (-f.score, f.right)) for found in best
    ]


_LEVELS = tuple(Level)


def _keep_best(found: dict[str, Finding], new: Finding) -> None:
    """One finding for each right: the best; what another found besides (the title, beside copied text) adds its spans."""
    old = found.get(new.right)
    if old is None:
        found[new.right] = new
        return
    better, other = (new, old) if (new.score, new.match_score) > (old.score, old.match_score) else (old, new)
    if _has_copied_text(better) != _has_copied_text(other):
        better = replace(better, spans=(*better.spans, *other.spans))
    found[new.right] = better


def _has_copied_text(finding: Finding) -> bool:
    return any(reason.feature == "copied_text" for reason in finding.explanation)


def _is_wanted(finding: Finding, least: Level) -> bool:
    return bool(finding.suppressed_by) or _LEVELS.index(finding.level) >= _LEVELS.index(least)


def weigh(evidence: MarkEvidence, context: Context) -> Finding | None:
    """The finding that the evidence makes; ``None`` where no pack of the measure judges such a right."""
    pack = context.pack_for(evidence.right.kind, famous=evidence.right.famous)
    if pack is None:
        return None
    reasons = _reasons(evidence, pack)
    score = min(1.0, max(0.0, sum(reason.weight for reason in reasons)))
    permission = find_permission(evidence.item, evidence.right, context.day)
    queue = Queue.AUTHORISED if permission else pack.queues.get(_allegation(evidence, reasons), Queue.UNLICENSED_USE)
    return Finding(
        item_id=evidence.item.id,
        right=evidence.right.registration_no,
        name=evidence.right.name,
        measure=pack.measure,
        queue=queue,
        rule=pack.rule_id,
        match_score=evidence.alignment.similarity,
        score=score,
        level=_level(score, pack),
        spans=(_span(evidence),),
        explanation=reasons,
        alignment=evidence.alignment.pairs,
        details={"field": evidence.field, "form": evidence.form.text},
        suppressed_by=permission.id if permission else "",
    )


def _reasons(evidence: MarkEvidence, pack: MeasurePack) -> tuple[Reason, ...]:
    """Main signals first (the best of them counts), then the adjustments, the weightiest first."""
    found: list[Reason] = []
    for name, feature in FEATURES.items():
        weight = pack.weight(name)
        sign = feature(evidence) if weight else None
        if sign is not None:
            found.append(Reason(name, weight * sign.strength, sign.detail, sign.values))
    main = sorted((r for r in found if r.feature in MAIN_SIGNALS), key=lambda r: -r.weight)[:1]
    return (*main, *sorted((r for r in found if r.feature not in MAIN_SIGNALS), key=lambda r: -abs(r.weight)))


def _level(score: float, pack: MeasurePack) -> Level:
    if score >= pack.thresholds.strong:
        return Level.STRONG
    return Level.REVIEW if score >= pack.thresholds.review else Level.IGNORE


_COPY_SIGNS = frozenset({"replica_word", "price_below_reference"})


def _allegation(evidence: MarkEvidence, reasons: Sequence[Reason]) -> Allegation:
    if evidence.right.is_work:
        return Allegation.WORK
    if evidence.kind is MatchKind.FUZZY:
        return Allegation.IMITATION
    signs = any(reason.feature in _COPY_SIGNS and reason.weight > 0 for reason in reasons)
    return Allegation.COPY_SIGNS if signs else Allegation.PLAIN_USE


def _span(evidence: MarkEvidence) -> Span:
    form = evidence.form
    part = "" if form.text == evidence.right.name else form.text
    return Span(evidence.alignment.start, evidence.alignment.end, evidence.field, 0, len(form.text), part)


__all__ = ["FEATURES", "Compiled", "screen", "screen_many", "weigh"]
