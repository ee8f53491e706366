"""The whole title of a thing out of several that may be cut with "…" or dressed with the site's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CUT = re.compile(r"\s*(?:…|\.{3,}|⋯)\s*$")
_SEPARATOR = re.compile(
    r"\s+[|\-–—_»«·•:]+\s+|[_|｜]|\s*[-–—]{2,}\s*|(?<=[\u4e00-\u9fff)）】》])\s*[-–—]\s*(?=[\u4e00-\u9fff])"
)
_BLANKS = re.compile(r"\s+")
_LETTERS = re.compile(r"\w+")


def is_cut(title: str) -> bool:
    return bool(_CUT.search(title))


def best_title(candidates: Sequence[str], site_name: str = "") -> str:
    """The first of ``candidates`` (in the order of trust), made whole by the others where it is cut.

    A document title is dressed: whatever stands last among the candidates is stripped of the site's name.
    """
    titles = [title for title in (_BLANKS.sub(" ", candidate).strip() for candidate in candidates) if title]
    if not titles:
        return ""
    chosen = titles[0]
    if is_cut(chosen):
        chosen = _made_whole(chosen, titles[1:], site_name)
    return strip_site(chosen, site_name)


def _made_whole(cut: str, others: Sequence[str], site_name: str) -> str:
    stem = _CUT.sub("", cut).strip()
    longer = [strip_site(other, site_name) for other in others if other.startswith(stem) and not is_cut(other)]
    longer = [other for other in longer if len(other) >= len(stem)]
    return min(longer, key=len) if longer else cut


def strip_site(title: str, site_name: str = "") -> str:
    """``title`` without the site's name (and what follows it) after a separator, or before one."""
    if not site_name:
        return title
    name = _plain(site_name)
    marks = list(_SEPARATOR.finditer(title))
    for mark in marks:
        if _plain(title[mark.end() :]).startswith(name) and mark.start() > 0:
            return title[: mark.start()].strip()
    if marks and _plain(title[: marks[0].start()]) == name and title[marks[0].end() :].strip():
        return title[marks[0].end() :].strip()
    return title


def strip_last_part(title: str) -> str:
    """A document title without what follows its last separator, where more than a word or two is left."""
    marks = list(_SEPARATOR.finditer(title))
    if not marks:
        return title
    kept = title[: marks[-1].start()].strip()
    return kept if len(kept) >= 4 and len(kept) >= len(title) - marks[-1].end() else title


def similar(first: str, second: str) -> float:
    """How many of the shorter title's words stand in the other, 0-1. Characters count as words in Chinese."""
    one, two = set(_words(first)), set(_words(second))
    small = min(len(one), len(two))
    return len(one & two) / small if small else 0.0


def _words(text: str) -> list[str]:
    words: list[str] = []
    for word in _LETTERS.findall(text.lower()):
        words.extend([word] if word.isascii() else word)
    return words


def _plain(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))
