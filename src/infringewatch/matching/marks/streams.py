"""Texts as arrays of folded letters with their places in the raw string, many texts at once.

A text may give several views: itself, with split characters put together (女乃 → 奶), with spelled syllables read as
sounds (xiao米), with letter pairs read as one letter (rn → m). Pure NumPy but for the few texts that need a second view.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.tables import PINYIN_BASE, Codes, get_tables
from infringewatch.normalise import fold_character

MAX_TEXT = 20_000
"""A title is read as far as this; listing titles end long before."""
_EXPANDS = 0xFFFFFFFF
_BOUNDARY = "\U0010ffff"
_IS_SYMBOL = np.isin(np.arange(128), [ord(c) for c in "$@!|"])
_DIGRAPHS = {"vv": "w", "rn": "m", "cl": "d", "ph": "f", "uu": "w"}
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
_LETTERS = re.compile("[a-z]+")
_PARTS = re.compile("[\u2e80-\u9fff]{2,}")

Places = NDArray[np.int32]


class ViewKind(IntEnum):
    PLAIN = 0
    MERGED = 1
    SPELLED = 2
    DIGRAPH = 3


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """``codes[i]`` was made by the raw characters ``starts[i]:ends[i]`` of text number ``text``."""

    text: int
    kind: ViewKind
    codes: Codes
    starts: Places
    ends: Places

    @property
    def string(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Views end to end, each followed by a code 0. ``view[i]`` is the number of the view that letter i belongs to.
    ``foreign[t]``: text t has letters of other scripts (or widths) that stand for ASCII ones."""

    codes: Codes
    starts: Places
    ends: Places
    view: NDArray[np.int32]
    text: NDArray[np.int32]
    kind: NDArray[np.int8]
    foreign: NDArray[np.bool_]


def read_batch(texts: Sequence[str], *, second_views: bool = True) -> Batch:
    """All views of ``texts``, cut to ``MAX_TEXT`` characters each."""
    views = list(plain_views(texts))
    foreign = np.array([_has_foreign_letters(view, text) for view, text in zip(views, texts, strict=True)], dtype=bool)
    plain = _join(views, foreign)
    if not second_views or not len(plain.codes):
        return plain
    seconds = [second for number in _with_second_view(plain) for second in _second_views(views[number])]
    return _join([*views, *seconds], foreign) if seconds else plain


def read_view(text: str) -> View:
    """The plain view of one text."""
    return next(iter(plain_views([text])))


def plain_views(texts: Sequence[str]) -> Iterator[View]:
    """The plain view of each text, in order."""
    if not texts:
        return
    tables = get_tables()
    cut = [text[:MAX_TEXT] for text in texts]
    joined = _BOUNDARY.join(text.replace(_BOUNDARY, " ") for text in cut) + _BOUNDARY
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    step = tables.steps[raw]
    limits = np.flatnonzero(raw == ord(_BOUNDARY))
    with_expansion = np.unique(np.searchsorted(limits, np.flatnonzero(step == _EXPANDS)))
    slow = set(with_expansion.tolist())
    places = np.flatnonzero(step)
    codes = (raw[places] + step[places] - np.uint32(1)).astype(np.uint32)
    keep = _letters_only(codes, places)
    codes, places = codes[keep], places[keep]
    cuts = np.searchsorted(places, limits)
    begin = 0
    first = 0
    for number, (end, limit) in enumerate(zip(cuts.tolist(), limits.tolist(), strict=True)):
        if number in slow:
            yield _expanded_view(number, cut[number])
        else:
            starts = (places[begin:end] - first).astype(np.int32)
            yield View(number, ViewKind.PLAIN, codes[begin:end], starts, starts + np.int32(1))
        begin, first = end, limit + 1


def _letters_only(codes: Codes, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """A symbol counts as a letter where it touches an ASCII letter or digit, ``!`` and ``|`` on both sides."""
    symbol = (codes < 128) & _IS_SYMBOL[np.minimum(codes, 127)]
    if not symbol.any():
        return ~symbol
    plain = (codes < 128) & ~symbol
    after = np.zeros(len(codes), dtype=bool)
    before = np.zeros(len(codes), dtype=bool)
    touching = np.diff(places) == 1
    after[:-1] = touching & plain[1:]
    before[1:] = touching & plain[:-1]
    both = (codes == ord("!")) | (codes == ord("|"))
    return ~symbol | np.where(both, after & before, after)


def _expanded_view(number: int, text: str) -> View:
    codes: list[int] = []
    starts: list[int] = []
    for place, character in enumerate(text):
        for piece in fold_character(character):
            if piece.isalnum():
                codes.append(ord(piece))
                starts.append(place)
    places = np.array(starts, dtype=np.int32)
    return View(number, ViewKind.PLAIN, np.array(codes, dtype=np.uint32), places, places + np.int32(1))


def _with_second_view(batch: Batch) -> list[int]:
    """The views in which two neighbours may be read as one letter, or spelled syllables stand beside Han characters."""
    codes = batch.codes
    pairs = codes[:-1].astype(np.uint64) << np.uint64(21) | codes[1:]
    hits = may_be_in(_pair_codes(), pairs)
    letter, wide = (codes >= 97) & (codes <= 122), codes >= 0x2E80
    hits |= (letter[:-1] & wide[1:]) | (wide[:-1] & letter[1:])
    numbers: list[int] = np.unique(batch.view[np.flatnonzero(hits)]).tolist()
    return numbers


def may_be_in(known: NDArray[np.uint64], asked: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which of ``asked`` are in the sorted array ``known`` (not empty)."""
    spot = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    return np.equal(known[spot], asked)


@cache
def _pair_codes() -> NDArray[np.uint64]:
    """First two letters of all that may be read as one."""
    starts = {(ord(parts[0]), ord(parts[1])) for parts in (*_commonest_splits(), *_DIGRAPHS)}
    return np.array(sorted(a << 21 | b for a, b in starts), dtype=np.uint64)


def _second_views(plain: View) -> Iterator[View]:
    if len(plain.codes) == 0:
        return
    string = plain.string
    has_letters = bool(((plain.codes >= 97) & (plain.codes <= 122)).any())
    has_han = bool((plain.codes >= 0x2E80).any())
    if has_letters and has_han:
        yield from _rewritten(plain, ViewKind.SPELLED, _find_syllables(string))
    if has_letters:
        yield from _rewritten(plain, ViewKind.DIGRAPH, _find_digraphs(string))
    if has_han:
        yield from _rewritten(plain, ViewKind.MERGED, _find_splits(string))


def _rewritten(plain: View, kind: ViewKind, pieces: list[tuple[int, int, list[int]]]) -> Iterator[View]:
    """The view in which each ``(start, end, codes)`` stands for the letters it covers."""
    if not pieces:
        return
    codes: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    old, first, last = plain.codes.tolist(), plain.starts.tolist(), plain.ends.tolist()
    at = 0
    for start, end, new in [*pieces, (len(old), len(old), [])]:
        codes += old[at:start] + new
        starts += first[at:start]
        ends += last[at:start]
        for k in range(len(new)):
            low = start + (end - start) * k // len(new)
            high = start + (end - start) * (k + 1) // len(new)
            starts.append(first[low])
            ends.append(last[max(low, high - 1)])
        at = end
    yield View(plain.text, kind, np.array(codes, np.uint32), np.array(starts, np.int32), np.array(ends, np.int32))


def _find_syllables(string: str) -> list[tuple[int, int, list[int]]]:
    found = []
    for run in _LETTERS.finditer(string):
        start, end = run.span()
        beside_han = (start > 0 and string[start - 1] > "\u2e80") or (end < len(string) and string[end] > "\u2e80")
        if beside_han and 2 <= end - start <= 18 and (numbers := spell(run.group())):
            # Each syllable keeps its own letters: the run is cut as it was spelled.
            at = start
            for number, length in numbers:
                found.append((at, at + length, [PINYIN_BASE + number]))
                at += length
    return found


def spell(letters: str) -> list[tuple[int, int]]:
    """``letters`` as pinyin syllables, (number, length) each, longest first; empty where it is none."""
    spelling = get_tables().spelling
    found: list[tuple[int, int]] = []

    def walk(at: int) -> bool:
        if at == len(letters):
            return True
        for length in range(min(6, len(letters) - at), 0, -1):
            number = spelling.get(letters[at : at + length])
            if number is not None and (length > 1 or letters[at] in "ae"):
                found.append((number, length))
                if walk(at + length):
                    return True
                found.pop()
        return False

    return found if len(letters) <= 40 and walk(0) else []


def _find_digraphs(string: str) -> list[tuple[int, int, list[int]]]:
    return [(m.start(), m.end(), [ord(_DIGRAPHS[m.group()])]) for m in _DIGRAPH.finditer(string)]


@cache
def _commonest_splits() -> dict[str, int]:
    """Parts to the one character that a reader thinks of first."""
    tables = get_tables()
    return {
        parts: min(map(ord, made), key=lambda c: float(tables.exact_bits[c])) for parts, made in tables.splits.items()
    }


def _find_splits(string: str) -> list[tuple[int, int, list[int]]]:
    splits = _commonest_splits()
    found = []
    for run in _PARTS.finditer(string):
        at = run.start()
        while at < run.end() - 1:
            for length in (3, 2):
                made = splits.get(string[at : at + length]) if at + length <= run.end() else None
                if made is not None:
                    found.append((at, at + length, [made]))
                    at += length - 1
                    break
            at += 1
    return found


def _has_foreign_letters(view: View, text: str) -> bool:
    if text.isascii():
        return False
    string = view.string
    return any(string[i] < "\x80" <= text[start] for i, start in enumerate(view.starts.tolist()))


def _join(views: list[View], foreign: NDArray[np.bool_]) -> Batch:
    lengths = np.array([len(view.codes) for view in views], dtype=np.int64)
    ends = np.cumsum(lengths + 1)
    size = int(ends[-1]) if len(views) else 0
    codes = np.zeros(size, dtype=np.uint32)
    starts = np.zeros(size, dtype=np.int32)
    stops = np.zeros(size, dtype=np.int32)
    at = 0
    for view in views:
        n = len(view.codes)
        codes[at : at + n], starts[at : at + n], stops[at : at + n] = view.codes, view.starts, view.ends
        at += n + 1
    return Batch(
        codes,
        starts,
        stops,
        np.repeat(np.arange(len(views), dtype=np.int32), lengths + 1),
        np.array([view.text for view in views], dtype=np.int32),
        np.array([view.kind for view in views], dtype=np.int8),
        foreign,
    )
