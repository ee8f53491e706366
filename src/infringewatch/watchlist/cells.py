"""One cell to one value. Each function raises ValueError with a reason that a right holder can act on."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from infringewatch.hosts import is_host
from infringewatch.model import AllowRow, RightKind, WorkType
from infringewatch.normalise import fold_text

_E = TypeVar("_E", bound=StrEnum)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|(\d\d)(\d\d)|年(\d{1,2})月(\d{1,2})日)")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?|\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,6})?")
_YES, _NO = frozenset({"yes", "y", "true", "1", "是"}), frozenset({"no", "n", "false", "0", "否", ""})


def _fold_keys(words: dict[str, _E]) -> dict[str, _E]:
    return {fold_text(word): meaning for word, meaning in words.items()}


KINDS_ZH = _fold_keys(
    {
        "商标": RightKind.TRADEMARK,
        "产品": RightKind.PRODUCT,
        "商品": RightKind.PRODUCT,
        "著作权": RightKind.COPYRIGHT,
        "版权": RightKind.COPYRIGHT,
        "作品": RightKind.COPYRIGHT,
        "地理标志": RightKind.GEOGRAPHICAL_INDICATION,
        "植物新品种": RightKind.PLANT_VARIETY,
    }
)
WORK_TYPES_ZH = _fold_keys(
    {
        "文学": WorkType.LITERATURE,
        "文字": WorkType.LITERATURE,
        "影视": WorkType.AUDIOVISUAL,
        "音乐": WorkType.MUSIC,
        "软件": WorkType.SOFTWARE,
        "美术": WorkType.ART,
    }
)
CURRENCIES = frozenset(
    [
        "AED",
        "AFN",
        "ALL",
        "AMD",
        "AOA",
        "ARS",
        "AUD",
        "AWG",
        "AZN",
        "BAM",
        "BBD",
        "BDT",
        "BGN",
        "BHD",
        "BIF",
        "BMD",
        "BND",
        "BOB",
        "BRL",
        "BSD",
        "BTN",
        "BWP",
        "BYN",
        "BZD",
        "CAD",
        "CDF",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "CVE",
        "CZK",
        "DJF",
        "DKK",
        "DOP",
        "DZD",
        "EGP",
        "ERN",
        "ETB",
        "EUR",
        "FJD",
        "FKP",
        "GBP",
        "GEL",
        "GHS",
        "GIP",
        "GMD",
        "GNF",
        "GTQ",
        "GYD",
        "HKD",
        "HNL",
        "HTG",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "IQD",
        "IRR",
        "ISK",
        "JMD",
        "JOD",
        "JPY",
        "KES",
        "KGS",
        "KHR",
        "KMF",
        "KPW",
        "KRW",
        "KWD",
        "KYD",
        "KZT",
        "LAK",
        "LBP",
        "LKR",
        "LRD",
        "LSL",
        "LYD",
        "MAD",
        "MDL",
        "MGA",
        "MKD",
        "MMK",
        "MNT",
        "MOP",
        "MRU",
        "MUR",
        "MVR",
        "MWK",
        "MXN",
        "MYR",
        "MZN",
        "NAD",
        "NGN",
        "NIO",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PAB",
        "PEN",
        "PGK",
        "PHP",
        "PKR",
        "PLN",
        "PYG",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "RWF",
        "SAR",
        "SBD",
        "SCR",
        "SDG",
        "SEK",
        "SGD",
        "SHP",
        "SLE",
        "SOS",
        "SRD",
        "SSP",
        "STN",
        "SVC",
        "SYP",
        "SZL",
        "THB",
        "TJS",
        "TMT",
        "TND",
        "TOP",
        "TRY",
        "TTD",
        "TWD",
        "TZS",
        "UAH",
        "UGX",
        "USD",
        "UYU",
        "UZS",
        "VED",
        "VES",
        "VND",
        "VUV",
        "WST",
        "XAF",
        "XCD",
        "XOF",
        "XPF",
        "YER",
        "ZAR",
        "ZMW",
        "ZWG",
    ]
)
"""ISO 4217."""


def read_word(raw: str, options: type[_E], chinese: dict[str, _E]) -> _E:
    word = fold_text(raw).strip()  # traditional characters too
    try:
        return chinese.get(word) or options("_".join(word.replace("-", " ").split()))
    except ValueError:
        raise ValueError(f"{raw!r} is not one of {', '.join(options)}") from None


def read_day(raw: str) -> date:
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", raw).replace(" ", "").removesuffix("00:00:00"))
    if match is None:
        raise ValueError(f"{raw!r} is not a date in the form 2026-01-31")
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{raw!r} is no day of the calendar") from None


def read_price(raw: str) -> Decimal:
    text = unicodedata.normalize("NFKC", raw).replace(" ", "")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{raw!r} is not a number such as 1299 or 1299.50")
    return Decimal(text.replace(",", ""))


def read_currency(raw: str) -> str:
    code = unicodedata.normalize("NFKC", raw).strip().upper()
    if code not in CURRENCIES:
        raise ValueError(f"{raw!r} is no currency code such as CNY or USD (ISO 4217)")
    return code


def read_flag(raw: str) -> bool:
    word = unicodedata.normalize("NFKC", raw).strip().casefold()
    if word not in _YES | _NO:
        raise ValueError(f"{raw!r} is neither yes nor no")
    return word in _YES


def read_nice_class(raw: str) -> int:
    text = unicodedata.normalize("NFKC", raw).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 45):
        raise ValueError(f"{raw!r} is not a Nice class from 1 to 45")
    return int(text)


def read_seller(raw: str, registration_no: str) -> AllowRow:
    return AllowRow(f"{registration_no}/authorised_sellers/{raw}", "authorised_sellers", raw)


def read_licence(raw: str, registration_no: str) -> AllowRow:
    """``host``, ``host:port``, ``*.host``, each with an optional ``/path/`` and ``@from..until``."""
    place, at, period = raw.partition("@")
    host, _, path = place.partition("/")
    if "://" in raw:
        raise ValueError(f"{raw!r}: write the host alone, without http://")
    if not is_host(host) or re.search(r"[\s?#]", path):
        raise ValueError(f"{raw!r} is not host, host:port or *.host, with a path where only a part is licensed")
    start, end = _read_period(raw, period) if at else (None, None)
    return AllowRow(f"{registration_no}/licensed_hosts/{place}", "licensed_hosts", place, start, end)


def _read_period(raw: str, period: str) -> tuple[date | None, date | None]:
    first, dots, last = period.partition("..")
    if not dots or not (first or last):
        raise ValueError(f"{raw!r}: dates are written host@2026-01-01..2026-12-31")
    start = read_day(first) if first else None
    end = read_day(last) if last else None
    if start and end and start > end:
        raise ValueError(f"{raw!r}: the licence ends before it begins")
    return start, end


def read_path(raw: str, folder: Path, *, folder_allowed: bool = False) -> Path:
    """The file that ``raw`` names below ``folder`` (already resolved). Symbolic links must not lead out of it."""
    written = raw.replace("\\", "/")
    if written.startswith(("/", "~")) or re.match(r"[A-Za-z]:", written):
        raise ValueError(f"{raw!r} must be relative to the list's folder")
    try:
        path = (folder / written).resolve()
        if not path.is_relative_to(folder):
            raise ValueError(f"{raw!r} lies outside the list's folder")
        if path.is_file() or (folder_allowed and path.is_dir() and path != folder and _keeps_inside(path, folder)):
            return path
    except (OSError, RuntimeError) as error:  # a name too long, a loop of links
        raise ValueError(f"{raw!r} cannot be looked at: {error}") from error
    raise ValueError(f"{raw!r} is no file" if path.exists() else f"{raw!r} does not exist")


def _keeps_inside(path: Path, folder: Path) -> bool:
    """Whether every file of a folder of chapters lies in the list's folder, links followed."""
    for inner in path.rglob("*"):
        if not inner.resolve().is_relative_to(folder):
            raise ValueError(f"{inner.name!r} in {path.name!r} leads out of the list's folder")
    return True
