"""The development set on copied text: registered works, disguised pages with their truth, and hard negatives.

Split by work: ``look`` (三国演义, three of Austen's) to look at, ``score`` (红楼梦, Joly, three more) to score only. Of
each novel the first half of the chapters is registered; the second is the same author's other work.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.works_disguises import DISGUISES, FOREIGN, Bench, Page
from benchmarks.works_texts import Novel, load_classics, load_novels, load_poems

PAGE = 3100
_LEAP = 150
_LEAST = 60
_PARTS = {
    "look": ("sanguo", "emmabyjaneau", "northangerab", "prideandprej"),
    "score": ("honglou", "joly", "mansfieldpar", "persuasionby", "senseandsens"),
}


@dataclass(frozen=True, slots=True)
class Truth:
    """One copied piece: raw, half open ranges in the page and in the registered text of ``work``."""

    start: int
    end: int
    work: str
    work_start: int
    work_end: int


@dataclass(frozen=True, slots=True)
class Case:
    """``kind`` is a disguise or, for negatives, why the page is hard. ``strength`` 0: a negative."""

    id: str
    part: str
    language: str
    kind: str
    strength: int
    text: str
    truth: tuple[Truth, ...] = ()
    host: str = "copies.example"


@dataclass(frozen=True, slots=True)
class DevSet:
    """``works`` are registered (key: text); ``background`` is what everyone quotes."""

    works: dict[str, str]
    titles: dict[str, str]
    cases: tuple[Case, ...]
    background: tuple[str, ...]


def make_devset(part: str, pages: int = 6) -> DevSet:
    """``pages`` Chinese pages a disguise and strength, a third as many English ones."""
    novels = load_novels()
    classics, poems = load_classics(), load_poems()
    draw = random.Random(f"{part}-1")
    works: dict[str, str] = {}
    cases: list[Case] = []
    sources = [text[:900] for text in classics[:12]]
    maker = _Maker(part, draw, works, cases, sources, poems)
    for key in _PARTS[part]:
        maker.register(key, novels[key])
    other = novels["honglou" if part == "look" else "sanguo"]
    for number in range(2):
        works[f"other{number}"] = maker.quoting(other.chapters[number * 10 : number * 10 + 10])
    for key in _PARTS[part]:
        novel = novels[key]
        count = pages if novel.language == "zh" else max(pages // 3, 1)
        maker.add_copies(key, novel, count)
        maker.add_negatives(key, novel, count * 2, [novels[k] for k in _PARTS["score" if part == "look" else "look"]])
    titles = {key: novels[key].title if key in novels else key for key in works}
    return DevSet(works, titles, tuple(cases), (*sources, *poems))


class _Maker:
    """Draws pages from the registered halves and keeps one count of places over all works."""

    def __init__(
        self,
        part: str,
        draw: random.Random,
        works: dict[str, str],
        cases: list[Case],
        sources: list[str],
        poems: list[str],
    ) -> None:
        self._part, self._draw, self._works, self._cases = part, draw, works, cases
        self._sources, self._poems = sources, poems
        self._bases: list[int] = []
        self._keys: list[str] = []
        self._rest: dict[str, str] = {}

    def register(self, key: str, novel: Novel) -> None:
        """The first half of the chapters, with what its author quoted."""
        half = len(novel.chapters) // 2
        self._bases.append(sum(len(text) + 1000 for text in self._works.values()))
        self._keys.append(key)
        chapters = novel.chapters[:half]
        self._works[key] = self.quoting(chapters) if novel.language == "zh" else "\n\n".join(chapters) + "\n"
        self._rest[key] = "\n\n".join(novel.chapters[half:])

    def quoting(self, chapters: Sequence[str]) -> str:
        """The chapters as one text, each followed by common sources and poems: several works quote the same."""
        quoted = [*self._sources, *self._poems[:40]]
        told = [
            chapter.strip() + "".join(f"\n正是：\n{text}\n" for text in quoted[number :: len(chapters)])
            for number, chapter in enumerate(chapters)
        ]
        return "\n\n".join(told) + "\n"

    def add_copies(self, key: str, novel: Novel, count: int) -> None:
        for kind, disguise in DISGUISES.items():
            for strength, number in itertools.product((1, 2, 3), range(count)):
                bench = self._bench(key, novel)
                page = disguise(self._take(key, PAGE), strength, bench)
                name = f"{self._part}-{key}-{kind}-{strength}-{number}"
                self._add(Case(name, self._part, novel.language, kind, strength, "", ()), page)

    def add_negatives(self, key: str, novel: Novel, count: int, others: Sequence[Novel]) -> None:
        same = [other for other in others if other.language == novel.language]
        for number in range(count):
            texts = {
                "same author": self._own(key, PAGE),
                "same genre": self._piece("\n".join(self._draw.choice(same).chapters[20:]), PAGE),
                "short quotation": self._with_quotes(key, 1, 80),
                "review": self._with_quotes(key, 4, 40),
                "chapter list": self._chapter_list(novel),
                "site text": "\n".join(self._draw.choices(_SITE_LINES[novel.language], k=60)),
                "licensed copy": "".join(c for c, _ in self._take(key, PAGE)),
            }
            if novel.language == "zh":
                texts["shared poem"] = self._own(key, 1500) + "\n".join(self._draw.sample(self._poems[:40], 4))
                texts["common source"] = self._own(key, 1800) + "\n" + self._draw.choice(self._sources)
                texts["quoted source"] = self._draw.choice(self._sources)
                texts["idioms"] = self._own(key, 800) + "".join(self._draw.choices(_IDIOMS, k=200))
            for kind, text in texts.items():
                host = "licensed.example" if kind == "licensed copy" else "copies.example"
                name = f"{self._part}-{key}-{kind}-{number}"
                self._cases.append(Case(name, self._part, novel.language, kind, 0, text, (), host))

    def _bench(self, key: str, novel: Novel) -> Bench:
        keys = [k for k in self._keys if (k in ("sanguo", "honglou")) == (novel.language == "zh")]
        return Bench(
            self._draw,
            novel.language,
            novel.names,
            lambda size: self._take(self._draw.choice(keys), size),
            lambda size: self._own(key, size),
        )

    def _take(self, key: str, size: int) -> Page:
        """A piece of one chapter of a registered work; what follows 正是 at its end belongs to everyone."""
        text, base = self._works[key], self._bases[self._keys.index(key)]
        while True:
            at = self._draw.randrange(len(text) - size)
            following = text.find("正是：\n", at)
            told = text.rfind("\n\n第", 0, at) > text.rfind("正是：\n", 0, at) or "正是：\n" not in text
            if told and not 0 <= following < at + size:
                return [(c, base + at + i) for i, c in enumerate(text[at : at + size])]

    def _own(self, key: str, size: int) -> str:
        return self._piece(self._rest[key], size)

    def _piece(self, text: str, size: int) -> str:
        at = self._draw.randrange(len(text) - size)
        return text[at : at + size]

    def _with_quotes(self, key: str, quotes: int, size: int) -> str:
        own = self._own(key, PAGE)
        size = size if key in ("sanguo", "honglou") else size * 3
        step = len(own) // (quotes + 1)
        pieces = [own[step * n : step * (n + 1)] for n in range(quotes + 1)]
        quoted = ["“" + "".join(c for c, _ in self._take(key, size)) + "”" for _ in range(quotes)]
        return "".join(a + b for a, b in itertools.zip_longest(pieces, quoted, fillvalue=""))

    def _chapter_list(self, novel: Novel) -> str:
        heads = [chapter.strip().splitlines()[0] for chapter in novel.chapters]
        return "目录\n" + "\n".join(heads)

    def _add(self, case: Case, page: Page) -> None:
        text = "".join(character for character, _ in page)
        truth = tuple(self._truths(page, case.language))
        self._cases.append(Case(case.id, case.part, case.language, case.kind, case.strength, text, truth))

    def _truths(self, page: Page, language: str) -> list[Truth]:
        least = _LEAST if language == "zh" else 3 * _LEAST
        found: list[Truth] = []
        run: list[tuple[int, int]] = []
        for place, origin in [*((p, o) for p, (_, o) in enumerate(page) if o != FOREIGN), (len(page), -(10**9))]:
            if run and not -_LEAP < origin - run[-1][1] < _LEAP:
                if len(run) >= least:
                    found.append(self._truth(run))
                run = []
            run.append((place, origin))
        return found

    def _truth(self, run: list[tuple[int, int]]) -> Truth:
        at = bisect_right(self._bases, run[0][1]) - 1
        origins = [origin - self._bases[at] for _, origin in run]
        return Truth(run[0][0], run[-1][0] + 1, self._keys[at], min(origins), max(origins) + 1)


_SITE_LINES = {
    "zh": [
        "上一章 返回目录 下一章",
        "天才一秒记住本站地址",
        "本站所有小说为转载作品",
        "加入书签 推荐本书 章节报错",
        "手机版阅读网址",
    ],
    "en": ["Previous chapter Contents Next chapter", "Add bookmark, report an error", "Share this page with friends"],
}
_IDIOMS = [
    "一鼓作气",
    "三顾茅庐",
    "乐不思蜀",
    "望梅止渴",
    "草船借箭",
    "万事俱备",
    "只欠东风",
    "鞠躬尽瘁",
    "死而后已",
    "三十六计走为上计",
    "得陇望蜀",
    "初出茅庐",
    "如鱼得水",
    "单刀直入",
    "士别三日刮目相看",
    "赔了夫人又折兵",
    "说曹操曹操到",
    "勉强度日",
    "天下大势分久必合合久必分",
]
