"""Article numbers: which strings are a GTIN (by check digit), which look like a seller's own number."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

_SEPARATORS = re.compile(r"[\s-]")
_CODE = re.compile(r"[A-Za-z0-9][\w./+-]{1,39}")
_MIN_OWN = 6
_ID_KEYS = frozenset(
    "id pid sku skuid itemid item_id item productid product_id prodid goods_id goodsid offerid num_iid article art artikel variant".split()  # noqa: SIM905
)


def read_gtin(value: str) -> str:
    """The digits of a GTIN-8, -12, -13 or -14 (ISBN-13 among them) whose check digit is right; else empty."""
    digits = _SEPARATORS.sub("", value.strip(" .,;:"))
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return ""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    return digits if (10 - total % 10) % 10 == int(digits[-1]) else ""


def read_code(value: str) -> str:
    """The article number that a value starts with; empty where it starts with a word of plain letters."""
    found = _CODE.match(value.strip().lstrip("#№ "))
    code = found[0].rstrip(".-/,") if found else ""
    return code if any(character.isdigit() for character in code) else ""


def own_code(value: str, url: str) -> str:
    """A number that markup gives, without what is not the thing's own: words behind it, and the letters that tell one
    size or colour from the next where the page's address holds the number without them."""
    code = value.strip()
    if " " in code:
        code = read_code(code) or code
    address = unquote(urlsplit(url).path).lower()
    if code.lower() in address:
        return code
    for end in range(len(code) - 1, _MIN_OWN - 1, -1):
        at = address.find(code[:end].lower())
        if at >= 0 and any(map(str.isdigit, code[:end])) and not address[at + end : at + end + 1].isalnum():
            return code[:end].rstrip("-_./")
    return code


def code_in_url(url: str) -> str:
    """The item's own number in its address: an id in the query, else the last long number in the path."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if key.lower() in _ID_KEYS and re.fullmatch(r"[\w-]{3,40}", value) and any(c.isdigit() for c in value):
            return value
    for segment in reversed([part for part in unquote(parts.path).split("/") if part]):
        stem = re.sub(r"\.\w{2,5}$", "", segment)
        if re.fullmatch(r"[A-Z0-9]{8,14}", stem) and any(c.isdigit() for c in stem):
            return stem
        if numbers := re.findall(r"(?<![0-9])\d{4,}(?![0-9])", stem):
            return str(numbers[-1])
    return ""
