"""Words of the rules' lexicons found in a text: goods, replica jargon, nominative cues, claims. Folded on both sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from infringewatch.normalise import Folded, fold, fold_text
from infringewatch.ruleset import Lexicon, Ruleset, Term


@dataclass(frozen=True, slots=True)
class Found:
    """A term at ``text[start:end]`` of a folded text."""

    start: int
    end: int
    term: Term


@dataclass(frozen=True, slots=True)
class Words:
    """The terms of some lexicons, by their folded form."""

    terms: dict[str, Term]
    lengths: dict[str, tuple[int, ...]] = field(repr=False)

    def find(self, text: str) -> list[Found]:
        """The longest terms from left to right, none inside another. Latin terms stand as whole words (or plurals)."""
        found: list[Found] = []
        at = 0
        while at < len(text):
            hit = self._longest_at(text, at)
            if hit is None:
                at += 1
            else:
                found.append(hit)
                at = hit.end
        return found

    def _longest_at(self, text: str, at: int) -> Found | None:
        lengths = self.lengths.get(text[at])
        if lengths is None or (_is_latin(text[at]) and at and _is_latin(text[at - 1])):
            return None
        for length in lengths:
            term = self.terms.get(text[at : at + length])
            if term is None or at + length > len(text):
                continue
            end = _word_end(text, at + length) if _is_latin(text[at + length - 1]) else at + length
            if end and (length > 1 or _ends_run(text, end)):
                return Found(at, end, term)
        return None


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _ends_run(text: str, end: int) -> bool:
    """One Han character names goods only at the end of what is written together: 白酒 yes, 酒店 no."""
    return end == len(text) or not text[end].isalnum()


def _word_end(text: str, end: int) -> int:
    """``end``, or behind a plural's s; 0 where the word goes on."""
    for ending in ("", "s", "es"):
        stop = end + len(ending)
        if text.startswith(ending, end) and (stop == len(text) or not _is_latin(text[stop])):
            return stop
    return 0


def make_words(lexicons: Iterable[Lexicon]) -> Words:
    terms: dict[str, Term] = {}
    lengths: dict[str, set[int]] = defaultdict(set)
    for lexicon in lexicons:
        for term in lexicon.terms:
            key = fold_text(term.text).strip()
            if key and (key not in terms or term.strength > terms[key].strength):
                terms[key] = term
                lengths[key[0]].add(len(key))
    return Words(terms, {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Lexicons:
    """The scanners that judging needs, made once per ruleset."""

    goods: Words
    replica: Words
    nominative: Words
    claims: Words
    piracy: Words
    work_talk: Words


_MADE: dict[str, Lexicons] = {}


def lexicons_of(ruleset: Ruleset) -> Lexicons:
    """The scanners of a ruleset (kept by its version: a process works with one or two)."""
    if ruleset.version not in _MADE:
        names = (
            "goods_classes",
            "replica_words",
            "nominative_cues",
            "authorisation_claims",
            "piracy_words",
            "work_talk",
        )
        found = [make_words([ruleset.lexicons[name]] if name in ruleset.lexicons else []) for name in names]
        _MADE[ruleset.version] = Lexicons(*found)
    return _MADE[ruleset.version]


@lru_cache(maxsize=4096)
def fold_cached(text: str) -> Folded:
    """``fold`` for the few texts of an item that several features look at."""
    return fold(text)
