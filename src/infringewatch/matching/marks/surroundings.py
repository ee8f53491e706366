"""The words around a window: does it cut through one, is it one itself, does it fill the text or stand in quotes?"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable

from infringewatch.matching.cues import Words, fold_cached
from infringewatch.matching.evidence import Surroundings
from infringewatch.matching.marks.align import Alignment
from infringewatch.matching.words import Word, count_of, cut

_REACH = 12
_PHRASE = 4
"""A compound that begins with the window is at most so long (金龙戏珠); after more, names of goods unknown to us stand."""
_QUOTES = {"《": "》", "「": "」", "『": "』", "“": "”", '"': '"'}
_CHANGES_NOTHING = frozenset({"same", "width", "variant", "script", "invisible", "separator", "space", "split"})
_STANDS_ALONE = frozenset(
    "的之和与及或在是有无买卖售送用穿戴吃喝换收求拍新旧真正原老男女童款牌店家版型号系双单件条个只套盒箱瓶袋包支台大小中全同专官京"
)
"""Single characters that are words of a title by themselves: 买小米手机, 小米家, 李宁男鞋, 新款回力."""
_AFFIXES = frozenset(
    [
        "shop",
        "store",
        "official",
        "outlet",
        "online",
        "sale",
        "mall",
        "login",
        "app",
        "club",
        "team",
        "home",
        "hub",
        "web",
        "site",
        "pro",
        "plus",
        "lib",
        "py",
        "js",
        "core",
        "cli",
        "api",
        "sdk",
        "the",
        "my",
        "get",
        "go",
        "new",
        "us",
        "uk",
        "cn",
        "eu",
        "de",
        "vip",
        "buy",
        "cheap",
        "best",
        "real",
        "secure",
        "account",
        "support",
        "pay",
        "www",
        "com",
        "net",
        "org",
        "s",
    ]
)


def folded_range(text: str, alignment: Alignment) -> tuple[int, int]:
    """The alignment's raw range as a range of the folded text."""
    return raw_range_folded(text, alignment.start, alignment.end)


def raw_range_folded(text: str, start: int, end: int) -> tuple[int, int]:
    """A raw range as a range of the folded text."""
    offsets = fold_cached(text).offsets
    return bisect_left(offsets, start), bisect_left(offsets, end)


def look_around(text: str, alignment: Alignment, goods: Words, *, han: bool) -> Surroundings:
    folded = fold_cached(text).text
    start, end = folded_range(text, alignment)
    letters = sum(map(str.isalnum, folded))
    changed = [bisect_left(fold_cached(text).offsets, place) for place in _changed_places(alignment)]
    found = goods.find(folded)
    # Where a word for goods begins, no word is cut: 回力|帆布鞋, though 力帆 is one too.
    joints = frozenset(f.start for f in found if f.end - f.start > 1)
    crossed, inside, ordinary, share = (
        _han(folded, start, end, changed, joints) if han else _latin(folded, start, end, changed)
    )
    product = next((f for f in found if f.start <= start and end <= f.end and f.end - f.start > end - start), None)
    if product:
        crossed, inside = 2, folded[product.start : product.end]
    before, after = text[: alignment.start].rstrip()[-1:], text[alignment.end :].lstrip()[:1]
    return Surroundings(
        crossed=crossed,
        inside=inside,
        ordinary=ordinary,
        ordinary_share=share,
        covers=sum(map(str.isalnum, folded[start:end])) / max(1, letters),
        quoted=before in _QUOTES and _QUOTES[before] == after,
        affixed=not han and _is_affixed(folded, start, end),
        in_name=not han and _is_name(folded) and end - start < len(folded),
        leads=not any(map(str.isalnum, folded[:start])) and not folded[end : end + 1].isalnum(),
        letters=letters,
        joined=_joined(folded, start, end) if han else "",
        two_words=not han and " " in folded[start:end] and bool(_ordinary_share(folded[start:end])),
    )


def _changed_places(alignment: Alignment) -> Iterable[int]:
    """Raw places of the letters that differ from the mark's."""
    at = alignment.start
    for pair in alignment.pairs:
        if pair.relation not in _CHANGES_NOTHING:
            yield from range(at, at + len(pair.text))
        at += len(pair.text)


def _joined(text: str, start: int, end: int) -> str:
    """The window with the lone characters that its neighbours leave beside it; empty where real words stand there."""
    before = cut(text[_run_start(text, start) : start])
    after = cut(text[end : _run_end(text, end)])
    left = text[start - 1] if before and _is_lone(text, before[-1], start - 1) else ""
    short = _run_end(text, end) - start <= _PHRASE
    right = text[end] if short and after and _is_lone(text, after[0], end) else ""
    return f"{left}{text[start:end]}{right}" if left or right else ""


def _is_lone(text: str, word: Word, place: int) -> bool:
    return word.end - word.start == 1 and text[place] not in _STANDS_ALONE


def _run_start(text: str, start: int) -> int:
    low = start
    while low > 0 and start - low < _REACH and text[low - 1] > "\u2e80":
        low -= 1
    return low


def _run_end(text: str, end: int) -> int:
    high = end
    while high < len(text) and high - end < _REACH and text[high] > "\u2e80":
        high += 1
    return high


_Words = tuple[float, str, str, float]


def _han(text: str, start: int, end: int, changed: list[int], joints: frozenset[int]) -> _Words:
    low, high = _run_start(text, start), _run_end(text, end)
    words = [Word(w.start + low, w.end + low, w.count) for w in cut(text[low:high]) if w.end - w.start > 1 and w.count]
    edges = (start,) if end in joints else (start, end)
    cutting = [w for w in words if any(w.start < edge < w.end for edge in edges)]
    crossed = sum(_weight(w.count) * sum(w.start < edge < w.end for edge in edges) for w in cutting)
    inside = text[cutting[0].start : cutting[0].end] if cutting else ""
    return crossed, inside, *_ordinary_han(text, start, end, words, changed)


def _ordinary_han(text: str, start: int, end: int, words: list[Word], changed: list[int]) -> tuple[str, float]:
    """The ordinary word that the window is; or, with a lower share, the one that explains what is changed in it."""
    if count := count_of(text[start:end]):
        return text[start:end], _weight(count)
    explained = [w for w in words if any(w.start <= place < w.end for place in changed)]
    if changed and all(any(w.start <= place < w.end for w in explained) for place in changed):
        weight = min(_weight(w.count) for w in explained)
        return text[explained[0].start : explained[0].end], weight * (0.5 if len(changed) == 1 else 1.0)
    return "", 0.0


def _weight(count: int) -> float:
    """How ordinary a word is: the rarest of the dictionary count a quarter, those met 15 times in 10 million in full."""
    return min(1.0, math.log2(count + 1) / 4)


def _latin(text: str, start: int, end: int, changed: list[int]) -> _Words:
    low, high = start, end
    while low > 0 and _is_letter(text[low - 1]) and _is_letter(text[start]):
        low -= 1
    while high < len(text) and _is_letter(text[high]) and _is_letter(text[end - 1]):
        high += 1
    crossed = sum(part not in _AFFIXES for part in (text[low:start], text[end:high]) if part)
    piece = text[start:end]
    share = _ordinary_share(piece)
    return float(crossed), text[low:high] if crossed else "", piece if share else "", share


def _ordinary_share(piece: str) -> float:
    """How ordinary the rarest of the window's words is; 0 where one is no word, or letters stand alone."""
    parts = piece.replace("-", " ").split()
    if not parts or (len(parts) > 1 and any(len(part) == 1 for part in parts)):
        return 0.0
    return min(_weight(max(count_of(part), count_of(part[:-1]) if part.endswith("s") else 0)) for part in parts)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _is_name(text: str) -> bool:
    """Whether the whole text is one name as packages, domains and accounts have: ASCII, no spaces."""
    return text.isascii() and not any(map(str.isspace, text))


def _is_affixed(text: str, start: int, end: int) -> bool:
    """Whether a name without spaces is the mark and nothing but the words that imitators add (mark-login.com)."""
    rest = [*_pieces(text[:start]), *_pieces(text[end:])]
    return _is_name(text) and bool(rest) and all(piece in _AFFIXES or piece.isdigit() for piece in rest)


def _pieces(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()
