"""The price that the visible page asks for its main thing: not the struck one, not a neighbour's, not the postage.

Every price on the page gets points for where it stands; the table of points is all there is to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawlers.pages.values.labels import field_of_label
from crawlers.pages.values.prices import Locale, Price, find_prices, parse_price
from crawlers.pages.visible.outline import Line, Outline
from crawlers.pages.visible.regions import Region

_ENOUGH = 2.0
_NOT_PRICE = re.compile(
    r"shipping|delivery|postage|versand|liefer|livraison|env[ií]o|spedizione|frete|verzend|frakt|doprava|dostaw|доставк|"
    r"运费|邮费|包邮|满\s*\d|优惠券|立减|返现|送料|배송|per month|/\s*mo\b|monthly|a month|/month|mesi|mois|mes\b|monat|rate[ns]?\b|месяц|分期|"
    r"/\s*(?:kg|l|100\s*g|100\s*ml|m2|m²|st|stk)\b|per (?:kg|litre|unit|100)|\bsave\b|you save|spar|erspar|discount|coupon|voucher|cashback|"
    r"economi|ahorra|risparmi|rabatt|korting|скидк|省|points|punkte|bonus|积分|minimum|over \d|orders over|from your|protection|warranty|insurance|"
    r"trade.?in|up to|bis zu|jusqu|fino a",
    re.I,
)
_OLD = re.compile(
    r"\b(?:was|rrp|msrp|list price|regular(?:ly)?|retail|statt|uvp|before|old price|original(?:ly)?|compare at|instead of|au lieu de|antes|prima)\b|原价|市场价|吊牌价|专柜价|"
    r"划线价|定价|通常価格|정가",
    re.I,
)
_NOW_CLASS = re.compile(
    r"sale|current|final|now|offer|special|actual|our|deal|product-?price|main-?price|price-?(?:value|now|new|sale|main|box|block|tag)",
    re.I,
)
_NOW_TEXT = re.compile(
    r"\b(?:now|sale|our price|special|today|price)\b|现价|促销价|到手价|券后|秒杀价|活动价|售价|一口价|特价|セール|할인",
    re.I,
)


_NET = re.compile(
    r"exc?l\.?\s*(?:vat|tax)|ex\s+(?:vat|tax|gst)|ohne mwst|exkl|netto|hors taxes?|\bht\b|sin iva|\+\s*iva|iva esclusa|excl|bez dph|bez vat|brez ddv|без ндс|áfa nélkül|未税",
    re.I,
)
_EXTRA = re.compile(r"\s*(?:\+|\bplus\b|zzgl)", re.I)
_CROSSED_TAGS = frozenset({"del", "s", "strike"})
_LONELY = 4  # lines: a price that only its class calls old, with no newer one this near, is the price asked
_CARDS = 3  # as many amounts in boxes of the same make are variants or neighbours


@dataclass(frozen=True, slots=True)
class SeenPrice:
    """A price on a line, with its points."""

    price: Price
    line: int
    points: float


def find_visible_price(outline: Outline, locale: Locale, title_line: int | None) -> SeenPrice | None:
    """The price with the most points, if it has enough of them. ``title_line`` is where the item's title stands."""
    seen = list(_iter_seen(outline, locale, title_line))
    if not seen:
        return None
    amounts: dict[object, int] = {}
    for one in seen:
        amounts[one.price.amount] = amounts.get(one.price.amount, 0) + 1
    best = max(seen, key=lambda one: (one.points + min(amounts[one.price.amount] - 1, 2) * 0.5, -one.line))
    return best if best.points >= _ENOUGH else None


def _iter_seen(outline: Outline, locale: Locale, title_line: int | None) -> list[SeenPrice]:
    found, old = [], []
    for line in outline.lines:
        if not any(character.isdigit() for character in line.text) or line.region & (Region.SCRIPT | Region.HIDDEN):
            continue
        text = _unstruck(line)
        found.extend(_seen_in(outline, line, text, locale, title_line))
        if not text and len(line.text) <= 60 and not _is_crossed(outline, line):
            old.extend(_seen_in(outline, line, line.text, locale, title_line))
    found.extend(
        replace(one, points=one.points + 2.5)
        for one in old
        if title_line is not None and all(abs(one.line - other.line) > _LONELY for other in found)
    )
    return _without_cards(outline, found)


def _seen_in(outline: Outline, line: Line, text: str, locale: Locale, title_line: int | None) -> list[SeenPrice]:
    if len(text) > 300 or not text:
        return []
    prices = find_prices(text, locale)
    if not prices and line.region & Region.PRICE and len(text) <= 20:
        bare = parse_price(text, locale)
        prices = [bare] if bare else []
    starts = [0, *(price.end for price in prices)]
    return [
        SeenPrice(price, line.number, _points(outline, line, text, price, title_line, start))
        for price, start in zip(prices[:3], starts, strict=False)
        if price.amount > 0
    ]


def _without_cards(outline: Outline, found: list[SeenPrice]) -> list[SeenPrice]:
    """Several amounts in boxes of the same make belong to variants or to neighbours: they lose points."""
    makes = {one.line: _make_of(outline, outline.lines[one.line]) for one in found}
    amounts: dict[str, set[object]] = {}
    for one in found:
        amounts.setdefault(makes[one.line], set()).add(one.price.amount)
    return [
        replace(one, points=one.points - 2.5) if len(amounts[makes[one.line]]) >= _CARDS and makes[one.line] else one
        for one in found
    ]


def _make_of(outline: Outline, line: Line) -> str:
    """Tags and class names of the elements around a price, without the numbers that tell one card from the next."""
    chain = [outline.elements[index] for index in outline.ancestors(line.pieces[0].element)[:4]]
    named = any(element.names for element in chain[:3])
    return re.sub(r"\d+", "", " ".join(f"{one.tag}.{one.names}" for one in chain)) if named else ""


def _is_crossed(outline: Outline, line: Line) -> bool:
    """Whether the reader sees the price struck through, or only its class says so."""
    for index in outline.ancestors(line.pieces[0].element)[:5]:
        element = outline.elements[index]
        if element.tag in _CROSSED_TAGS or "line-through" in (element.attributes.get("style") or ""):
            return True
    return False


def _unstruck(line: Line) -> str:
    """The line without its struck pieces."""
    if not any(piece.region & Region.STRUCK for piece in line.pieces):
        return line.text
    return "".join(piece.text for piece in line.pieces if not piece.region & Region.STRUCK).strip()


def _points(outline: Outline, line: Line, text: str, price: Price, title_line: int | None, start: int) -> float:
    region = line.pieces[0].region
    points = 1.0 if price.marked else -0.5
    if any(piece.region & Region.PRICE for piece in line.pieces):
        points += 2.0
    names = " ".join(outline.elements[index].names for index in outline.ancestors(line.pieces[0].element)[:4])
    if _NOW_CLASS.search(names):
        points += 0.7
    points += _around(outline, line, text, price, start)
    points += _distance(line.number, title_line)
    rest = len(text) - (price.end - price.start)
    points += 1.0 if rest <= 6 else -1.0 if rest > 60 else 0.0
    for where, weight in _REGION_POINTS:
        if region & where:
            points += weight
    return points


_REGION_POINTS = (
    (Region.RELATED, -5.0),
    (Region.COMMENTS, -4.0),
    (Region.NAVIGATION, -4.0),
    (Region.FOOTER, -4.0),
    (Region.HEADER, -3.0),
    (Region.SIDEBAR, -2.5),
    (Region.CART, -2.0),
    (Region.ADVERT, -2.5),
    (Region.STRUCK, -4.0),
    (Region.LINK, -1.5),
    (Region.FORM, -1.2),
    (Region.CONTENT, 0.3),
)


def _distance(number: int, title_line: int | None) -> float:
    """Prices stand soon after the title; far before it stand the cart and the menu."""
    if title_line is None:
        return 1.5 * 0.985**number
    after = number - title_line
    return 3.0 * 0.97**after if after >= 0 else 2.0 * 0.9 ** (-after)


def _around(outline: Outline, line: Line, text: str, price: Price, start: int) -> float:
    """What the words on the line from ``start`` on, and a label on the line before it, say about the price."""
    points = 0.0
    before, after = text[start : price.start], text[price.end : price.end + 25]
    previous = outline.lines[line.number - 1].text if line.number and not start else ""
    label = field_of_label(before) or ("" if before.strip() else field_of_label(previous))
    if label == "price" or _NOW_TEXT.search(before[-30:]):
        points += 1.5
    if (
        label == "old_price"
        or _OLD.search(before[-30:])
        or (not before.strip() and len(previous) < 25 and _OLD.search(previous))
    ):
        points -= 4.0
    near = f"{before[-40:]} {_EXTRA.split(after)[0]}"
    if _NET.search(near):
        points -= 0.8
    if _NOT_PRICE.search(near) or (not before.strip() and len(previous) < 40 and _NOT_PRICE.search(previous)):
        points -= 3.0
    return points
