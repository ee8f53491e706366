"""Prices as people write them: 1,299.00 · 1.299,00 € · ￥99起 · 1.2万元 · 12'990.- · 35–60 USD.

Pure; the page's currency, language and host only settle what the text leaves open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_AMOUNT = Decimal(10) ** 10

# What is written → ISO 4217. "" marks a sign that several currencies share: _shared settles it.
_SIGNS = {
    "NT$": "TWD",
    "HK$": "HKD",
    "US$": "USD",
    "US $": "USD",
    "U$S": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "S$": "SGD",
    "NZ$": "NZD",
    "R$": "BRL",
    "MX$": "MXN",
    "AR$": "ARS",
    "$": "",
    "€": "EUR",
    "£": "GBP",
    "¥": "",
    "￥": "",
    "円": "JPY",
    "元": "",
    "圆": "CNY",
    "块": "CNY",
    "₽": "RUB",
    "руб.": "RUB",
    "руб": "RUB",
    "р.": "",
    "₴": "UAH",
    "грн": "UAH",
    "₩": "KRW",
    "원": "KRW",
    "₹": "INR",
    "Rs.": "",
    "Rs": "",
    "₺": "TRY",
    "TL": "TRY",
    "zł": "PLN",
    "zl": "PLN",
    "Kč": "CZK",
    "Kc": "CZK",
    "Ft": "HUF",
    "kr.": "",
    "kr": "",
    "lei": "RON",
    "Lei": "RON",
    "лв": "BGN",
    "₫": "VND",
    "đ": "VND",
    "฿": "THB",
    "₪": "ILS",
    "₦": "NGN",
    "₱": "PHP",
    "RM": "MYR",
    "Rp": "IDR",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "kn": "HRK",
    "din": "RSD",
    "RMB": "CNY",
    "人民币": "CNY",
    "美元": "USD",
    "欧元": "EUR",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "台币": "TWD",
    "euro": "EUR",
    "euros": "EUR",
    "Euro": "EUR",
    "₸": "KZT",
    "₾": "GEL",
    "S/": "PEN",
    "S/.": "PEN",
}
_CODE_LINE = (
    "AED ARS AUD BGN BHD BRL BYN CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JPY KES KRW KWD KZT LKR MAD "
    "MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD UYU VND ZAR BDT"
)
_CODES = frozenset(_CODE_LINE.split())
_BY_REGION = {
    "$": {
        "ca": "CAD",
        "au": "AUD",
        "nz": "NZD",
        "hk": "HKD",
        "tw": "TWD",
        "sg": "SGD",
        "mx": "MXN",
        "ar": "ARS",
        "cl": "CLP",
        "co": "COP",
        "uy": "UYU",
    },
    "¥": {"jp": "JPY", "ja": "JPY"},
    "元": {"tw": "TWD", "hk": "HKD"},
    "kr": {"se": "SEK", "sv": "SEK", "no": "NOK", "nb": "NOK", "nn": "NOK", "dk": "DKK", "da": "DKK", "is": "ISK"},
    "rs": {"pk": "PKR", "lk": "LKR", "np": "NPR", "in": "INR"},
    "р.": {"by": "BYN", "ru": "RUB"},
}
_SHARED_DEFAULT = {"$": "USD", "¥": "CNY", "元": "CNY", "kr": "", "rs": "INR", "р.": "RUB"}
_TIMES = {"万": 10_000, "萬": 10_000, "千": 1_000, "亿": 100_000_000, "億": 100_000_000, "w": 10_000, "W": 10_000}

_NUMBER = r"\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)*"
_SIGN = "|".join(
    re.escape(sign)
    for sign in sorted(_SIGNS, key=len, reverse=True)
    if sign not in ("TL", "zl", "din", "kn", "RM", "Rp", "Ft")
)
_LETTER_SIGN = r"(?<![^\W\d_])(?:TL|zl|din|kn|RM|Rp|Ft)(?![^\W\d_])"
_CODE = r"(?<![A-Za-z])(?:" + "|".join(sorted(_CODES)) + r")(?![A-Za-z])"
_CURRENCY = rf"(?:{_CODE}|{_LETTER_SIGN}|{_SIGN})"
_GAP = r"[ \t\u00a0\u2009\u202f]{0,2}"
_PRICE = re.compile(
    rf"(?P<before>{_CURRENCY})?{_GAP}(?P<number>{_NUMBER})(?P<dash>[.,]?[-–—]{{1,2}}(?![ \d]))?{_GAP}(?P<times>[万萬千亿億](?!能|用|向|事)|[wW](?![A-Za-z]))?{_GAP}(?P<after>{_CURRENCY})?"
)
_RANGE = re.compile(r"^\s*(?:-|–|—|~|～|至|到|to|bis|à|a)\s*$", re.I)
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_LETTERS_FIRST = frozenset(
    {"kr", "kr.", "Rs", "Rs.", "lei", "Lei", "euro", "euros", "Euro", "руб", "руб.", "р.", "грн", "лв"}
)


@dataclass(frozen=True, slots=True)
class Locale:
    """What settles open questions: ``currency`` of the profile or page (ISO), ``language`` tag, the host's ``country``."""

    currency: str = ""
    language: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` in ``currency`` (ISO code, or empty where unknown); ``high`` is the upper end of a range.

    ``start`` and ``end`` are where it stands in the text; ``marked`` tells whether a currency stood beside it.
    """

    amount: Decimal
    currency: str
    high: Decimal | None = None
    start: int = 0
    end: int = 0
    marked: bool = True


def locale_of(host: str, language: str = "", currency: str = "") -> Locale:
    """The locale that a host's last label and a page's language tag suggest."""
    last = host.rsplit(":", 1)[0].rsplit(".", 1)[-1].lower()
    return Locale(currency, language, last if last.isalpha() and len(last) == 2 else "")


def find_prices(text: str, locale: Locale = Locale()) -> list[Price]:
    """The prices that ``text`` marks as such with a currency, left to right; a range counts once."""
    return [price for price in _iter_prices(text, locale) if price.marked]


def parse_price(text: str, locale: Locale = Locale()) -> Price | None:
    """The first price in ``text``, which is known to hold one: a bare number counts too."""
    found = list(_iter_prices(text[:400], locale))
    marked = [price for price in found if price.marked]
    return next(iter(marked or found), None)


def read_amount(value: Any, locale: Locale = Locale()) -> Decimal | None:
    """The amount in a machine-readable value: a JSON number, ``"1299.00"``, but also ``"1.299,00 €"``."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        return _bounded(Decimal(str(value)))
    text = str(value).strip()
    if _PLAIN.fullmatch(text):
        return _bounded(Decimal(text))
    price = parse_price(text, locale)
    return price.amount if price else None


def read_currency(value: str, locale: Locale = Locale()) -> str:
    """The ISO code that ``value`` (a code, a sign, or a text with one of them) names; empty if none."""
    text = value.strip()
    if text.upper() in _CODES:
        return text.upper()
    found = re.search(_CURRENCY, text)
    return _currency(found[0], locale) if found else ""


def _iter_prices(text: str, locale: Locale) -> Iterator[Price]:
    last: Price | None = None
    for match in _PRICE.finditer(text):
        price = _read_match(match, text, locale)
        if price is None:
            continue
        if last is not None and _RANGE.match(text[last.end : price.start]) and price.amount > last.amount:
            last = Price(
                last.amount,
                last.currency or price.currency,
                price.amount,
                last.start,
                price.end,
                last.marked or price.marked,
            )
            yield last
            last = None
            continue
        if last is not None:
            yield last
        last = price
    if last is not None:
        yield last


def _read_match(match: re.Match[str], text: str, locale: Locale) -> Price | None:
    before, after = match["before"], match["after"]
    if (match.end() < len(text) and text[match.end()] == "%") or (match.start() and text[match.start() - 1] in "#"):
        return None
    if after in _LETTERS_FIRST and text[match.end() : match.end() + 1].isalpha():
        after = None  # "12 kranar" is no price in kronor
    amount = _read_number(match["number"])
    if amount is None:
        return None
    if match["times"] and (before or after or match["times"] in "万萬亿億"):
        amount *= _TIMES[match["times"]]
    if (bounded := _bounded(amount)) is None:
        return None
    sign = before or after or ""
    marked = bool(sign) or bool(match["dash"])
    return Price(
        bounded, _currency(sign, locale) if sign else locale.currency, None, match.start(), match.end(), marked
    )


def _read_number(raw: str) -> Decimal | None:
    """Digits with separators of either style. A single separator before exactly three digits groups thousands."""
    digits = re.sub(r"[ \u00a0\u2009\u202f'’]", "", raw)
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        whole, fraction = re.sub(r"[.,]", "", digits[:last]), digits[last + 1 :]
        groups = re.split(r"[.,]", digits)
        both = "." in digits and "," in digits
        grouping = len(fraction) == 3 and not both and groups[0] not in ("0", "") and len(groups[0]) <= 3
        if both and len(fraction) == 3 and digits.count(digits[last]) > 1:
            grouping = True
        digits = whole + fraction if grouping else f"{whole or 0}.{fraction}"
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _bounded(amount: Decimal) -> Decimal | None:
    if not amount.is_finite() or amount < 0 or amount > MAX_AMOUNT:
        return None
    return amount if amount != amount.to_integral_value() else amount.quantize(Decimal(1))


def _currency(sign: str, locale: Locale) -> str:
    if sign in _CODES:
        return sign
    known = _SIGNS.get(sign, "")
    if known:
        return known
    shared = {"￥": "¥", "kr.": "kr", "Rs": "rs", "Rs.": "rs"}.get(sign, sign)
    table = _BY_REGION.get(shared)
    if table is None:
        return {"TL": "TRY", "zl": "PLN", "din": "RSD", "kn": "HRK", "RM": "MYR", "Rp": "IDR", "Ft": "HUF"}.get(
            sign, ""
        )
    if locale.currency and (locale.currency in table.values() or locale.currency == _SHARED_DEFAULT[shared]):
        return locale.currency
    language, _, region = locale.language.partition("-")
    by_region = table.get(locale.country) or table.get(region) or table.get(language)
    if by_region:
        return by_region
    return _SHARED_DEFAULT[shared] or (locale.currency if shared == "kr" else "")
