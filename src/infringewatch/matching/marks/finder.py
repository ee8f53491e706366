"""Candidates of a batch of items to evidence: alignment on the original span, the words around it, the goods, the cues."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.context import Context
from infringewatch.matching.cues import Found, Lexicons, fold_cached, lexicons_of
from infringewatch.matching.evidence import Cue, MarkEvidence, MatchKind
from infringewatch.matching.goods import class_relation, read_goods
from infringewatch.matching.marks.align import Alignment, Letters, align
from infringewatch.matching.marks.forms import Form, FormKind
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.pruning import may_reach
from infringewatch.matching.marks.streams import Batch, ViewKind, read_batch
from infringewatch.matching.marks.surroundings import folded_range, look_around
from infringewatch.model import Item, Right
from infringewatch.ruleset import Term

MARK_FIELDS = ("title", "brand", "shop")
"""Where marks are looked for. Sellers' names are compared with allow-lists, descriptions are read for cues only."""
CHANCE_BITS = 8.4
"""About three alarms in a thousand texts: log2(1 / 0.003)."""
_NEAR = 8
_DRESSED = frozenset({"same", "width", "variant", "script", "leet", "invisible", "separator", "space"})


@dataclass(frozen=True, slots=True)
class _Window:
    item: int
    field: str
    form: Form
    alignment: Alignment
    kind: MatchKind


def find_marks(
    items: Sequence[Item],
    rights: Sequence[Right],
    marks: CompiledMarks,
    context: Context,
    *,
    slack: float | None = None,
) -> Iterator[tuple[int, MarkEvidence]]:
    """Evidence for each item number; several pieces for one right may come, the best is chosen by whoever weighs.

    With ``slack``, likenesses that fall short by more bits than that are left out, unless the item itself has signs
    of a copy. Without, all come.
    """
    texts = [(n, name, text) for n, item in enumerate(items) for name in MARK_FIELDS if (text := getattr(item, name))]
    lexicons = lexicons_of(context.ruleset)
    free = [_has_own_signs(item, lexicons) for item in items] if slack is not None else []
    windows = _find_windows(texts, rights, marks, slack, free)
    by_text: dict[tuple[int, str], list[_Window]] = defaultdict(list)
    for window in windows:
        by_text[window.item, window.field].append(window)
    for group in by_text.values():
        for window in _without_shadows(group):
            right = rights[window.form.right]
            if right.is_valid_on(context.day):
                yield window.item, _gather(items[window.item], right, window, marks, context, lexicons)


def needed_bits(marks: CompiledMarks, letters: NDArray[np.int64], *, han: bool) -> NDArray[np.float64]:
    """The length law: a likeness must be rarer than one in (forms of the list x letters of the text / budget)."""
    forms = max(2, marks.count_of_script(han=han))
    return math.log2(forms) + np.log2(np.maximum(1, letters)) + CHANCE_BITS


def _has_own_signs(item: Item, lexicons: Lexicons) -> bool:
    """Whether the item brings signs of a copy that could lift any likeness: then nothing is left out early."""
    if item.price is not None:
        return True
    return any(lexicons.replica.find(fold_cached(text).text) for text in (item.title, item.description[:2000]) if text)


def _find_windows(
    texts: Sequence[tuple[int, str, str]],
    rights: Sequence[Right],
    marks: CompiledMarks,
    slack: float | None,
    free: Sequence[bool],
) -> Iterator[_Window]:
    batch = read_batch([text for _, _, text in texts])
    letters = np.bincount(batch.text[batch.view], minlength=len(texts))
    seen: set[tuple[int, int, int, int, int]] = set()
    for found in marks.candidates(batch):
        if slack is not None:
            allowed = np.array([np.inf if free[item] else slack for item, _, _ in texts], dtype=np.float32)
            least = [(needed_bits(marks, letters, han=han) - allowed).astype(np.float32) for han in (True, False)]
            found = found.only(may_reach(found, batch, marks.segments[found.segment], *least))
        for place, length, number in zip(
            found.places.tolist(), found.lengths.tolist(), found.forms.tolist(), strict=True
        ):
            view = int(batch.view[place])
            text = int(batch.text[view])
            key = (text, found.segment, number, int(batch.starts[place]), int(batch.ends[place + length - 1]))
            if key in seen:
                continue
            seen.add(key)
            item, name, raw = texts[text]
            form = marks.form(found.segment, number)
            alignment = _align(batch, place, length, form, raw)
            kind = _kind_of(alignment, form, rights[form.right], ViewKind(int(batch.kind[view])))
            if _is_worth_it(alignment, form, kind):
                yield _Window(item, name, form, alignment, kind)


def _is_worth_it(alignment: Alignment, form: Form, kind: MatchKind) -> bool:
    """Two letters of four that are simply others make no likeness; a derived spelling must be spelled right."""
    if form.kind is FormKind.PINYIN and not alignment.relations <= _DRESSED:
        return False
    return kind is not MatchKind.FUZZY or alignment.similarity >= 0.6


def _align(batch: Batch, place: int, length: int, form: Form, raw: str) -> Alignment:
    end = place + length
    if len(form.codes) > length >= 24:  # only the first letters were filed: take as many as the name has
        while end < len(batch.codes) and batch.codes[end] and end - place < len(form.codes):
            end += 1
    letters = Letters(
        batch.codes[place:end].tolist(), batch.starts[place:end].tolist(), batch.ends[place:end].tolist(), raw
    )
    return align(letters, form.codes.tolist(), form.text, form.places)


def _kind_of(alignment: Alignment, form: Form, right: Right, view: ViewKind) -> MatchKind:
    if right.is_work:
        return MatchKind.TITLE if alignment.similarity > 0.95 else MatchKind.FUZZY
    exact = alignment.relations <= {"same", "width", "variant", "space"} and alignment.similarity > 0.9
    if not exact or view is not ViewKind.PLAIN:
        return MatchKind.FUZZY
    if "space" in alignment.relations and " " not in form.text and form.is_han:
        return MatchKind.FUZZY
    return MatchKind.EXACT if form.kind is FormKind.NAME else MatchKind.ALIAS


def _without_shadows(windows: list[_Window]) -> list[_Window]:
    """Without likenesses that an exact mention explains: another mark's, or this one's with a neighbour joined to it."""
    exact = [w for w in windows if w.kind is not MatchKind.FUZZY]
    return [w for w in windows if w.kind is not MatchKind.FUZZY or not any(_explains(e, w) for e in exact)]


def _explains(exact: _Window, fuzzy: _Window) -> bool:
    a, b = exact.alignment, fuzzy.alignment
    if a.start >= b.end or b.start >= a.end:
        return False
    if exact.form.right != fuzzy.form.right:
        return len(exact.form.codes) * 2 > len(fuzzy.form.codes)
    if fuzzy.form.is_han:
        return True
    return bool(b.relations & {"space", "separator"}) and not a.relations & {"space", "separator"}


def _gather(
    item: Item, right: Right, window: _Window, marks: CompiledMarks, context: Context, lexicons: Lexicons
) -> MarkEvidence:
    text = str(getattr(item, window.field))
    near = look_around(text, window.alignment, lexicons.goods, han=window.form.is_han)
    inside = folded_range(text, window.alignment) if window.field == "title" else None
    goods = read_goods(item, lexicons.goods, without=inside)
    fuzzy = window.kind is MatchKind.FUZZY
    return MarkEvidence(
        item,
        right,
        window.form,
        window.kind,
        window.field,
        window.alignment,
        near,
        float(needed_bits(marks, np.array(near.letters), han=window.form.is_han)),
        goods,
        class_relation(goods, right.nice_classes),
        _cues(item, right, inside, lexicons, fuzzy=fuzzy),
        context.earlier_hits(item),
    )


def _cues(
    item: Item, right: Right, inside: tuple[int, int] | None, lexicons: Lexicons, *, fuzzy: bool
) -> dict[str, Cue]:
    title = fold_cached(item.title).text
    both = [title, fold_cached(item.description[:2000]).text] if item.description else [title]
    cues: dict[str, Cue] = {}

    def note(name: str, found: Sequence[Found], share: float = 1.0) -> None:
        best = max(found, key=lambda f: f.term.strength, default=None)
        if best is not None:
            cues[name] = Cue(best.term.text, best.term.strength * share)

    replica = lexicons.piracy if right.is_work else lexicons.replica
    note("replica_word", [f for text in both for f in replica.find(text)])
    if right.is_work:
        note("nominative_use", lexicons.work_talk.find(title))
        return cues
    note(
        "authorisation_claim", [f for text in (title, fold_cached(item.shop).text) for f in lexicons.claims.find(text)]
    )
    if inside is not None:
        referring = [
            replace(f, term=_nearer(f, inside)) for f in lexicons.nominative.find(title) if not _overlaps(f, inside)
        ]
        note("nominative_use", referring, 0.6 if fuzzy else 1.0)
    return cues


def _overlaps(found: Found, inside: tuple[int, int]) -> bool:
    return found.start < inside[1] and inside[0] < found.end


def _nearer(found: Found, inside: tuple[int, int]) -> Term:
    """A cue far from the mark, or a bare "for" that does not lead to it, counts less."""
    gap = inside[0] - found.end if found.end <= inside[0] else found.start - inside[1]
    weak = found.term.text == "for" and not 0 <= inside[0] - found.end <= 3
    share = 0.2 if weak else 1.0 if gap <= _NEAR else 0.7
    return replace(found.term, strength=found.term.strength * share)
