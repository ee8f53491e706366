"""What matching says of one pair of item and right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from infringewatch.model.values import JSON

MEASURES = ("27", "28", "36")


class Level(StrEnum):
    IGNORE = "ignore"
    REVIEW = "review"
    STRONG = "strong"


class Queue(StrEnum):
    """What is alleged (design: formats, findings)."""

    IMITATION = "imitation"
    COUNTERFEIT = "counterfeit"
    UNLICENSED_USE = "unlicensed_use"
    COPIED_IMAGE = "copied_image"
    PIRACY = "piracy"
    UNLICENSED_WORK = "unlicensed_work"
    AUTHORISED = "authorised"


@dataclass(frozen=True, slots=True)
class Span:
    """Where the item's text meets the right's: code points, half open, in the raw strings.

    ``part`` names the file, chapter or alias on the right's side where there are several.
    """

    start: int
    end: int
    field: str
    right_start: int
    right_end: int
    part: str = ""

    def to_record(self) -> list[JSON]:
        record: list[JSON] = [self.start, self.end, self.field, self.right_start, self.right_end]
        return [*record, self.part] if self.part else record

    @classmethod
    def from_record(cls, record: list[Any]) -> Span:
        return cls(*record)


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the feature table as it came out for this item.

    ``detail`` is a sentence in English; ``values`` holds what stands in it, so that a page can say it
    in its reader's language (one message per ``feature``).
    """

    feature: str
    weight: float
    detail: str
    values: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """One step of the alignment that was scored: a piece of the item's text against a piece of the right's.

    ``relation`` is a word of matching's vocabulary (``same``, ``look_alike``, ``same_sound``, ``script``,
    ``separator``, ``invisible``, ``inserted``, ``dropped`` …); ``similarity`` is 0-1.
    """

    text: str
    right_text: str
    relation: str
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One pair of item and right that matched (design: formats, findings)."""

    item_id: str
    right: str
    name: str
    measure: str
    queue: Queue
    rule: str
    match_score: float
    score: float
    level: Level
    spans: tuple[Span, ...] = ()
    explanation: tuple[Reason, ...] = ()
    alignment: tuple[AlignedPair, ...] = ()
    details: Mapping[str, JSON] = field(default_factory=dict)
    suppressed_by: str = ""

    def to_record(self) -> dict[str, JSON]:
        """The line of the findings format. ``values``, ``alignment`` and ``details`` are written only where filled."""
        record: dict[str, JSON] = {
            "item_id": self.item_id,
            "right": self.right,
            "name": self.name,
            "measure": self.measure,
            "queue": str(self.queue),
            "rule": self.rule,
            "match_score": round(self.match_score, 4),
            "score": round(self.score, 4),
            "level": str(self.level),
            "spans": [span.to_record() for span in self.spans],
            "explanation": [
                {"feature": reason.feature, "weight": round(reason.weight, 4), "detail": reason.detail}
                | ({"values": dict(reason.values)} if reason.values else {})
                for reason in self.explanation
            ],
        }
        if self.alignment:
            record["alignment"] = [[p.text, p.right_text, p.relation, round(p.similarity, 3)] for p in self.alignment]
        if self.details:
            record["details"] = dict(self.details)
        if self.suppressed_by:
            record["suppressed_by"] = self.suppressed_by
        return record
