"""What is known about one meeting of an item with a right, before it is weighed. Built by the finders, read by the features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from infringewatch.matching.goods import Goods
from infringewatch.matching.marks.align import Alignment
from infringewatch.matching.marks.forms import Form
from infringewatch.model import Item, Right


class MatchKind(StrEnum):
    """The main signal that an alignment stands for."""

    EXACT = "exact_mark"
    FUZZY = "fuzzy_mark"
    ALIAS = "alias"
    TITLE = "title_match"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the window stands in its text. ``crossed`` counts edges that lie inside a word (``inside``); ``ordinary`` is the
    ordinary word that the window is, or that explains what differs in it (``ordinary_share`` then is lower);
    ``covers`` is the share of the text's letters that the window takes; ``affixed``: the text is a name that consists
    of the mark and words like shop or login; ``in_name``: the window is a part of such a name. ``leads``: it begins the
    text and stands apart from what follows. ``joined``: a lone Han character that is written together with the window
    and with no word of its own: 高 in 高回力缓震, 器 in 回力器. ``two_words``: the window is ordinary words set apart."""

    crossed: float
    inside: str
    ordinary: str
    ordinary_share: float
    covers: float
    quoted: bool
    affixed: bool
    in_name: bool
    leads: bool
    letters: int
    joined: str = ""
    two_words: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of a lexicon with its strength, as it stands in the item."""

    word: str
    strength: float


@dataclass(frozen=True, slots=True)
class MarkEvidence:
    """``field`` is where the window stands; ``needed_bits`` what this list and this text ask of a likeness.
    ``class_relation``: how surely the goods are those of the mark, and how surely others."""

    item: Item
    right: Right
    form: Form
    kind: MatchKind
    field: str
    alignment: Alignment
    surroundings: Surroundings
    needed_bits: float
    goods: Goods
    class_relation: tuple[float, float]
    cues: Mapping[str, Cue]
    earlier_hits: int = 0

    @property
    def text(self) -> str:
        return str(getattr(self.item, self.field))[self.alignment.start : self.alignment.end]
