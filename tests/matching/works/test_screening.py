"""Which passages of which work a page has, under each disguise, and what stays quiet."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from infringewatch.matching.works.background import TextBackground
from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import Copied, align_passages
from infringewatch.matching.works.screening import _chapter_shares
from infringewatch.matching.works.store import PartInfo, WorkPart, find_chapters
from infringewatch.prints.sqlite import SqlitePrints

_SYLLABLES = [chr(code) for code in range(0x4E00, 0x4E00 + 900)]


def _make_text(seed: int, paragraphs: int = 40) -> str:
    draw = random.Random(seed)
    return "\n".join("".join(draw.choices(_SYLLABLES, k=80)) + "。" for _ in range(paragraphs))


_WORK = _make_text(1)


@pytest.fixture(scope="module")
def store() -> SqlitePrints:
    made = SqlitePrints(":memory:")
    made.add("W1", "青禾记", [WorkPart("", _WORK)])
    return made


def _screen(text: str, store: SqlitePrints, background: TextBackground | None = None) -> list[Copied]:
    return list(align_passages(canonicalise(text), store, background))


def _substituted(text: str) -> str:
    draw = random.Random(5)
    return "".join(draw.choice(_SYLLABLES) if c != "\n" and draw.random() < 0.25 else c for c in text)


def _advertised(text: str) -> str:
    return text.replace("\n", "\n本章首发请记住网址免费阅读最新章节\n")


def _reordered(text: str) -> str:
    lines = text.split("\n")
    blocks = [lines[at : at + 8] for at in range(0, len(lines), 8)]
    random.Random(3).shuffle(blocks)
    return "\n".join(line for block in blocks for line in block)


def _zero_width(text: str) -> str:
    return "\u200b".join(text)


@pytest.mark.parametrize("disguise", [str, _substituted, _advertised, _reordered, _zero_width])
def test_it_finds_most_of_a_disguised_chapter(disguise: Callable[[str], str], store: SqlitePrints) -> None:
    (copied,) = _screen(disguise(_WORK), store)
    assert copied.work_share > 0.9


def test_passages_of_an_exact_copy_point_at_equal_text(store: SqlitePrints) -> None:
    page = "前言。" + _WORK[500:1500]
    (copied,) = _screen(page, store)
    canonical = canonicalise(page)
    (passage,) = copied.passages
    start, end = canonical.raw_range(passage.passage.page_start, passage.passage.page_end)
    first, last = passage.work.raw_range(0, len(passage.work))
    assert re.sub(r"\W", "", page[start:end]) == re.sub(r"\W", "", _WORK[first:last])


def test_another_text_is_quiet(store: SqlitePrints) -> None:
    assert _screen(_make_text(2), store) == []


def test_a_text_that_everyone_quotes_is_quiet(store: SqlitePrints) -> None:
    assert _screen(_make_text(2) + _WORK[:400], store, TextBackground([_WORK[:400]])) == []


@pytest.mark.parametrize("text", ["", "哈", "哈" * 200_000, "\x00\xff\ufffd" * 1000, "\ud800" * 50])
def test_junk_is_quiet(text: str, store: SqlitePrints) -> None:
    assert _screen(text, store) == []


def test_it_says_of_which_chapters_how_much_was_copied() -> None:
    chapters = [_make_text(seed, 20) for seed in (11, 12, 13)]
    made = SqlitePrints(":memory:")
    made.add("W", "三章", [WorkPart(f"第{n}章", text) for n, text in enumerate(chapters, 1)])
    (copied,) = _screen(chapters[2] + "\n" + chapters[0][:800], made)
    shares = _chapter_shares(copied, made.parts(copied.work.number))
    assert list(shares) == [1, 3]
    assert (shares[1] == pytest.approx(0.5, abs=0.05), shares[3] > 0.95) == (True, True)


def test_a_title_page_is_no_chapter() -> None:
    parts = [PartInfo("", "", 0, 40), PartInfo("第一章", "", 40, 2000), PartInfo("第二章", "", 2040, 90)]
    assert find_chapters(parts) == [1, 2]


def test_a_work_without_named_chapters_is_one() -> None:
    assert find_chapters([PartInfo("", "", 0, 40)]) == [0]
