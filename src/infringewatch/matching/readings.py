"""What an item says besides the mark: words that offer copies, claims, cues of mere reference, its goods, its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from infringewatch.matching.context import Context
from infringewatch.matching.cues import Found, Lexicons, fold_cached
from infringewatch.matching.evidence import Cue
from infringewatch.matching.goods import Goods, read_goods
from infringewatch.model import Item, Right
from infringewatch.ruleset import MeasurePack, Term

_NEAR = 8
_READ = 2000


@dataclass(frozen=True, eq=False)  # no slots: the goods are read when they are asked for
class Reading:
    """One item, read with the lexicons of the rules."""

    item: Item
    lexicons: Lexicons
    title: str
    replica: Cue | None
    piracy: Cue | None
    claim: Cue | None
    earlier_hits: int

    def cues(self, right: Right, inside: tuple[int, int] | None, *, fuzzy: bool) -> dict[str, Cue]:
        """Cues for a mention of ``right`` at the folded range ``inside`` of the title (``None``: in another field)."""
        if right.is_work:
            return _named(replica_word=self.piracy, nominative_use=self._talk(inside))
        referring = _referring(self.lexicons.nominative.find(self.title), inside) if inside else []
        # Who disguises a mark does not refer to it: the cue counts less for a likeness.
        nominative = _strongest(referring, 0.6 if fuzzy else 1.0)
        return _named(replica_word=self.replica, authorisation_claim=self.claim, nominative_use=nominative)

    def _talk(self, inside: tuple[int, int] | None) -> Cue | None:
        """The word that says the work is only talked about: none where it is offered, nor one of its own title."""
        if self.piracy or self._offers(inside):
            return None
        return _strongest(_outside(self.lexicons.work_talk.find(self.title), inside))

    def _offers(self, inside: tuple[int, int] | None) -> bool:
        return bool(_outside(self.lexicons.work_offers.find(self.title), inside))

    def goods_beside(self, inside: tuple[int, int] | None) -> Goods:
        """The item's goods, the words at the folded range ``inside`` of the title left out: they are the mark."""
        overlapping = inside and any(f.start < inside[1] and inside[0] < f.end for f in self._goods_words)
        return read_goods(self.item, self.lexicons.goods, without=inside) if overlapping else self._goods

    @cached_property
    def _goods_words(self) -> tuple[Found, ...]:
        return self.lexicons.goods.find(self.title)

    @cached_property
    def _goods(self) -> Goods:
        return read_goods(self.item, self.lexicons.goods)

    def best_lift(self, pack: MeasurePack, right: Right) -> float:
        """The most that the item's own signs can add to a score, whatever the mark's place in it."""
        replica = self.piracy if right.is_work else self.replica
        lift = pack.weight("replica_word") * replica.strength if replica else 0.0
        lift += pack.weight("authorisation_claim") * self.claim.strength if self.claim else 0.0
        lift += pack.weight("price_below_reference") if self.item.price is not None and right.reference_price else 0.0
        lift += pack.weight("author_match") if right.is_work else 0.0
        return lift + (pack.weight("seller_history") if self.earlier_hits else 0.0)


def read_item(item: Item, lexicons: Lexicons, context: Context) -> Reading:
    title = fold_cached(item.title).text
    both = (title, fold_cached(item.description[:_READ]).text) if item.description else (title,)
    return Reading(
        item,
        lexicons,
        title,
        _strongest([found for text in both for found in lexicons.replica.find(text)]),
        _strongest([found for text in both for found in lexicons.piracy.find(text)]),
        _strongest([*lexicons.claims.find(title), *lexicons.claims.find(fold_cached(item.shop).text)]),
        context.earlier_hits(item),
    )


def _named(**cues: Cue | None) -> dict[str, Cue]:
    return {name: cue for name, cue in cues.items() if cue is not None}


def _strongest(found: Sequence[Found], share: float = 1.0) -> Cue | None:
    best = max(found, key=lambda f: f.term.strength, default=None)
    return Cue(best.term.text, best.term.strength * share) if best else None


def _outside(found: Sequence[Found], inside: tuple[int, int] | None) -> list[Found]:
    return [f for f in found if inside is None or f.end <= inside[0] or f.start >= inside[1]]


def _referring(found: Sequence[Found], inside: tuple[int, int]) -> list[Found]:
    # "for" behind the mark leads to something else: Dove shampoo for dry hair.
    apart = [f for f in found if f.end <= inside[0] or (f.start >= inside[1] and f.term.text != "for")]
    return [replace(f, term=_by_distance(f, inside)) for f in apart]


def _by_distance(found: Found, inside: tuple[int, int]) -> Term:
    """A cue far from the mark, or a bare "for" that does not lead to it, counts less."""
    gap = inside[0] - found.end if found.end <= inside[0] else found.start - inside[1]
    weak = found.term.text == "for" and inside[0] - found.end > 3
    share = 0.2 if weak else 1.0 if gap <= _NEAR else 0.7
    return replace(found.term, strength=found.term.strength * share)
