"""Fourteen ways to disguise a copied page, at three strengths, that keep count of where each character came from."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import opencc

from infringewatch.matching.marks.tables import FOLDER, get_tables

FOREIGN = -1
Cell = tuple[str, int]
"""A character and its place in all works taken together (``FOREIGN``: not copied)."""
Page = list[Cell]


@dataclass(frozen=True, slots=True, eq=False)
class Bench:
    """What a disguise may use. ``take(size)`` gives another piece of a registered work, ``own(size)`` text of none."""

    draw: random.Random
    language: str
    names: tuple[str, ...]
    take: Callable[[int], Page]
    own: Callable[[int], str]


def _put(text: str) -> Page:
    return [(character, FOREIGN) for character in text]


_CHROME = {
    "zh": "首页 玄幻 都市 历史 穿越 排行榜 完本小说 我的书架 登录 注册 上一章 返回目录 下一章 加入书签 推荐本书 章节报错 "
    "本站所有小说为转载作品，所有章节均由网友上传，转载至本站只是为了宣传本书让更多读者欣赏。如果您喜欢请支持正版。"
    "热门推荐：星河剑主 九天帝尊 都市医仙 田园小农女 重生之商海 最新章节由网友更新，请勿相信文中广告。",
    "en": "Home Fantasy Romance Mystery Rankings My shelf Login Register Previous chapter Contents Next chapter Add "
    "bookmark Report an error. All stories on this site are uploaded by readers; if you like them support the author. "
    "Popular now: The River King, Nine Heavens, The Doctor of Elm Street. Share this page with your friends today. ",
}
_ADVERTS = {
    "zh": [
        "天才一秒记住本站地址，最快更新无弹窗！",
        "手机用户请浏览m点读书网阅读，掌上阅读更方便",
        "ｗｗｗ.读书吧.ｃｏｍ",
        "求推荐票求收藏",
    ],
    "en": [
        "Read this first at freereads dot example",
        "www.fastchapters.example",
        "Follow us for the newest chapters!",
    ],
}
_RARE = "氵亻卩丶灬彡釒纟乀亅囗"
_NOISE = {"zh": "abcxyzqjk｜~^·◆★" + _RARE, "en": "~^*|·★_¦"}


def chrome(page: Page, strength: int, bench: Bench) -> Page:
    text = _CHROME[bench.language] * (1, 3, 8)[strength - 1]
    cut = bench.draw.randrange(len(text))
    return _put(text[:cut] + "\n") + page + _put("\n" + text[cut:])


def adverts(page: Page, strength: int, bench: Bench) -> Page:
    every = (400, 150, 60)[strength - 1] * (1 if bench.language == "zh" else 2)
    done: Page = []
    following = every
    for index, cell in enumerate(page):
        done.append(cell)
        if index >= following:
            done += _put(bench.draw.choice(_ADVERTS[bench.language]))
            following = index + bench.draw.randint(every // 2, every * 3 // 2)
    return done


def noise(page: Page, strength: int, bench: Bench) -> Page:
    """Characters strewn in; at the heaviest one after every fifth, always."""
    done: Page = []
    for index, cell in enumerate(page):
        done.append(cell)
        here = index % 5 == 4 if strength == 3 else bench.draw.random() < (0.03, 0.12)[strength - 1]
        if here:
            done += _put(bench.draw.choice(_NOISE[bench.language]))
    return done


def masks(page: Page, strength: int, bench: Bench) -> Page:
    done: Page = []
    index = 0
    while index < len(page):
        if bench.draw.random() < (0.01, 0.03, 0.08)[strength - 1]:
            size = bench.draw.randint(1, 3)
            done += _put(bench.draw.choice("*□×●") * size)
            index += size
        else:
            done.append(page[index])
            index += 1
    return done


@cache
def _same_sound() -> dict[str, list[str]]:
    classes: dict[int, list[str]] = defaultdict(list)
    first = get_tables().syllable[0]
    for code in range(0x4E00, 0x9FA5):
        if first[code]:
            classes[int(first[code])].append(chr(code))
    return {c: group for group in classes.values() for c in group if len(group) > 1}


@cache
def _looks_like() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in (FOLDER / "glyphs.tsv").read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) > 1 and len(cells[0]) == 1 and len(cells[1]) == 1:
            found[cells[0]].append(cells[1])
            found[cells[1]].append(cells[0])
    return found


_LATIN_LOOKS = dict(zip("aceopxyABEHKMOPTX", "асеорхуАВЕНКМОРТХ", strict=True)) | {"l": "1", "i": "í", "u": "ü"}
_LATIN_SOUNDS = {"c": "k", "f": "ph", "y": "i", "z": "s", "ee": "ea"}


def _replace(page: Page, share: float, choose: Callable[[str], str], draw: random.Random) -> Page:
    return [
        (replaced, origin) if draw.random() < share and (replaced := choose(character)) else (character, origin)
        for character, origin in page
    ]


def homophones(page: Page, strength: int, bench: Bench) -> Page:
    share = (0.05, 0.15, 0.3)[strength - 1]
    if bench.language == "en":
        return _replace(page, share, lambda c: _LATIN_SOUNDS.get(c, ""), bench.draw)
    table = _same_sound()
    return _replace(page, share, lambda c: bench.draw.choice(table[c]) if c in table else "", bench.draw)


def look_alikes(page: Page, strength: int, bench: Bench) -> Page:
    share = (0.05, 0.15, 0.3)[strength - 1]
    if bench.language == "en":
        return _replace(page, share * 3, lambda c: _LATIN_LOOKS.get(c, ""), bench.draw)
    table = _looks_like()
    return _replace(page, share, lambda c: bench.draw.choice(table[c]) if c in table else "", bench.draw)


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def script(page: Page, strength: int, bench: Bench) -> Page:
    """Traditional characters (Taiwan's at the heaviest), full width, and for Latin text capitals and full width."""
    share = (0.4, 1.0, 1.0)[strength - 1]
    if bench.language == "en":
        wide = {chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)}
        return _replace(page, share, lambda c: wide.get(c, "") if strength > 1 else c.upper(), bench.draw)
    convert = _converter("s2twp" if strength == 3 else "s2t").convert
    return _replace(page, share, lambda c: convert(c)[:1], bench.draw)


def renamed(page: Page, strength: int, bench: Bench) -> Page:
    fresh = ("辰逸", "林若曦", "萧尘", "叶凌", "顾长歌", "苏婉", "楚天阔", "白浅浅", "秦羽", "洛冰河")
    names = bench.names[: (2, 5, 10)[strength - 1]]
    text = "".join(c for c, _ in page)
    replacement = dict(zip(names, fresh if bench.language == "zh" else [f.title() for f in _EN_NAMES], strict=False))
    done: Page = []
    at = 0
    for match in re.finditer("|".join(map(re.escape, names)), text):
        done += page[at : match.start()] + _put(replacement[match.group()])
        at = match.end()
    return done + page[at:]


_EN_NAMES = (
    "rowena",
    "isolde",
    "marigold",
    "beatrix",
    "ottoline",
    "percival",
    "algernon",
    "thaddeus",
    "lysander",
    "una",
)


def reordered(page: Page, strength: int, bench: Bench) -> Page:
    size = (1000, 500, 220)[strength - 1] * (1 if bench.language == "zh" else 2)
    blocks = [page[at : at + size] for at in range(0, len(page), size)]
    bench.draw.shuffle(blocks)
    return [cell for block in blocks for cell in [*block, *_put("\n")]]


def stitched(page: Page, strength: int, bench: Bench) -> Page:
    pieces = (2, 3, 5)[strength - 1]
    size = len(page) // pieces
    return [
        cell
        for piece in [page[:size], *(bench.take(size) for _ in range(pieces - 1))]
        for cell in [*piece, *_put("\n")]
    ]


def partial(page: Page, strength: int, bench: Bench) -> Page:
    kept = int(len(page) * (0.6, 0.4, 0.25)[strength - 1])
    at = bench.draw.randrange(len(page) - kept)
    own = bench.own(len(page) - kept)
    return [*_put(own[:at]), *page[at : at + kept], *_put(own[at:])]


def paraphrased(page: Page, strength: int, bench: Bench) -> Page:
    """Characters replaced, dropped, added and swapped: a fifth of them at the heaviest."""
    share = (0.05, 0.12, 0.2)[strength - 1]
    letters = [c for c, _ in page if c.isalnum()]
    done: Page = []
    for cell in page:
        if bench.draw.random() >= share:
            done.append(cell)
            continue
        act = bench.draw.randrange(4)
        if act == 0:
            done.append((bench.draw.choice(letters), cell[1]))
        elif act == 1:
            done += [cell, (bench.draw.choice(letters), FOREIGN)]
        elif act == 2 and done:
            done.insert(-1, cell)
    return done


def edition(page: Page, strength: int, bench: Bench) -> Page:
    """Other punctuation, particles that come and go, a sentence left out now and then."""
    share = (0.02, 0.05, 0.1)[strength - 1]
    done: Page = []
    skip = False
    for character, origin in page:
        if character in "，。；：？！、“”‘’,.;:?!\"'":
            skip = bench.draw.random() < share / 3
            done.append((bench.draw.choice("，。；　") if bench.language == "zh" else character, FOREIGN))
        elif not skip and (character not in "的了之其也乃便又" or bench.draw.random() > share * 4):
            done.append((character, origin))
            if bench.draw.random() < share / 2:
                done += _put(bench.draw.choice("之乃便又却" if bench.language == "zh" else "aeo"))
    return done


def combined(page: Page, strength: int, bench: Bench) -> Page:
    """Many at once: other names and order, then sounds and marks, then the site's own text."""
    lighter = max(strength - 1, 1)
    for disguise, force in ((renamed, strength), (reordered, lighter), (homophones, lighter), (masks, 1), (noise, 1)):
        page = disguise(page, force, bench)
    page = script(page, strength, bench) if strength > 1 else page
    return chrome(adverts(page, strength, bench), strength, bench)


DISGUISES: dict[str, Callable[[Page, int, Bench], Page]] = {
    f.__name__: f
    for f in (
        *(chrome, adverts, noise, masks, homophones, look_alikes, script, renamed, reordered, stitched, partial),
        *(paraphrased, combined, edition),
    )
}
