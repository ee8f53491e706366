"""Word lists with the weight of each word: replica jargon, nominative cues, claims of authorisation, heads of titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infringewatch.ruleset.law import read_titles
from infringewatch.ruleset.tables import Table, closed


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase, as it is written; whoever matches folds it.

    ``strength`` (0-1) is how sure a sign it is. ``nice_class`` is the class of goods that a head noun names.
    """

    text: str
    language: str
    strength: float = 1.0
    nice_class: int | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One file of ``rules/lexicons``."""

    id: str
    version: int
    title: Mapping[str, str]
    source: str
    terms: tuple[Term, ...]


def read_lexicon(table: Table) -> Lexicon:
    lexicon = Lexicon(
        id=table.text("id", required=True, pattern="[a-z][a-z0-9_]*"),
        version=table.integer("version", low=1, high=1_000_000, required=True),
        title=read_titles(table),
        source=table.text("source", required=True),
        terms=tuple(term for group in closed(table.tables("groups", required=True)) for term in _read_group(group)),
    )
    seen: set[tuple[str, str, int | None]] = set()
    for term in lexicon.terms:
        key = (term.text.casefold(), term.language, term.nice_class)
        if key in seen:
            table.fault("groups", f"{term.text!r} stands here twice")
        seen.add(key)
    return lexicon


def _read_group(group: Table) -> list[Term]:
    language = group.text("language", required=True, pattern="[a-z]{2}")
    strength = group.number("strength", 1.0, low=0, high=1)
    nice_class = group.maybe_integer("nice_class", low=1, high=45)
    return [Term(word, language, strength, nice_class) for word in group.texts("words", required=True)]
