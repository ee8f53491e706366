"""The weighted alignment of a window of a text with a form of a mark: what is scored is what is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from infringewatch.matching.marks.relations import LETTER_BITS, Relation, make_relation, relate
from infringewatch.model import AlignedPair
from infringewatch.normalise import fold_text

_INSERT, _DROP, _SWAP = 0.65, 0.75, 0.5
_GAP_BITS = {"invisible": 0.5, "separator": -1.0, "space": -2.0}


@dataclass(frozen=True, slots=True)
class Letters:
    """A run of folded letters with the raw text they come from: letter i was made by ``raw[starts[i]:ends[i]]``."""

    codes: Sequence[int]
    starts: Sequence[int]
    ends: Sequence[int]
    raw: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """``similarity`` 0-1; ``bits``: how surprising this likeness is by chance; ``hiding`` 0-1: how much speaks for
    a wish to hide; ``exact``: the very letters of the form, in case and width only otherwise."""

    start: int
    end: int
    pairs: tuple[AlignedPair, ...]
    similarity: float
    bits: float
    hiding: float

    @property
    def exact(self) -> bool:
        return all(pair.relation in ("same", "width") for pair in self.pairs)

    @property
    def relations(self) -> frozenset[str]:
        return frozenset(pair.relation for pair in self.pairs)


def align(text: Letters, form_codes: Sequence[int], form_text: str, places: Sequence[int]) -> Alignment:
    """The cheapest alignment of the whole window with the whole form."""
    steps = _cheapest_path(text.codes, form_codes)
    latin = all(code < 128 for code in form_codes)
    pairs: list[AlignedPair] = []
    bits, cost = 0.0, 0.0
    relations: list[Relation] = []
    previous_end = text.starts[0]
    for i, i_next, j, j_next in steps:
        if i_next > i:
            gap = text.raw[previous_end : text.starts[i]]
            our_gap = form_text[places[j - 1] + 1 : places[j]] if 0 < j < len(places) else ""
            if gap and i > 0:
                relation = _same_gap() if gap == our_gap else _gap_relation(gap, latin)
                relations.append(relation)
                pairs.append(AlignedPair(gap, our_gap if gap == our_gap else "", relation.name, 1.0))
                bits += relation.bits
            previous_end = text.ends[i_next - 1]
        piece = text.raw[text.starts[i] : text.ends[i_next - 1]] if i_next > i else ""
        ours = form_text[places[j] : places[j_next - 1] + 1] if j_next > j else ""
        relation = _relation_of(text, form_codes, (i, i_next, j, j_next), piece, ours, latin)
        relations.append(relation)
        pairs.append(AlignedPair(piece, ours, relation.name, round(relation.similarity, 3)))
        bits += relation.bits
        cost += _cost(i, i_next, j, j_next, relation)
    bits -= 2.0 * max(0, sum(r.name == "leet" for r in relations) - 1)  # one digit in a word is a trick, three a model
    return Alignment(
        text.starts[0],
        text.ends[-1],
        tuple(pairs),
        max(0.0, 1.0 - cost / max(1, len(form_codes))),
        bits,
        _hiding(relations, latin),
    )


def _cost(i: int, i_next: int, j: int, j_next: int, relation: Relation) -> float:
    if i_next == i:
        return _DROP
    if j_next == j:
        return _INSERT
    return 2 * _SWAP if j_next - j == 2 else 1.0 - relation.similarity


_Step = tuple[int, int, int, int]


def _cheapest_path(text: Sequence[int], form: Sequence[int]) -> list[_Step]:
    """Steps (i, i_next, j, j_next) of the cheapest optimal string alignment."""
    if text == form:
        return [(i, i + 1, i, i + 1) for i in range(len(form))]
    n, m = len(text), len(form)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            if i == j == 0:
                continue
            ways = []
            if i and j:
                ways.append((best[i - 1][j - 1] + 1.0 - relate(text[i - 1], form[j - 1]).similarity, 1, 1))
            if i > 1 and j > 1 and text[i - 1] == form[j - 2] and text[i - 2] == form[j - 1] != form[j - 2]:
                ways.append((best[i - 2][j - 2] + _SWAP, 2, 2))
            if i:
                ways.append((best[i - 1][j] + _INSERT, 1, 0))
            if j:
                ways.append((best[i][j - 1] + _DROP, 0, 1))
            best[i][j], *back = min(ways)
            step[i][j] = (back[0], back[1])
    path: list[_Step] = []
    i, j = n, m
    while i or j:
        di, dj = step[i][j]
        path.append((i - di, i, j - dj, j))
        i, j = i - di, j - dj
    return path[::-1]


def _relation_of(text: Letters, form: Sequence[int], step: _Step, piece: str, ours: str, latin: bool) -> Relation:
    i, i_next, j, j_next = step
    if j_next - j == 2:
        kept = sum(relate(code, code).bits for code in form[j:j_next])
        return make_relation("swapped", _SWAP, kept - 4.0)
    if i_next == i:
        doubled = (j > 0 and form[j - 1] == form[j]) or (j + 1 < len(form) and form[j + 1] == form[j])
        return make_relation("dropped", 0.0, (-1.0 if doubled else -3.0) if latin else -2.0)
    if j_next == j:
        doubled = text.codes[i] in (*text.codes[max(0, i - 1) : i], *text.codes[i + 1 : i + 2])
        return make_relation("doubled" if doubled else "inserted", 0.0, (-1.5 if doubled else -4.0) if latin else -3.0)
    relation = relate(text.codes[i], form[j])
    return _as_written(piece, ours, relation) if relation.name == "same" else relation


def _as_written(piece: str, ours: str, same: Relation) -> Relation:
    """Letters that fold to the same may still be written otherwise: wide, traditional, split, in another script."""
    if piece == ours or piece.casefold() == ours.casefold():
        return same
    if len(piece) > 1 and len(fold_text(piece)) > 1 and not piece.isspace():
        return make_relation("split" if piece[0] >= "\u2e80" else "leet", 0.92, same.bits - 0.5)
    plain = unicodedata.normalize("NFKC", piece).casefold()
    if plain == unicodedata.normalize("NFKC", ours).casefold():
        return make_relation("width", 0.99, same.bits)
    if piece[0] >= "\u2e80":
        return make_relation("variant", 0.98, same.bits)
    bare = unicodedata.normalize("NFD", plain)[0]
    return make_relation("variant" if bare.isascii() else "script", 0.97, same.bits)


def _same_gap() -> Relation:
    return make_relation("same", 1.0, 0.0)


def _gap_relation(gap: str, latin: bool) -> Relation:
    name = _gap_name(gap)
    return make_relation(name, 1.0, _GAP_BITS[name] - (1.0 if latin and name == "space" else 0.0))


def _gap_name(gap: str) -> str:
    if all(unicodedata.category(c) in ("Cf", "Cc", "Cs", "Mn", "Me", "Cn", "Co") for c in gap):
        return "invisible"
    return "space" if gap.isspace() else "separator"


def _hiding(relations: Sequence[Relation], latin: bool) -> float:
    """The strongest sign counts; gaps count fully where every letter is set apart, less where there is one."""
    names = [r.name for r in relations]
    gaps = [n for n in names if n in ("separator", "space")]
    letters = len(names) - len(gaps)
    best = max((r.hiding for r in relations if r.name not in ("separator", "space")), default=0.0)
    if "script" in names and names.count("script") >= letters and letters > 3:
        best = 0.5  # a word wholly in another script may simply be a word of another language
    if gaps:
        regular = len(gaps) == letters - 1 and letters > 2
        best = max(best, 0.8 if regular else max(0.5 if g == "separator" else 0.2 for g in gaps))
    return best


__all__ = ["LETTER_BITS", "Alignment", "Letters", "align"]
