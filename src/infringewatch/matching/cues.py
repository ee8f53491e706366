"""Words of the rules' lexicons found in a text: goods, replica jargon, nominative cues, claims. Folded on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import daachorse

from infringewatch.normalise import Folded, fold, fold_text
from infringewatch.ruleset import Lexicon, Ruleset, Term


@dataclass(frozen=True, slots=True)
class Found:
    """A term at ``text[start:end]`` of a folded text."""

    start: int
    end: int
    term: Term


class Words:
    """The terms of some lexicons, by their folded form, in an automaton that finds them all in one pass."""

    def __init__(self, terms: dict[str, Term]) -> None:
        self._terms = list(terms.values())
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(terms)) if terms else None

    def find(self, text: str) -> tuple[Found, ...]:
        """The longest terms from left to right, none inside another. Latin terms stand as whole words (or plurals),
        terms of one Han character at the end of what is written together."""
        return _find_cached(self, text)

    def scan(self, text: str) -> tuple[Found, ...]:
        """``find``, without remembering."""
        hits = self._automaton.find_overlapping(text) if self._automaton else ()
        found: list[Found] = []
        for start, stop, number in sorted(hits, key=lambda hit: (hit[0], -hit[1])) if len(hits) > 1 else hits:
            if (not found or start >= found[-1].end) and (end := _whole(text, start, stop)):
                found.append(Found(start, end, self._terms[number]))
        return tuple(found)


def _whole(text: str, start: int, stop: int) -> int:
    """Where the term ends if it stands there as a word of its own; else 0."""
    if _is_latin(text[start]) and start and _is_latin(text[start - 1]):
        return 0
    if _is_latin(text[stop - 1]):
        return _word_end(text, stop)
    return stop if stop - start > 1 or _ends_run(text, stop) else 0


@lru_cache(maxsize=8192)
def _find_cached(words: Words, text: str) -> tuple[Found, ...]:
    """One title is asked about for every mark that it may hold."""
    return words.scan(text)


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
    for lexicon in lexicons:
        for term in lexicon.terms:
            key = fold_text(term.text).strip()
            if key and (key not in terms or term.strength > terms[key].strength):
                terms[key] = term
    return Words(terms)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicons:
    """The scanners that judging needs, made once per ruleset."""

    goods: Words
    replica: Words
    nominative: Words
    claims: Words
    piracy: Words
    work_talk: Words
    work_offers: Words


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
            "work_offers",
        )
        found = [make_words([ruleset.lexicons[name]] if name in ruleset.lexicons else []) for name in names]
        _MADE[ruleset.version] = Lexicons(*found)
    return _MADE[ruleset.version]


@lru_cache(maxsize=4096)
def fold_cached(text: str) -> Folded:
    """``fold`` for the few texts of an item that several features look at."""
    return fold(text)
