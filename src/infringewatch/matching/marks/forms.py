"""The strings that stand for a right in a text: its name, its aliases, and what is derived from them.

Derived: the parts of a bilingual mark, well-known names in the other script, the pinyin spelling of a Chinese one. One row per string and right.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache

import numpy as np

from infringewatch.matching.marks.streams import Places, plain_views
from infringewatch.matching.marks.tables import FOLDER, PINYIN_BASE, Codes, get_tables
from infringewatch.model import Right

_SCRIPT_RUNS = re.compile(r"[\u2e80-\u9fff0-9]*[\u2e80-\u9fff][\u2e80-\u9fff0-9]*|[a-z0-9]*[a-z][a-z0-9]*")


class FormKind(IntEnum):
    NAME = 0
    ALIAS = 1
    PART = 2
    PINYIN = 3
    TRANSLATED = 4


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """``text`` as the list writes it; ``key`` its folded letters, ``codes`` the same as numbers; ``starts[i]`` where
    letter i stands in ``text``."""

    right: int
    kind: FormKind
    text: str
    key: str
    codes: Codes
    starts: Places

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(self.starts.tolist())

    @property
    def is_han(self) -> bool:
        return not self.key.isascii() and max(self.key) >= "\u2e80"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One string that several holders register; findings on it are made for each."""

    form: str
    rights: tuple[str, ...]
    holders: tuple[str, ...]


def make_forms(rights: Sequence[Right]) -> list[Form]:
    """The distinct forms of each right, in the order of the list. One character, or punctuation only, would match
    everything: such a mark has no form."""
    written = [
        (number, kind, text)
        for number, right in enumerate(rights)
        for kind, text in [(FormKind.NAME, right.name), *((FormKind.ALIAS, alias) for alias in right.aliases)]
    ]
    first = _make(written)
    # A title is looked for as it is written; parts and spellings of it belong to everybody.
    marks = [form for form in first if not rights[form.right].is_work]
    derived = _make([row for form in marks for row in _derived(form)])
    seen: set[tuple[int, str]] = set()
    kept = []
    for form in sorted([*first, *derived], key=lambda form: (form.right, form.kind)):
        if _is_usable(form) and (form.right, form.key) not in seen:
            seen.add((form.right, form.key))
            kept.append(form)
    return kept


def _make(rows: Sequence[tuple[int, FormKind, str]]) -> list[Form]:
    views = plain_views([text for _, _, text in rows])
    return [
        Form(number, kind, text, view.string, view.codes, view.starts)
        for (number, kind, text), view in zip(rows, views, strict=True)
    ]


def find_form(right: Right, number: int, kind: FormKind, letters: Codes) -> Form:
    """The form of ``right`` with these folded letters; its text is worked out anew, which no list needs to store."""
    if kind is FormKind.PINYIN:
        text = letters.astype("<u4").tobytes().decode("utf-32-le")
        return Form(number, kind, text, text, letters, np.arange(len(text), dtype=np.int32))
    if kind in (FormKind.PART, FormKind.TRANSLATED):
        part = next(f for f in make_forms([right]) if f.kind is kind and np.array_equal(f.codes, letters))
        return replace(part, right=number)
    texts = [right.name] if kind is FormKind.NAME else right.aliases
    return next(f for f in _make([(number, kind, text) for text in texts]) if np.array_equal(f.codes, letters))


def _derived(form: Form) -> Iterator[tuple[int, FormKind, str]]:
    for name in _other_names().get(form.key, ()):
        yield form.right, FormKind.TRANSLATED, name
    if 2 <= len(form.key) <= 6 and min(form.key) >= "\u4e00":
        spelling = _spelling()
        yield form.right, FormKind.PINYIN, "".join(spelling.get(character, "") for character in form.key)
    elif form.is_han:
        key = form.key
        runs = list(_SCRIPT_RUNS.finditer(key))
        if len(runs) > 1 and any(run.group().isascii() for run in runs):
            for run in runs:
                start, end = form.places[run.start()], form.places[run.end() - 1] + 1
                yield form.right, FormKind.PART, form.text[start:end]


@cache
def _other_names() -> dict[str, list[str]]:
    """Well-known names of the same brand in the other script, by folded letters, both ways (a starter file of ours)."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (FOLDER / "transliterations.tsv").read_text(encoding="utf-8").splitlines():
        latin, han = line.split("\t")
        found[han].append(latin)
        found[latin.replace(" ", "").replace("-", "")].append(han)
    return found


@cache
def _spelling() -> dict[str, str]:
    tables = get_tables()
    names = {number: name for name, number in tables.spelling.items()}
    first = tables.syllable[0]
    return {chr(code): names[int(first[code])] for code in np.flatnonzero(first).tolist() if code < PINYIN_BASE}


def _is_usable(form: Form) -> bool:
    length = len(form.key)
    if form.kind is FormKind.PINYIN:
        return length >= 5
    if form.kind in (FormKind.PART, FormKind.TRANSLATED):
        return length >= (2 if form.is_han else 4)
    return length >= 2


def find_conflicts(rights: Sequence[Right], forms: Iterable[tuple[int, int, bytes]]) -> tuple[Conflict, ...]:
    """Marks of different holders that are written alike. ``forms``: number of the right, kind, folded letters.

    Works are left out (titles are often shared), and so is what was derived.
    """
    first: dict[bytes, int] = {}
    shared: dict[bytes, set[int]] = defaultdict(set)
    for right, kind, letters in forms:
        if kind > FormKind.ALIAS or rights[right].is_work:
            continue
        other = first.setdefault(letters, right)
        if rights[other].holder != rights[right].holder:
            shared[letters] |= {other, right}
    found = []
    for letters, numbers in shared.items():
        holders = tuple(sorted({rights[n].holder for n in numbers}))
        text = letters.decode("utf-32-le", "surrogatepass")
        found.append(Conflict(text, tuple(sorted(rights[n].registration_no for n in numbers)), holders))
    return tuple(sorted(found, key=lambda conflict: conflict.form))


def shared_names(rights: Sequence[Right]) -> tuple[Conflict, ...]:
    """``find_conflicts`` for rights that are not compiled: what a list says twice before it is stored."""
    written = [(n, FormKind.NAME, text) for n, right in enumerate(rights) for text in (right.name, *right.aliases)]
    return find_conflicts(rights, [(f.right, int(f.kind), f.codes.tobytes()) for f in _make(written) if f.key])
