"""Marks and titles in items: windows, what stands around them, and what the item says besides, as evidence to be weighed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from infringewatch.matching.context import Context
from infringewatch.matching.cues import lexicons_of
from infringewatch.matching.evidence import MarkEvidence, MatchKind
from infringewatch.matching.features import bits_below_need, exact_strength, fuzzy_strength
from infringewatch.matching.goods import class_relation, classes_of
from infringewatch.matching.marks.forms import FormKind
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.surroundings import folded_range, look_around, raw_range_folded
from infringewatch.matching.marks.windows import Hope, Slack, Text, Window, find_windows, needed_bits
from infringewatch.matching.readings import Reading, read_item
from infringewatch.model import Item, Right, RightKind
from infringewatch.ruleset import MeasurePack

MARK_FIELDS = ("title", "brand", "shop")
"""Where marks are looked for. Sellers' names are compared with allow-lists; a description, which names whatever the
goods go with, is searched only where the item is offered as a copy: some sellers name the mark there alone."""
_READ_DESCRIPTION = 4000
_LONGEST_NAME = 80
_HIDING, _HIDING_DRESSED = 0.6, 1.0
"""The most that a likeness may owe to disguise: without and with something between or around the letters."""


_Signs = tuple[bool, bool, bool, bool]


def find_marks(
    items: Sequence[Item], rights: Sequence[Right], marks: CompiledMarks, context: Context, *, everything: bool = False
) -> Iterator[tuple[int, MarkEvidence]]:
    """Evidence for each item number; several pieces for one right may come, the best is chosen by whoever weighs.

    Likenesses that cannot reach review are left out unless ``everything`` is wanted.
    """
    lexicons = lexicons_of(context.ruleset)
    readings = [read_item(item, lexicons, context) for item in items]
    texts = list(_texts(readings, context, everything))
    by_text: dict[int, list[Window]] = defaultdict(list)
    is_worth = (lambda hope: True) if everything else _chooser(readings, rights, context)
    for window in find_windows(texts, rights, marks, is_worth):
        by_text[id(window.text)].append(window)
    for group in by_text.values():
        for window in _without_shadows(group):
            right = rights[window.form.right]
            if window.worth and right.is_valid_on(context.day):
                yield window.text.item, _gather(readings[window.text.item], right, window, marks)


def _texts(readings: Sequence[Reading], context: Context, everything: bool) -> Iterator[Text]:
    """The fields to look at, each with the bits that a likeness in it may lack and still be lifted to review."""
    packs = [pack for pack in context.ruleset.measures.values() if "fuzzy_mark" in pack.weights]
    known: dict[_Signs, Slack] = {}
    for number, reading in enumerate(readings):
        signs = (
            bool(reading.replica or reading.piracy),
            bool(reading.claim),
            reading.item.price is not None,
            bool(reading.earlier_hits),
        )
        if signs not in known:
            known[signs] = _slack_of(packs, signs)
        slack = _ANY if everything else known[signs]
        for name in MARK_FIELDS:
            if raw := getattr(reading.item, name):
                # A brand's own field names the mark however short it is, and so may a name with a word joined to it.
                yield Text(number, name, raw, _ANY if name == "brand" or _is_one_word(raw) else slack)
        if reading.replica and reading.item.description:
            yield Text(number, "description", reading.item.description[:_READ_DESCRIPTION], _NONE)


_ANY, _NONE = Slack(*[float("inf")] * 4), Slack(0.0, 0.0, 0.0, 0.0)


def _is_one_word(raw: str) -> bool:
    return raw.isascii() and len(raw) <= _LONGEST_NAME and " " not in raw


def _slack_of(packs: Sequence[MeasurePack], signs: _Signs) -> Slack:
    marks = [pack for pack in packs if RightKind.COPYRIGHT not in pack.kinds]
    return Slack(
        _slack(marks, signs, _HIDING),
        _slack(marks, signs, _HIDING_DRESSED),
        _slack(packs, signs, _HIDING_DRESSED),
        _slack(marks, signs, 0.0),
    )


_SIGN_NAMES = ("replica_word", "authorisation_claim", "price_below_reference", "seller_history")


def _slack(packs: Sequence[MeasurePack], signs: _Signs, hiding: float) -> float:
    """The right is not known yet: goods of its class and its author's name could lift it too."""

    def lift(pack: MeasurePack) -> float:
        own = sum(pack.weight(name) for name, given in zip(_SIGN_NAMES, signs, strict=True) if given)
        return own + pack.weight("class_match") + pack.weight("disguise") * hiding + pack.weight("author_match")

    return max((bits_short(pack, lift(pack)) for pack in packs), default=0.0)


def bits_short(pack: MeasurePack, lift: float) -> float:
    """How many bits a likeness may fall short of what is asked when everything else adds ``lift`` to its score."""
    weight = pack.weight("fuzzy_mark")
    return bits_below_need((pack.thresholds.review - lift) / weight) if weight else 0.0


def _chooser(readings: Sequence[Reading], rights: Sequence[Right], context: Context) -> Callable[[Hope], bool]:
    """Whether a likeness could reach review, now that its right and the goods are known."""

    def is_worth(hope: Hope) -> bool:
        right, reading = rights[hope.right], readings[hope.text.item]
        pack = context.pack_for(right.kind, famous=right.famous)
        if pack is None:
            return False
        if right.is_work or (hope.exact and hope.text.field == "brand"):
            return True
        score = pack.weight("fuzzy_mark") * fuzzy_strength(hope.bits, hope.needed)
        if hope.exact:
            exact = exact_strength(hope.bits, hope.needed, hope.han)
            score = max(pack.weight("exact_mark"), pack.weight("alias")) * exact
        plain = 0.0 if hope.exact and not _is_one_word(hope.text.raw) else _HIDING
        score += pack.weight("disguise") * (_HIDING_DRESSED if hope.dressed else plain)
        missing = pack.thresholds.review - 1e-6 - score - reading.best_lift(pack, right)
        if missing > pack.weight("class_match"):
            return False  # most end here, before anyone asks what the goods are
        inside = raw_range_folded(hope.text.raw, hope.start, hope.end) if hope.text.field == "title" else None
        match, mismatch = class_relation(reading.goods_beside(inside), classes_of(right))
        return pack.weight("class_match") * match + pack.weight("class_mismatch") * mismatch >= missing

    return is_worth


def _without_shadows(windows: list[Window]) -> list[Window]:
    """Without likenesses that an exact mention explains: another mark's, or this one's with a neighbour joined to it."""
    exact = [w for w in windows if w.kind is not MatchKind.FUZZY and w.form.kind is not FormKind.TRANSLATED]
    return [w for w in windows if w.kind is not MatchKind.FUZZY or not any(_explains(e, w) for e in exact)]


def _explains(exact: Window, fuzzy: Window) -> bool:
    a, b = exact.alignment, fuzzy.alignment
    if a.start >= b.end or b.start >= a.end:
        return False
    if exact.form.right != fuzzy.form.right:
        return len(exact.form.codes) * 3 >= len(fuzzy.form.codes) * 2
    if fuzzy.form.is_han:
        return True
    return bool(b.relations & {"space", "separator"}) and not a.relations & {"space", "separator"}


def _gather(reading: Reading, right: Right, window: Window, marks: CompiledMarks) -> MarkEvidence:
    raw, han = window.text.raw, window.form.is_han
    near = look_around(raw, window.alignment, reading.lexicons.goods, han=han)
    inside = folded_range(raw, window.alignment) if window.text.field == "title" else None
    goods = reading.goods_beside(inside)
    return MarkEvidence(
        item=reading.item,
        right=right,
        form=window.form,
        kind=window.kind,
        field=window.text.field,
        alignment=window.alignment,
        surroundings=near,
        needed_bits=float(needed_bits(marks, np.array(near.letters), han=han)),
        goods=goods,
        class_relation=class_relation(goods, classes_of(right)),
        cues=reading.cues(right, inside, fuzzy=window.kind is MatchKind.FUZZY),
        earlier_hits=reading.earlier_hits,
    )
