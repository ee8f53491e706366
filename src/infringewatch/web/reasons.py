"""Why a hit is one, in sentences that an analyst would say, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from infringewatch.web.words import word


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One row of the reasons table. ``detail`` is what matching wrote, with its numbers."""

    feature: str
    weight: float
    sentence: str
    detail: str

    @property
    def size(self) -> float:
        return min(1.0, abs(self.weight))

    @property
    def speaks_against(self) -> bool:
        return self.weight < 0


def reason_lines(finding: Mapping[str, Any]) -> list[ReasonLine]:
    """The rows of a finding's explanation, the heaviest first."""
    rows = [_line(row) for row in finding.get("explanation", ())]
    return sorted(rows, key=lambda row: -abs(row.weight))


def _line(row: Mapping[str, Any]) -> ReasonLine:
    say = _SENTENCES.get(row["feature"])
    values = row.get("values", {})
    try:
        sentence = say(values) if say else row["detail"]
    except (KeyError, TypeError, ValueError):  # a finding of an older rule that kept other values
        sentence = row["detail"]
    return ReasonLine(row["feature"], float(row["weight"]), sentence, row["detail"])


def _disguise(values: Mapping[str, Any]) -> str:
    return _("Written so as to hide it: %(how)s") % {"how": _("; ").join(word(name) for name in values["relations"])}


def _price(values: Mapping[str, Any]) -> str:
    return _("The price is %(share)s of the reference price") % {"share": f"{float(values['share']):.0%}"}


def _copied(values: Mapping[str, Any]) -> str:
    share = f"{float(values['share']):.0%}"
    return _("Copied text: %(covered)s characters, %(share)s of the page") % {**values, "share": share}


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "exact_mark": lambda v: _("“%(text)s” is the mark, letter by letter") % v,
    "alias": lambda v: _("“%(text)s” is another name of the mark") % v,
    "fuzzy_mark": lambda v: _("“%(text)s” stands for the mark") % v,
    "title_match": lambda v: _("“%(text)s” is the work's title") % v,
    "copied_text": _copied,
    "disguise": _disguise,
    "short_mark": lambda _values: _("So short a mark needs a second sign, and there is none"),
    "replica_word": lambda v: _("“%(word)s” is a word with which copies are offered") % v,
    "authorisation_claim": lambda v: _("“%(word)s” claims an authorisation that the list does not know") % v,
    "nominative_use": lambda v: _("“%(word)s” only refers to the mark") % v,
    "price_below_reference": _price,
    "class_match": lambda v: _("Goods of the mark's classes: %(word)s") % v,
    "class_mismatch": lambda v: _("Other goods than the mark's: %(word)s") % v,
    "word_boundary": lambda v: _("It cuts through “%(word)s”: probably chance") % v,
    "ordinary_word": lambda v: _("“%(word)s” is an ordinary word") % v,
    "many_chapters": lambda v: _("At least %(chapters)s chapters of this site copy the work") % v,
    "author_match": lambda v: _("The author %(author)s is named") % v,
    "author_mismatch": lambda v: _("Another author is named: %(author)s") % v,
    "seller_history": lambda v: _("Earlier items of this seller were infringing: %(hits)s") % v,
}
