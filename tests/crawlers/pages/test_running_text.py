"""What belongs to a page's running text, and what only stands near it."""

from __future__ import annotations

from crawlers.pages import read_page
from crawlers.pages.source import PageSource
from crawlers.pages.visible.outline import Outline
from crawlers.pages.visible.running_text import mend_text

SENTENCES = [
    f"In the {place} the keeper wrote down what the sea had brought that night, and what it had taken away again."
    for place in ("first winter", "second spring", "third summer", "fourth autumn", "fifth winter", "sixth spring")
]


def mended(html: str, chosen: list[str], *, title: str = "The keeper", summary: str = "") -> list[str]:
    outline = Outline(PageSource("https://news.example/keeper", html.encode()).tree)
    return mend_text(outline, "\n".join(chosen), [title], summary).splitlines()


def paragraphs(sentences: list[str]) -> str:
    return "".join(f"<p class='t'>{sentence}</p>" for sentence in sentences)


def test_a_second_box_of_the_same_make_goes_on_with_the_text() -> None:
    html = (
        f"<article><div class=body>{paragraphs(SENTENCES[:3])}</div><div class=promo>Get our app</div>"
        f"<div class=body>{paragraphs(SENTENCES[3:])}</div></article>"
    )
    assert mended(html, SENTENCES[:3]) == SENTENCES


def test_the_title_and_the_summary_above_the_text_are_no_part_of_it() -> None:
    summary = "A keeper's notes of six seasons by the sea, found in a tin box."
    html = f"<h1>The keeper</h1><h2>{summary}</h2><div class=body>{paragraphs(SENTENCES)}</div>"
    assert mended(html, ["The keeper", summary, *SENTENCES], summary=summary) == SENTENCES


def test_notices_and_links_to_other_pages_between_paragraphs_are_left_out() -> None:
    html = (
        f"<div>{paragraphs(SENTENCES[:3])}<p>READ MORE: The storm of the century</p>"
        f"<p><a href='/x'>Ten lamps that you must see before winter</a></p>{paragraphs(SENTENCES[3:])}</div>"
    )
    chosen = [
        *SENTENCES[:3],
        "READ MORE: The storm of the century",
        "Ten lamps that you must see before winter",
        *SENTENCES[3:],
    ]
    assert mended(html, chosen) == SENTENCES


def test_tables_headings_and_quoted_posts_between_paragraphs_are_taken_in() -> None:
    between = (
        "<h3>The log</h3><div><table><tr><td>Ships</td><td>12</td></tr></table></div>"
        "<div class=social-embed><blockquote>We saw the light.</blockquote></div>"
    )
    html = f"<div>{paragraphs(SENTENCES[:3])}{between}{paragraphs(SENTENCES[3:])}</div>"
    assert mended(html, SENTENCES) == [
        *SENTENCES[:3],
        "The log",
        "Ships",
        "12",
        "We saw the light.",
        *SENTENCES[3:],
    ]


def test_a_short_line_that_is_said_twice_stays_twice() -> None:
    lines = ["“No.”", SENTENCES[0], "“No.”", *SENTENCES[1:]]
    assert mended(f"<div>{paragraphs(lines)}</div>", lines) == lines


def test_teasers_after_the_text_are_left_out() -> None:
    teasers = "".join(f"<li class=card><p>A storm took the pier of number {n} last week.</p></li>" for n in range(3))
    html = f"<div class=body>{paragraphs(SENTENCES)}</div><ul class=more-cards>{teasers}</ul>"
    chosen = [*SENTENCES, *(f"A storm took the pier of number {n} last week." for n in range(3))]
    assert mended(html, chosen) == SENTENCES


def test_an_article_inside_a_box_called_sidebar_is_read_all_the_same() -> None:
    html = f"<main class=l-sidebar-fixed><div class=body>{paragraphs(SENTENCES)}</div></main>"
    assert mended(html, SENTENCES[:4]) == SENTENCES


def test_chapter_lines_between_line_breaks_keep_their_order_and_their_repetitions() -> None:
    lines = [
        f"第{n}夜，守灯人把海带来的东西一一记下，又把海带走的东西一一划去，写到天亮才停笔。" for n in "一二三四五六七八"
    ]
    html = (
        "<html><head><title>第一章 守灯人</title></head><body><h1>第一章 守灯人</h1><div id=content>"
        + "<br><br>".join(["“嗯。”", *lines, "“嗯。”"])
        + "</div><div class=bottem><a href='/1/2.html'>下一章</a></div></body></html>"
    )
    reading = read_page("https://novel.example/1/1.html", html.encode())
    assert reading.items[0].text.splitlines() == ["“嗯。”", *lines, "“嗯。”"]
