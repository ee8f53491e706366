"""What a measure's pack says: how much each signal counts, where the cut-offs lie, which queue an allegation goes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from infringewatch.model import MEASURES, Queue, RightKind
from infringewatch.ruleset.law import LegalBasis, read_bases, read_titles
from infringewatch.ruleset.signals import MAIN_SIGNALS, SIGNALS
from infringewatch.ruleset.tables import Table


class Allegation(StrEnum):
    """What a finding says, before a measure names the queue for it."""

    IMITATION = "imitation"  # a disguised mark
    COPY_SIGNS = "copy_signs"  # the mark itself, with signs of a copy
    PLAIN_USE = "plain_use"  # the mark itself, without them, from an unknown seller
    IMAGE = "image"  # a copied picture
    WORK = "work"  # a copy of a work, or an offer of one


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Fixed cut-offs on the score: from ``review`` a person looks, from ``strong`` it comes first."""

    review: float
    strong: float


@dataclass(frozen=True, slots=True)
class MeasurePack:
    """One file of ``rules/measures``. A signal that ``weights`` does not name counts nothing.

    ``kinds`` are the rights that it judges; ``famous_only`` keeps it to rights that are marked famous,
    for which it goes before other packs of its measure. ``queues`` names a queue for each allegation
    that the measure knows.
    """

    id: str
    version: int
    measure: str
    title: Mapping[str, str]
    kinds: frozenset[RightKind]
    famous_only: bool
    legal_basis: tuple[LegalBasis, ...]
    weights: Mapping[str, float]
    thresholds: Thresholds
    queues: Mapping[Allegation, Queue]
    lexicons: tuple[str, ...] = ()

    @property
    def rule_id(self) -> str:
        """What a finding keeps: ``m27@1``."""
        return f"{self.id}@{self.version}"

    def weight(self, signal: str) -> float:
        return self.weights.get(signal, 0.0)


def read_measure(table: Table) -> MeasurePack:
    return MeasurePack(
        id=table.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        version=table.integer("version", low=1, high=1_000_000, required=True),
        measure=table.word("measure", MEASURES, required=True),
        title=read_titles(table),
        kinds=frozenset(table.choices("kinds", RightKind, required=True)),
        famous_only=table.flag("famous_only"),
        legal_basis=read_bases(table),
        weights=_read_weights(table.table("weights", required=True)),
        thresholds=_read_thresholds(table.table("thresholds", required=True)),
        queues=_read_queues(table.table("queues", required=True)),
        lexicons=table.texts("lexicons"),
    )


def _read_weights(table: Table | None) -> Mapping[str, float]:
    if table is None:
        return {}
    weights = {
        signal: table.number(signal, low=0.0 if signal in MAIN_SIGNALS else -1.0, high=1.0)
        for signal in sorted(SIGNALS & set(table.names))
    }
    for signal in set(table.names) - SIGNALS:
        table.number(signal, low=-1, high=1)
        table.fault(signal, f"is no signal; there are {', '.join(sorted(SIGNALS))}")
    return weights


def _read_thresholds(table: Table | None) -> Thresholds:
    if table is None:
        return Thresholds(1.0, 1.0)
    thresholds = Thresholds(
        table.number("review", low=0, high=1, required=True), table.number("strong", low=0, high=1, required=True)
    )
    if thresholds.review > thresholds.strong:
        table.fault("strong", "must not lie below review")
    table.close()
    return thresholds


def _read_queues(table: Table | None) -> Mapping[Allegation, Queue]:
    if table is None:
        return {}
    queues = {allegation: table.choice(allegation, Queue) for allegation in Allegation if allegation in table.names}
    if not queues:
        table.fault("work", "a queue is needed for at least one allegation")
    table.close()
    return queues
