"""Writings: a book's own page, and a page that carries running text (a chapter, an article)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html.exception import HTMLParserException

from crawlers.pages.items.draft import Draft
from crawlers.pages.markup.schema import all_texts, all_urls, first_url
from crawlers.pages.reading import Link, LinkRole
from crawlers.pages.values.times import read_date
from crawlers.pages.values.titles import best_title
from crawlers.pages.view import PageView
from crawlers.pages.visible.running_text import mend_text

_CHAPTER_TITLE = re.compile(
    r"第\s*(?P<han>[0-9０-９零〇一二两三四五六七八九十百千]+)\s*[章回节節话話集卷]|\bchapter\s+(?P<latin>\d+)", re.I
)
_ARCHIVE = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])(?:/\d\d?)?$")  # a blog's year, month and day
_ARTICLE_TYPES = ("article", "newsarticle", "blogposting", "report", "socialmediaposting")
_HAN_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
MIN_TEXT = 200
_MOST_AUTHORS = 8


def main_text(view: PageView) -> str:
    """The running text of the page, paragraphs apart, without menus, sidebars and adverts' boxes.

    The dear way (``thorough``, some 12 ms) is trafilatura's; the cheap one, 2 ms, resiliparse's.
    """
    text = ""
    if view.options.thorough:
        text = trafilatura.extract(view.source.text, include_comments=False, include_tables=False, fast=True) or ""
    if not text:
        try:
            text = str(extract_plain_text(view.source.text, main_content=True, links=False, list_bullets=False))
        except HTMLParserException:
            text = ""  # a page that cannot be parsed has no main text; its other parts still count
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def mended_text(view: PageView, text: str) -> str:
    """The main text as an item carries it: whole, and without the title, notices and links to other pages."""
    titles = [view.page_title, view.source.document_title, view.source.meta("og:title")]
    return mend_text(view.outline, text, titles, view.source.meta("og:description", "description")) or text


def is_book(view: PageView, links: tuple[Link, ...]) -> bool:
    """Whether the page presents a book: it says so in its markup, or it lists chapters under one title."""
    if view.source.meta("og:novel:book_name") or view.source.meta("og:type") in ("book", "novel"):
        return not is_chapter_title(view.page_title) or _count_chapters(links) >= 3
    if view.things_of("book") and not is_chapter_title(view.page_title):
        return True
    return _count_chapters(links) >= 3 and not is_chapter_title(view.page_title)


def is_chapter_title(title: str) -> bool:
    return _CHAPTER_TITLE.search(title) is not None


def draft_book(view: PageView) -> Draft:
    """Title, author, publisher, description and cover of a book."""
    draft, meta = Draft(), view.source.meta
    draft.offer("title", meta("og:novel:book_name"), "og:novel")
    draft.offer("author", meta("og:novel:author"), "og:novel")
    draft.offer("category", meta("og:novel:category"), "og:novel")
    for thing in view.things_of("book")[:1]:
        draft.offer("title", thing.text("name"), thing.markup)
        draft.offer("author", thing.text("author"), thing.markup)
        draft.offer("publisher", thing.text("publisher"), thing.markup)
        draft.offer("description", thing.text("description"), thing.markup)
    draft.offer("title", best_title([view.heading, meta("og:title"), view.page_title], view.site_name), "visible")
    _offer_people(draft, view)
    draft.offer("description", meta("og:description", "description"), "og")
    draft.offer("image_urls", view.absolute_all(view.source.metas.get("og:image", [])), "og")
    return draft


def draft_chapter(view: PageView, links: tuple[Link, ...], text: str) -> Draft:
    """Title, text, author and the book it belongs to."""
    draft, meta = Draft(), view.source.meta
    draft.offer("title", best_title([view.heading, meta("og:title"), view.page_title], view.site_name), "visible")
    draft.offer("text", mended_text(view, text), "visible")
    draft.offer("author", meta("og:novel:author", "article:author", "author"), "og")
    for thing in view.things_of("chapter", *_ARTICLE_TYPES)[:1]:
        draft.offer("author", _names(thing.get("author")), thing.markup)
        draft.offer("publisher", thing.text("publisher"), thing.markup)
        draft.offer("description", thing.text("description"), thing.markup)
        draft.offer("image_urls", view.absolute_all(all_urls(thing.get("image"))), thing.markup)
        draft.offer("published_at", read_date(thing.text("datePublished")), thing.markup)
        draft.offer("parent_url", _whole(view, first_url(thing.get("isPartOf"))), thing.markup)
    _offer_people(draft, view)
    draft.offer("parent_url", _book_link(view, links), "visible")
    draft.offer("position", chapter_number(draft.text("title")), "visible")
    draft.offer("published_at", read_date(meta("article:published_time", "date")), "og")
    draft.offer("description", meta("og:description", "description"), "og")
    draft.offer("image_urls", view.absolute_all(view.source.metas.get("og:image", [])), "og")
    return draft


def _names(value: Any) -> str:
    return ", ".join(dict.fromkeys(all_texts(value)[:_MOST_AUTHORS]))


def chapter_number(title: str) -> int | None:
    """The number in 第十二章 or Chapter 12."""
    found = _CHAPTER_TITLE.search(title)
    if found is None:
        return None
    digits = found["han"] or found["latin"]
    return int(digits) if digits.isdigit() else _read_han(digits)


def _read_han(digits: str) -> int:
    total = current = 0
    for character in digits:
        if character in _HAN_UNITS:
            total += (current or 1) * _HAN_UNITS[character]
            current = 0
        else:
            current = current * 10 + _HAN_DIGITS.get(character, 0)
    return total + current


def _offer_people(draft: Draft, view: PageView) -> None:
    for field in ("author", "publisher"):
        for pair in view.labelled(field)[:1]:
            if len(pair.value) <= 60:
                draft.offer(field, pair.value, "visible")


def _count_chapters(links: tuple[Link, ...]) -> int:
    return sum(link.role is LinkRole.CHAPTER for link in links)


def _whole(view: PageView, href: str) -> str:
    """What a writing says that it is part of. Blogs name the page itself there, or the whole site."""
    url = view.source.absolute(href) if href else ""
    return "" if not urlsplit(url).path.strip("/") or view.source.is_itself(url) else url


def _book_link(view: PageView, links: tuple[Link, ...]) -> str:
    """A chapter's book: the nearest address above it that the page itself links to, else a link that leads to a book."""
    own = view.source.canonical_link
    above = own.split("?")[0]
    linked = {link.url.rstrip("/"): link.url for link in links}
    for _ in range(2):
        above = above.rstrip("/").rpartition("/")[0]
        if above.count("/") < 3:
            break
        if _ARCHIVE.search(above):
            break
        for candidate in (above, f"{above}/index.html", f"{above}.html"):
            if candidate in linked:
                return linked[candidate]
    return next((link.url for link in links if link.role is LinkRole.BOOK and not view.source.is_itself(link.url)), "")
