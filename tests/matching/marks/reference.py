"""The slow, obvious matcher: every form against every window of a text, letter by letter, with no key and no index.

``is_promised`` says in plain words which windows the fast one must not lose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from infringewatch.matching.marks.forms import Form, FormKind
from infringewatch.matching.marks.listkeys import GLYPHS_OF_TWO, MAX_MASKED
from infringewatch.matching.marks.shapes import is_same_shape
from infringewatch.matching.marks.streams import Batch, ViewKind
from infringewatch.matching.marks.tables import get_tables

Letters = Sequence[int]


def promised_pairs(batch: Batch, forms: Sequence[Form]) -> Iterator[tuple[int, int, int]]:
    """(place, length, form) of every window that must be found."""
    codes = batch.codes.tolist()
    for number, form in enumerate(forms):
        wanted = form.codes.tolist()
        for length in (len(wanted) - 1, len(wanted), len(wanted) + 1):
            for place in range(len(codes) - length + 1):
                window = codes[place : place + length]
                if length < 2 or 0 in window:
                    continue
                if form.is_han and any(c >= 0x2E80 for c in window) and _is_promised_han(window, wanted):
                    yield place, length, number
                if not form.is_han and _is_promised_latin(window, wanted, form, _is_word(batch, place, length)):
                    yield place, length, number


def _is_promised_han(window: Letters, form: Letters) -> bool:
    n = len(form)
    if len(window) == n:
        return _same_length(window, form)
    if len(window) == n + 1:  # one more letter, inside
        return n >= 3 and any([*window[:j], *window[j + 1 :]] == form for j in range(1, n))
    return 4 <= n <= MAX_MASKED and any([*form[:j], *form[j + 1 :]] == window for j in range(n))  # one letter less


def _same_length(window: Letters, form: Letters) -> bool:
    n = len(form)
    other_letter = sum(a != b for a, b in zip(window, form, strict=True))
    other_sound = sum(not _sounds(a, b) for a, b in zip(window, form, strict=True))
    if sorted(window) == sorted(form) or other_sound == 0:
        return True
    if (3 <= n <= MAX_MASKED and other_sound <= 1) or (4 <= n <= 6 and other_letter <= 2):
        return True
    return n == 2 and other_letter == 1 and any(_looks(a, b) for a, b in zip(window, form, strict=True) if a != b)


def _sounds(text: int, mark: int) -> bool:
    near = get_tables().near
    return text == mark or bool(near[0, text] and near[0, text] == near[0, mark])


def _looks(text: int, mark: int) -> bool:
    return text in [code for code, _ in get_tables().neighbours.get(mark, ())[:GLYPHS_OF_TWO]]


def _is_word(batch: Batch, place: int, length: int) -> bool:
    """Whether the window begins and ends where a word does, and holds one word only."""
    if batch.kind[batch.view[place]] == ViewKind.SPELLED:
        return False
    ascii_ = [0 < code < 128 for code in batch.codes.tolist()]

    def joined(at: int) -> bool:
        return 0 < at < len(ascii_) and ascii_[at] and ascii_[at - 1] and bool(batch.starts[at] == batch.ends[at - 1])

    inside = all(joined(at) for at in range(place + 1, place + length))
    return all(ascii_[place : place + length]) and inside and not joined(place) and not joined(place + length)


def _is_promised_latin(window: Letters, form: Letters, of: Form, is_word: bool) -> bool:
    text, mark = "".join(map(chr, window)), "".join(map(chr, form))
    if not (text.isascii() and any("a" <= c <= "z" for c in text)):
        return False
    if len(text) == len(mark) and all(map(is_same_shape, text, mark)):
        return True
    if not is_word or of.kind is FormKind.PINYIN or not 4 <= len(mark) <= 20:
        return False
    return _within_one_edit(text, mark)


def _within_one_edit(a: str, b: str) -> bool:
    """One letter more, less or other, or two neighbours swapped; by shape classes."""
    if len(a) == len(b):
        differing = [i for i in range(len(a)) if not is_same_shape(a[i], b[i])]
        if len(differing) == 2 and differing[1] == differing[0] + 1:
            i = differing[0]
            return is_same_shape(a[i], b[i + 1]) and is_same_shape(a[i + 1], b[i])
        return len(differing) <= 1
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) == len(shorter) + 1 and any(
        all(map(is_same_shape, longer[:i] + longer[i + 1 :], shorter)) for i in range(len(longer))
    )
