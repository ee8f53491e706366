"""A work that is offered, and one that is only named: reviews, notes, trailers."""

from __future__ import annotations

from functools import cache

import pytest

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.matcher import Compiled, screen
from infringewatch.model import Finding, ItemKind, Level, Right, RightKind
from tests.matching.judging import make_context, make_item

_WORKS = (
    Right(RightKind.COPYRIGHT, "白塔镇的第七个夏天", "W1", holder="甲", author="林一舟"),
    Right(RightKind.COPYRIGHT, "The Lanterns of Averholm", "W2", holder="乙", author="Ida Merrow"),
    Right(RightKind.COPYRIGHT, "雾港书评人免费下载记", "W3", holder="丙"),
)
_ZH, _EN = "《白塔镇的第七个夏天》", "The Lanterns of Averholm"


@cache
def _compiled() -> Compiled:
    return compile_watchlist(_WORKS)


def _finding(title: str, **fields: object) -> Finding:
    return screen(make_item(title, **fields), _compiled(), make_context(), least=Level.IGNORE)[0]


@pytest.mark.parametrize("kind", [ItemKind.LISTING, ItemKind.BOOK])
@pytest.mark.parametrize(
    "title",
    [
        f"读{_ZH}有感",
        f"{_ZH}书评",
        f"{_ZH}读后感 800字",
        f"{_ZH}影评：一个小镇的夏天",
        f"三分钟解说{_ZH}",
        f"{_ZH}定档预告",
        f"重读{_ZH}",
        f"林一舟{_ZH}经典语录摘抄",
        f"{_ZH} 百科",
        f"聊聊{_ZH}",
        f"为什么应该重温{_ZH}",
        f"{_ZH}里的人物",
        f"Reading {_EN}",
        f"Review: {_EN}",
        f"{_EN} explained",
        f"{_EN} (official trailer)",
        f"{_EN} by Ida Merrow: discussion thread",
        f"{_EN} - fan wiki",
        f"quotes from {_EN}",
        f"What {_EN} taught me about grief",
    ],
)
def test_a_title_that_is_only_talked_about_is_ignored(title: str, kind: ItemKind) -> None:
    assert _finding(title, kind=kind).level is Level.IGNORE


@pytest.mark.parametrize(
    "title",
    [
        f"{_ZH}",
        f"{_ZH}全文阅读",
        f"{_ZH}简介 txt下载",
        f"{_ZH}小说推荐 全本免费",
        f"{_ZH}在线观看 影评",
        f"{_ZH}枪版 抢先看 预告",
        f"阅读{_ZH} 电子版",
        f"{_EN} read online free",
        f"{_EN} pdf, synopsis and download",
        f"{_EN} full movie (not a trailer)",
        f"Reading online: {_EN}",
    ],
)
def test_an_offer_stays_found_beside_words_of_talk(title: str) -> None:
    assert _finding(title).level is not Level.IGNORE


@pytest.mark.parametrize("title", [f"读{_ZH}有感", f"Review: {_EN}"])
def test_talk_is_no_unlicensed_work_either(title: str) -> None:
    found = screen(make_item(title), _compiled(), make_context(measure="36"), least=Level.IGNORE)
    assert found[0].level is Level.IGNORE


def test_an_offer_in_the_description_counts() -> None:
    assert _finding(f"{_ZH}书评", description="网盘资源 提取码 ab12").level is not Level.IGNORE


def test_words_of_the_title_itself_are_neither_talk_nor_offer() -> None:
    assert "nominative_use" not in {reason.feature for reason in _finding("《雾港书评人免费下载记》").explanation}
    assert _finding("《雾港书评人免费下载记》读后感").level is Level.IGNORE


def test_talk_that_names_the_author_is_still_talk() -> None:
    assert _finding(f"{_ZH}推荐", author="林一舟").level is Level.IGNORE
    assert _finding(f"{_ZH}", author="林一舟").level is not Level.IGNORE
