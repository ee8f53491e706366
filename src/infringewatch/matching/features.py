"""The one table of features: each looks at the evidence and says how strong its sign is (0-1) and why.

The main ones compete, the others adjust; a measure's pack (``rules/measures``) says how much each weighs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from infringewatch.matching.evidence import MarkEvidence, MatchKind
from infringewatch.matching.words import bits_of_count, count_of
from infringewatch.model import JSON, ItemKind, RightKind
from infringewatch.normalise import fold_text

BITS_OF_ONE = 20.0
"""This many bits of surprise are worth the whole weight of a main signal."""
_AT_NEED = 0.89
_EXACT_CREDIT = {True: 4.0, False: 3.0}
"""So many bits less are asked of the mark itself (Han, Latin) than of a likeness: whoever writes it mostly means it."""
_ORDINARY_MARK = 20
_ORDINARY_TITLE = 5
_SHORT_HAN, _SHORT_LATIN = 2, 3


@dataclass(frozen=True, slots=True)
class Sign:
    strength: float
    detail: str
    values: Mapping[str, JSON] = field(default_factory=dict)


Feature = Callable[[MarkEvidence], Sign | None]


def exact_mark(evidence: MarkEvidence) -> Sign | None:
    """The mark itself stands there, letter by letter. A mark that is an ordinary word says less by itself."""
    if evidence.kind is not MatchKind.EXACT:
        return None
    return _exact(evidence, f"“{evidence.text}” is the mark")


def alias(evidence: MarkEvidence) -> Sign | None:
    """Another name of the mark stands there: one of the list, a part of a bilingual mark, or its pinyin."""
    if evidence.kind is not MatchKind.ALIAS:
        return None
    return _exact(evidence, f"“{evidence.text}” is another name of the mark ({evidence.form.text})")


def _exact(evidence: MarkEvidence, detail: str) -> Sign:
    length = len(evidence.form.codes)
    count = count_of(evidence.form.key)
    strength = exact_strength(
        min(evidence.alignment.bits, bits_of_count(count)), evidence.needed_bits, evidence.form.is_han
    )
    if evidence.field == "brand" and evidence.surroundings.covers > 0.9:
        strength, detail = 1.0, f"{detail}, in the field for the brand"
    elif count >= _ORDINARY_MARK:
        strength, detail = min(0.75, strength), f"{detail}, and an ordinary word too"
    elif evidence.surroundings.two_words and " " not in evidence.form.text:
        strength, detail = min(0.75, strength), f"{detail}, written as ordinary words"
    elif not evidence.form.is_han and length <= _SHORT_LATIN:
        strength, detail = min(0.75, strength), f"{detail}, of {length} letters only"
    elif evidence.form.kind.name == "PINYIN":
        strength = min(0.85, strength)
    elif evidence.surroundings.in_name and not evidence.surroundings.affixed:
        strength, detail = min(0.8, strength), f"{detail}, as one word of a longer name"
    elif strength < 1.0:
        detail = f"{detail}, and titles show so short a name by chance: a list of this length asks for a second sign"
    return Sign(strength, detail, {"text": evidence.text, "count": count})


def fuzzy_mark(evidence: MarkEvidence) -> Sign | None:
    """Something like the mark stands there. The strength follows from how rarely a text of this length would show
    such a likeness to any mark of the list by chance."""
    if evidence.kind is not MatchKind.FUZZY:
        return None
    bits, needed = evidence.alignment.bits, evidence.needed_bits
    detail = (
        f"“{evidence.text}” for “{evidence.form.text}”: likeness worth {bits:.0f} bits of chance, {needed:.0f} asked"
    )
    near = evidence.surroundings
    share = 0.85 if near.in_name and not near.affixed else 1.0  # one word of a longer name is less the whole of it
    return Sign(
        share * fuzzy_strength(bits, needed),
        detail,
        {"text": evidence.text, "bits": round(bits, 1), "needed": round(needed, 1)},
    )


def fuzzy_strength(bits: float, needed: float) -> float:
    """Strength of a likeness worth ``bits`` where ``needed`` are asked; rises evenly, 1 from a little above the need."""
    return min(1.0, max(0.0, _AT_NEED + (bits - needed) / BITS_OF_ONE))


def exact_strength(bits: float, needed: float, han: bool) -> float:
    """Strength of the mark itself, worth ``bits``: whole unless a list of this length would meet such names by chance."""
    return min(1.0, max(0.0, 1.0 + (bits - needed + _EXACT_CREDIT[han]) / BITS_OF_ONE))


def bits_below_need(strength: float) -> float:
    """How far below the need a likeness may lie to have this strength; the inverse of ``fuzzy_strength``."""
    return float("inf") if strength <= 0 else BITS_OF_ONE * (_AT_NEED - strength)


def title_match(evidence: MarkEvidence) -> Sign | None:
    """The work's title stands there. A title that is an everyday phrase counts when it is quoted or stands alone."""
    if evidence.kind is not MatchKind.TITLE:
        return None
    near = evidence.surroundings
    strength = fuzzy_strength(evidence.alignment.bits, evidence.needed_bits) * evidence.alignment.similarity
    if near.quoted or near.covers > 0.9:
        strength = max(strength, 0.95)
    elif count_of(evidence.form.key) >= _ORDINARY_TITLE and not near.leads:
        strength *= 0.6
    elif evidence.item.kind not in (ItemKind.BOOK, ItemKind.VIDEO, ItemKind.LISTING):
        strength *= 0.5
    how = "in title marks" if near.quoted else f"{near.covers:.0%} of the text"
    return Sign(
        strength,
        f"“{evidence.text}” is the work's title, {how}",
        {"text": evidence.text, "covers": round(near.covers, 2)},
    )


def disguise(evidence: MarkEvidence) -> Sign | None:
    """The way it is written hides the mark: invisible characters, another script, letters set apart, digits …"""
    if evidence.surroundings.affixed and evidence.kind is not MatchKind.FUZZY:
        return Sign(0.7, "the mark with a word that imitators add to it", {"relations": ["affix"]})
    if evidence.alignment.hiding <= 0:
        return None
    names = sorted(evidence.alignment.relations - {"same"})
    return Sign(
        evidence.alignment.hiding,
        f"written with: {', '.join(n.replace('_', ' ') for n in names)}",
        {"relations": names},
    )


def short_mark(evidence: MarkEvidence) -> Sign | None:
    """A likeness of two characters (or three letters) needs a second sign: goods of its class, a low price, a
    replica word, something set between the letters or another script. It has none."""
    latin = not evidence.form.is_han
    is_short = len(evidence.form.codes) <= (_SHORT_LATIN if latin else _SHORT_HAN)
    if not is_short or evidence.kind is not MatchKind.FUZZY or _has_second_sign(evidence):
        return None
    return Sign(1.0, "a likeness to so short a mark needs a second sign, and there is none")


def _has_second_sign(evidence: MarkEvidence) -> bool:
    hidden = evidence.alignment.relations & {"invisible", "separator", "script", "split", "pinyin"}
    return bool(
        hidden
        or evidence.class_relation[0] > 0.5
        or "replica_word" in evidence.cues
        or price_below_reference(evidence) is not None
    )


def replica_word(evidence: MarkEvidence) -> Sign | None:
    """A word with which sellers offer copies."""
    return _cue(evidence, "replica_word", "“{}” is a word with which copies are offered")


def authorisation_claim(evidence: MarkEvidence) -> Sign | None:
    """The item claims to be official or authorised, and the list does not know the seller."""
    return _cue(evidence, "authorisation_claim", "“{}” claims an authorisation that the list does not know")


def nominative_use(evidence: MarkEvidence) -> Sign | None:
    """The mark only says what the goods go with, or what the text talks about; a work is talked about, not offered."""
    return _cue(evidence, "nominative_use", "“{}” only refers to the mark")


def _cue(evidence: MarkEvidence, name: str, detail: str) -> Sign | None:
    cue = evidence.cues.get(name)
    return Sign(cue.strength, detail.format(cue.word), {"word": cue.word}) if cue else None


def price_below_reference(evidence: MarkEvidence) -> Sign | None:
    """The price is far below the reference price: full strength from a third of it downwards, none from six tenths up.

    It says nothing where the goods are others than the mark's, or only go with them: a case costs less than a phone.
    """
    item, right = evidence.item, evidence.right
    if "nominative_use" in evidence.cues or evidence.class_relation[1] > evidence.class_relation[0]:
        return None
    if item.price is None or not right.reference_price or item.price <= 0:
        return None
    if item.currency and right.currency and item.currency.upper() != right.currency.upper():
        return None
    share = float(item.price / right.reference_price)
    strength = min(1.0, (0.6 - share) / 0.27)
    if strength <= 0:
        return None
    return Sign(strength, f"the price is {share:.0%} of the reference price", {"share": round(share, 3)})


def class_match(evidence: MarkEvidence) -> Sign | None:
    """The goods are those for which the mark is registered."""
    strength = evidence.class_relation[0]
    return _class_sign(evidence, strength, "goods of the mark's classes") if strength else None


def class_mismatch(evidence: MarkEvidence) -> Sign | None:
    """The goods are others than those for which the mark is registered."""
    strength = evidence.class_relation[1]
    return _class_sign(evidence, strength, "other goods than the mark's") if strength else None


def _class_sign(evidence: MarkEvidence, strength: float, what: str) -> Sign:
    goods = evidence.goods
    return Sign(
        strength, f"{what} ({goods.word or 'goods'}: class {goods.head})", {"word": goods.word, "class": goods.head}
    )


def word_boundary(evidence: MarkEvidence) -> Sign | None:
    """The window begins or ends inside a word of the text, or is one with the character beside it: probably chance."""
    near = evidence.surroundings
    if not near.crossed:
        return _joined(evidence)
    return Sign(min(1.0, near.crossed / 2), f"it cuts through “{near.inside}”", {"word": near.inside})


def _joined(evidence: MarkEvidence) -> Sign | None:
    """A mark of two characters with a lone one beside it is mostly part of a longer noun (回力器, 六神丸). Goods of the
    mark's class say otherwise where the lone one follows: 茅台酒."""
    near = evidence.surroundings
    if not near.joined or len(evidence.form.codes) > _SHORT_HAN or evidence.kind is not MatchKind.EXACT:
        return None
    follows = near.joined.startswith(fold_text(evidence.text))
    if follows and evidence.class_relation[0] > 0:
        return None
    return Sign(0.5, f"it is part of “{near.joined}”", {"word": near.joined})


def ordinary_word(evidence: MarkEvidence) -> Sign | None:
    """What stands there is an ordinary word in its own right, not a disguise."""
    word = evidence.surroundings.ordinary
    spelled_out = evidence.alignment.relations <= {
        "same",
        "width",
        "variant",
        "script",
        "invisible",
        "separator",
        "split",
    }
    if not word or evidence.kind is not MatchKind.FUZZY or spelled_out:
        return None  # the mark's own letters are no other word, however they are dressed
    return Sign(evidence.surroundings.ordinary_share, f"“{word}” is an ordinary word", {"word": word})


def author_match(evidence: MarkEvidence) -> Sign | None:
    """The item names the work's author. Talk about the work names it too, and so says nothing."""
    if not _named_author(evidence) or "nominative_use" in evidence.cues:
        return None
    if not _names_author(evidence):
        return None
    return Sign(1.0, f"the author {evidence.right.author} is named", {"author": evidence.right.author})


def author_mismatch(evidence: MarkEvidence) -> Sign | None:
    """The item names another author: titles are often shared."""
    if not _named_author(evidence) or not evidence.item.author or _names_author(evidence):
        return None
    return Sign(1.0, f"another author is named: {evidence.item.author}", {"author": evidence.item.author})


def _names_author(evidence: MarkEvidence) -> bool:
    return fold_text(evidence.right.author) in fold_text(f"{evidence.item.author} {evidence.item.title}")


def _named_author(evidence: MarkEvidence) -> bool:
    return evidence.right.kind is RightKind.COPYRIGHT and bool(evidence.right.author)


def seller_history(evidence: MarkEvidence) -> Sign | None:
    """Earlier items of this seller were found infringing."""
    hits = evidence.earlier_hits
    return (
        Sign(min(1.0, hits / 3), f"{hits} earlier items of this seller were infringing", {"hits": hits})
        if hits
        else None
    )


FEATURES: Mapping[str, Feature] = {
    feature.__name__: feature
    for feature in (
        exact_mark,
        fuzzy_mark,
        alias,
        title_match,
        disguise,
        replica_word,
        price_below_reference,
        authorisation_claim,
        class_match,
        class_mismatch,
        nominative_use,
        word_boundary,
        ordinary_word,
        short_mark,
        author_match,
        author_mismatch,
        seller_history,
    )
}
"""Every feature by the name that packs use. ``copied_text``, the one signal besides, is measured by ``matching.works``."""
