"""From a batch of texts to aligned windows: look-up, pruning, and the alignment of what may still be reported."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.evidence import MatchKind
from infringewatch.matching.marks.align import Alignment, Letters, align
from infringewatch.matching.marks.forms import Form, FormKind
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.keys import MAX_WINDOW
from infringewatch.matching.marks.pruning import judge
from infringewatch.matching.marks.streams import Batch, ViewKind, read_batch
from infringewatch.model import Right

CHANCE_BITS = {True: 8.4, False: 7.0}
"""What is asked besides, for Han marks and for Latin ones: log2 of one over the alarms allowed a text, 0.003 and 0.008
by the model. Measured on real titles both bring less: the model takes letters to be independent."""
_LONG_LIST, _LONG_LIST_BITS, _MOST_LONG_LIST_BITS = 500, 0.8, 3.5
"""Beyond 500 forms each doubling asks for so many bits more than the one bit of the model, up to three and a half. Titles are
made of words, not of letters drawn at random: without this, alarms grew eightfold from a thousand to a million marks."""
MOST_WINDOWS = 16
"""So many windows of one form are looked at in one text: a title that repeats a mark 3,000 times says it once."""
_LEAST_SIMILARITY = 0.6
_DRESSED = frozenset({"same", "width", "variant", "script", "leet", "invisible", "separator", "space"})


@dataclass(frozen=True, slots=True)
class Slack:
    """How many bits a likeness may fall short and still be worth aligning: to a mark, to a mark where it is dressed,
    to a title, to a mark that stands there letter by letter with no dressing."""

    mark: float
    dressed: float
    title: float
    exact: float


@dataclass(frozen=True, slots=True)
class Text:
    """One field of one item."""

    item: int
    field: str
    raw: str
    slack: Slack


@dataclass(frozen=True, slots=True)
class Hope:
    """A candidate before it is aligned: it can earn ``bits`` at most."""

    text: Text
    right: int
    start: int
    end: int
    bits: float
    needed: float
    dressed: bool
    han: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Window:
    text: Text
    form: Form
    alignment: Alignment
    kind: MatchKind
    worth: bool = True
    """Whether it may reach review; what may not still explains likenesses that lie across it."""


def needed_bits(marks: CompiledMarks, letters: NDArray[np.int64], *, han: bool) -> NDArray[np.float64]:
    """The length law: a likeness must be rarer than one in (forms of the list x letters of the text / budget)."""
    forms = max(2, marks.count_of_script(han=han))
    long = min(_MOST_LONG_LIST_BITS, max(0.0, math.log2(forms / _LONG_LIST)) * _LONG_LIST_BITS)
    return math.log2(forms) + long + np.log2(np.maximum(1, letters)) + CHANCE_BITS[han]


def find_windows(
    texts: Sequence[Text], rights: Sequence[Right], marks: CompiledMarks, is_worth: Callable[[Hope], bool]
) -> Iterator[Window]:
    """Windows of ``texts`` beside forms of the list. A candidate that is not the form itself is aligned only where
    ``is_worth`` says so."""
    batch = read_batch([text.raw for text in texts])
    letters = np.bincount(batch.text[batch.view], minlength=len(texts)) if len(batch.view) else np.zeros(0, np.int64)
    needed = {han: needed_bits(marks, letters, han=han).astype(np.float32) for han in (True, False)}
    slack = np.array([astuple(text.slack) for text in texts], dtype=np.float32).reshape(-1, 4)
    seen: set[tuple[int, int, int, int, int]] = set()
    counts: Counter[tuple[int, int, int]] = Counter()
    spare: dict[int, list[tuple[int, int, int, int, int, int]]] = defaultdict(list)
    with_likeness: set[int] = set()
    for found in marks.candidates(batch):
        segment = marks.segments[found.segment]
        titles = marks.is_title(found)
        verdict = judge(found, batch, segment, needed[True], needed[False], slack, titles)
        rows = np.flatnonzero(verdict.keep)
        columns = (found.places, found.lengths, found.forms, verdict.bits, verdict.exact, verdict.dressed)
        for place, length, number, bits, exact, dressed in zip(*(c[rows].tolist() for c in columns), strict=True):
            view = int(batch.view[place])
            number_of_text = int(batch.text[view])
            start, end = int(batch.starts[place]), int(batch.ends[place + length - 1])
            if (key := (number_of_text, found.segment, number, start, end)) in seen:
                continue
            seen.add(key)
            counts[key[:3]] += 1
            if counts[key[:3]] > MOST_WINDOWS:
                continue
            text, han = texts[number_of_text], bool(segment.is_han[number])
            right = int(marks.places_of[found.segment][segment.right[number]])
            hope = Hope(text, right, start, end, bits, float(needed[han][number_of_text]), dressed, han, exact)
            worth = is_worth(hope)
            if exact and not worth:
                # Needed only where it may explain a likeness: most titles of a long list have many and no likeness.
                spare[number_of_text].append((place, length, found.segment, number, right, view))
                continue
            if not worth:
                continue
            if not exact:
                with_likeness.add(number_of_text)
            window = _make_window(batch, place, length, marks.form(found.segment, number), text, rights[right], view)
            if window is not None:
                yield window
    for number_of_text in with_likeness & spare.keys():
        text = texts[number_of_text]
        for place, length, in_segment, number, right, view in spare[number_of_text]:
            window = _make_window(batch, place, length, marks.form(in_segment, number), text, rights[right], view)
            if window is not None:
                yield replace(window, worth=False)


def _make_window(
    batch: Batch, place: int, length: int, form: Form, text: Text, right: Right, view: int
) -> Window | None:
    alignment = _align(batch, place, length, form, text.raw)
    kind = _kind_of(alignment, form, right, ViewKind(int(batch.kind[view])))
    return Window(text, form, alignment, kind) if _is_likeness(alignment, form, kind) else None


def _align(batch: Batch, place: int, length: int, form: Form, raw: str) -> Alignment:
    end = place + length
    if len(form.codes) > length >= MAX_WINDOW:  # only the first letters were filed: take as many as the name has
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


def _is_likeness(alignment: Alignment, form: Form, kind: MatchKind) -> bool:
    """Two letters of four that are simply others make no likeness; a derived spelling must be spelled right."""
    if form.kind is FormKind.PINYIN and not alignment.relations <= _DRESSED:
        return False
    return kind is not MatchKind.FUZZY or alignment.similarity >= _LEAST_SIMILARITY
