"""Addresses without end: calendars, session ids, facets, login links that grow, relative links that nest.

Pure rules on one address (``trap_in``), and a count of addresses of one shape that stopped giving anything new.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_LENGTH = 1500
MAX_DEPTH = 25
MAX_SEGMENTS = 14
MAX_PARAMETERS = 6
FRUITLESS_LIMIT = 40
"""So many pages of one shape that show nothing new, and the shape is left alone."""

_SUSPICIOUS_CHAIN = 3

_DIGITS = re.compile(r"\d+")
_SESSION = re.compile(r";jsessionid=|\(S\([a-z0-9]{20,}\)\)", re.I)
# Whole segments only: a "stone-basket" or a "passport-holder" is a thing for sale.
_ACTIONS = re.compile(
    r"/(?:(?:wp|user|users|member|account|customer)[-_.]?)?(?:log[-_]?(?:in|out|on|off)|sign[-_]?(?:in|out|up)|register|"
    r"passport|oauth2?|checkout|wish[-_]?list|compare|(?:shopping[-_]?)?cart|basket|reply|captcha)"
    r"(?:\.[a-z]{2,5})?(?:$|[/;])|add[-_]?to[-_]?(?:cart|basket|bag|wish[-_]?list|compare)(?:$|[/._-])|"
    r"/(?:add|edit|delete|remove|print)/?$",
    re.I,
)
_ACTION_KEYS = frozenset({"add-to-cart", "add_to_cart", "add_to_wishlist", "replytocom", "logout", "share", "print"})
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|css|js|mjs|map|woff2?|ttf|eot|otf|mp3|m4a|ogg|wav|flac|mp4|m4v|webm|"
    r"mov|avi|mkv|ts|m3u8|exe|msi|dmg|apk|iso|zip|rar|7z|gz|tar|bz2|xz|doc|docx|xls|xlsx|ppt|pptx)$",
    re.I,
)


def trap_by_depth(depth: int) -> str:
    return f"trap: more than {MAX_DEPTH} links deep" if depth > MAX_DEPTH else ""


def trap_in(url: str) -> str:
    """What is wrong with following this link, in words that a report can count; empty where nothing is."""
    if len(url) > MAX_LENGTH:
        return "trap: an address without end"
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).split("/") if segment]
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if _FILES.search(parts.path):
        return "a file that is no page"
    if _ACTIONS.search(parts.path) or any(key.lower() in _ACTION_KEYS for key, _ in pairs):
        return "an action, not a page"
    if len(segments) > MAX_SEGMENTS or _repeats(segments):
        return "trap: a path that nests"
    if _SESSION.search(parts.path):
        return "trap: a session id in the path"
    return _query_trap(pairs)


def _repeats(segments: list[str]) -> bool:
    """The same segment three times over, or a run of segments twice in a row: relative links that go astray."""
    words = [segment for segment in segments if not segment.isdigit()]
    if any(count >= 3 for count in Counter(words).values()):
        return True
    tails = range(2, len(words) // 2 + 1)
    return any(words[-size:] == words[-2 * size : -size] for size in tails)


def _query_trap(pairs: list[tuple[str, str]]) -> str:
    if len(pairs) > MAX_PARAMETERS:
        return f"trap: more than {MAX_PARAMETERS} parameters"
    if any(count >= 3 for count in Counter(key for key, _ in pairs).values()):
        return "trap: one parameter again and again"
    if any("?" in value or value.startswith(("/", "http:", "https:")) for _, value in pairs):
        return "trap: an address inside an address"
    return ""


def shapes_of(url: str) -> tuple[str, str]:
    """What a trap's addresses have in common: the path without its numbers, alone and with the parameters' names."""
    parts = urlsplit(url)
    path = parts.netloc + _DIGITS.sub("#", unquote(parts.path))
    names = sorted({_DIGITS.sub("#", key) for key, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return path, f"{path}?{'&'.join(names)}"


class Shapes:
    """Counts, for each shape, the pages in a row that showed nothing new. In memory: a restart counts anew.

    Only pages that were found on a page of their own shape count (``chain`` says how many such steps led there): a
    calendar leads to itself, a list of books that differ by a number does not.
    """

    def __init__(self, limit: int = FRUITLESS_LIMIT) -> None:
        self._limit = limit
        self._fruitless: Counter[str] = Counter()

    def note(self, url: str, chain: int, *, fruitful: bool) -> None:
        for shape in shapes_of(url) if chain else ():
            self._fruitless[shape] = 0 if fruitful else self._fruitless[shape] + 1

    def trap(self, url: str, chain: int) -> str:
        if chain < _SUSPICIOUS_CHAIN or all(self._fruitless[shape] < self._limit for shape in shapes_of(url)):
            return ""
        return f"trap: {self._limit} pages of one form showed nothing new"


def chain_after(url: str, parent_url: str, parent_chain: int) -> int:
    """Over how many pages of its own shape in a row an address was found."""
    return parent_chain + 1 if shapes_of(url)[0] == shapes_of(parent_url)[0] else 0
