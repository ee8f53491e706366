"""Pure functions that bring look-alike values to one form: addresses, text with offsets.

Nothing here reads a clock or a network; the one file read is the table of ``fold`` (``folding.tsv``, generated).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TRACKING = frozenset(
    {"spm", "scm", "fbclid", "gclid", "yclid", "msclkid", "from_source", "share_source", "sessionid", "phpsessid"}
    | {"jsessionid", "sid"}
)


@lru_cache(maxsize=8192)  # an address is asked for again at every step of its page
def canonical_url(url: str) -> str:
    """One spelling for one address: lower-case scheme and host, punycode host, default port and fragment
    dropped, dot segments resolved, percent-encoding unified, query sorted, tracking and session keys removed.

    The result names a page; it is not always safe to *ask* for (a server may insist on another order).
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    host = host_of(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    name = f"[{host}]" if ":" in host else host
    netloc = name if port is None or port == _DEFAULT_PORTS.get(scheme) else f"{name}:{port}"
    path = quote(unquote(_resolve_dots(parts.path) or "/"), safe="/:@!$&'()*+,;=-._~")
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(k)]
    return urlunsplit((scheme, netloc, path, urlencode(sorted(pairs)), ""))


@lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host in lower case and punycode, without port; empty where the address names none."""
    try:
        host = urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
    try:
        return host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower().rstrip(".")
    except UnicodeError:
        return host.lower()


def _is_tracking(key: str) -> bool:
    return key.lower() in _TRACKING or key.lower().startswith("utm_")


def _resolve_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def storable_text(raw: str) -> str:
    """``raw`` with NUL and lone surrogates replaced one for one, so that every database and file takes it
    and offsets stay true."""
    return _UNSTORABLE.sub("\ufffd", raw)


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` after folding; ``offsets[i]`` is the code point in the raw string that made ``text[i]``."""

    text: str
    offsets: tuple[int, ...]


_DROPPED = frozenset({"Cf", "Cc", "Cs", "Mn", "Me", "Co", "Cn"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")  # letters and symbols by name, but they print nothing


def fold(raw: str) -> Folded:
    """Width, case and compatibility forms unified (NFKC, case-folded), accents off Latin letters, traditional
    characters to simplified, letters of other scripts that print like ASCII ones to those; invisible characters
    removed.

    Surrogates and controls are dropped, so that the result can always be stored as UTF-8.
    """
    pieces = list(map(fold_character, raw))
    text = "".join(pieces)
    if all(map(_is_single, pieces)):
        return Folded(text, tuple(range(len(text))))
    return Folded(text, tuple(position for position, piece in enumerate(pieces) for _ in piece))


def _is_single(piece: str) -> bool:
    return len(piece) == 1


@cache  # at most one entry for each code point
def fold_character(character: str) -> str:
    """What ``fold`` makes of one character: nothing, one character, or a few."""
    table = _folding_table()
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(table.get(c, c) for c in folded if _is_visible(c))


def _is_visible(character: str) -> bool:
    if character in "\t\n":
        return True
    return unicodedata.category(character) not in _DROPPED and character not in _FILLERS


@cache
def _folding_table() -> dict[str, str]:
    text = (Path(__file__).parent / "folding.tsv").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in text.splitlines())


def fold_text(raw: str) -> str:
    """``fold(raw).text``, for those who need no offsets."""
    return fold(raw).text
