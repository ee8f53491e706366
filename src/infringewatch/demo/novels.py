"""墨海书城, the invented serial-novel site: GBK pages that say UTF-8, og:novel on some, copies in several disguises."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from infringewatch.demo.answers import Answer, link_list, page, plain, svg
from infringewatch.demo.content import Chapter, read_content, read_text, split_chapters
from infringewatch.demo.pictures import draw_picture
from infringewatch.demo.pirating import insert_adverts, insert_zero_width, keep_part, rename

_PER_PAGE = 6


class Novels:
    name = "novels"

    def __init__(self) -> None:
        content = read_content("novels")
        self._title: str = content["name"]
        self._adverts: list[str] = content["adverts"]
        self._books: dict[str, dict[str, Any]] = {str(row["id"]): row for row in content["books"]}
        self._reviews: dict[str, dict[str, Any]] = {str(row["id"]): row for row in content["reviews"]}
        self._chapters = {key: self._make_chapters(row) for key, row in self._books.items()}

    def respond(self, path: str, query: Mapping[str, str], origin: str) -> Answer:
        parts = path.strip("/").split("/")
        official = parts[0] == "official"
        parts = parts[1:] if official else parts
        answer = None
        if path == "/robots.txt":
            return plain("User-agent: *\nAllow: /\n")
        if path == "/" or parts[0] == "list":
            answer = self._index(int(query.get("page", "1") or 1) if query.get("page", "1").isdigit() else 1)
        elif parts[0] == "book" and len(parts) > 1 and self._is_under(parts[1], official):
            answer = self._book(parts[1], origin) if len(parts) == 2 else self._chapter(parts[1], parts[2], origin)
        elif parts[0] == "review" and len(parts) == 2:
            answer = self._review(parts[1].removesuffix(".html"))
        elif parts[0] == "cover":
            answer = svg(draw_picture("book", sum(map(ord, parts[-1]))))
        return answer or self._answer("页面不存在", "<article><h1>404</h1></article>", status=404)

    def _is_under(self, key: str, official: bool) -> bool:
        """The licensed edition stands under /official/ only, the others outside it only."""
        return key in self._books and bool(self._books[key].get("official")) == official

    def _make_chapters(self, book: dict[str, Any]) -> list[Chapter]:
        made = []
        for position, spec in enumerate(book["chapters"]):
            plan: dict[str, Any] = {"number": spec} if isinstance(spec, int) else spec
            chapter = split_chapters(read_text(plan.get("text", book["source"])))[plan["number"] - 1]
            chapter = self._disguise(chapter, plan, book)
            headings: list[str] = book.get("headings", [])
            heading = plan.get("heading") or (headings[position] if headings else chapter.heading)
            made.append(Chapter(heading, chapter.paragraphs))
        return made

    def _disguise(self, chapter: Chapter, plan: dict[str, Any], book: dict[str, Any]) -> Chapter:
        if "keep" in plan:
            chapter = keep_part(chapter, *plan["keep"])
        if "after" in plan:
            more = read_text(plan["after"]).split()
            chapter = Chapter(chapter.heading, (*chapter.paragraphs, *more))
        chapter = rename(chapter, book.get("rename", {}))
        if book.get("zero_width"):
            chapter = insert_zero_width(chapter)
        return insert_adverts(chapter, self._adverts) if book.get("adverts") else chapter

    def _base(self, key: str) -> str:
        return f"/official/book/{key}/" if self._books[key].get("official") else f"/book/{key}/"

    def _index(self, number: int) -> Answer | None:
        keys = list(self._books)
        shown = keys[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        if not shown:
            return None
        rows = "".join(
            f'<li><a class="book" href="{self._base(key)}">{escape(self._books[key]["title"])}</a> '
            f"{escape(self._books[key]['author'])}</li>"
            for key in shown
        )
        last = number * _PER_PAGE >= len(keys)
        # the second page is named only in <head>, as some sites do it
        head = "" if last else f'<link rel="next" href="/list?page={number + 1}">'
        reviews = link_list([(f"/review/{key}.html", row["title"]) for key, row in self._reviews.items()])
        body = f'<section class="list"><h1>书库 第{number}页</h1><ul>{rows}</ul><h2>书评</h2>{reviews}</section>'
        return self._answer("书库", body, head=head)

    def _book(self, key: str, origin: str) -> Answer:
        book, base = self._books[key], self._base(key)
        chapters = link_list([(f"{base}{n}.html", c.heading) for n, c in enumerate(self._chapters[key], 1)])
        publisher = (
            f"<p>出版方：<span class='publisher'>{escape(book['publisher'])}</span></p>" if "publisher" in book else ""
        )
        body = (
            f'<article><img class="pic" src="/cover/{key}.svg" alt=""><h1>{escape(book["title"])}</h1>'
            f'<p>作者：<span class="author">{escape(book["author"])}</span></p>'
            f"<p>上传：<span class='uploader'>{escape(book['uploader'])}</span></p>{publisher}<p>状态：{book['status']}</p>"
            f'<p class="intro">{escape(book["intro"])}</p><h2>章节目录</h2><div class="chapters">{chapters}</div></article>'
        )
        return self._answer(book["title"], body, head=_describe(book, f"{origin}{base}"))

    def _chapter(self, key: str, name: str, origin: str) -> Answer | None:
        number = name.removesuffix(".html")
        chapters, base = self._chapters[key], self._base(key)
        if not number.isdigit() or not 1 <= int(number) <= len(chapters):
            return None
        position = int(number)
        chapter, book = chapters[position - 1], self._books[key]
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in chapter.paragraphs)
        following = f'<a class="next" href="{base}{position + 1}.html">下一章</a>' if position < len(chapters) else ""
        body = (
            f'<article><nav><a href="{base}">{escape(book["title"])}</a></nav><h1>{escape(chapter.heading)}</h1>'
            f'<div id="content">{text}</div><nav><a href="{base}">目录</a> {following}</nav></article>'
        )
        return self._answer(f"{chapter.heading} {book['title']}", body)

    def _review(self, key: str) -> Answer | None:
        if key not in self._reviews:
            return None
        row = self._reviews[key]
        text = "".join(f"<p>{escape(line)}</p>" for line in read_text(row["text"]).splitlines() if line)
        return self._answer(row["title"], f"<article><h1>{row['title']}</h1><p>{row['by']}</p>{text}</article>")

    def _answer(self, title: str, main: str, *, head: str = "", status: int = 200) -> Answer:
        """GBK under a header that says UTF-8; only the page's own meta tells the truth."""
        hot = link_list([(self._base(key), f"热门：{self._books[key]['title']}") for key in ("11", "13", "15")])
        markup = page(self._title, title, main, head='<meta charset="gbk">' + head, aside=f"<h3>大家在看</h3>{hot}")
        return Answer(markup.encode("gbk", "xmlcharrefreplace"), status=status)


def _describe(book: dict[str, Any], url: str) -> str:
    pairs = {"og:type": "novel", "og:title": book["title"], "og:description": book["intro"], "og:url": url}
    if book["meta"] == "novel":
        pairs |= {
            "og:novel:book_name": book["title"],
            "og:novel:author": book["author"],
            "og:novel:status": book["status"],
        }
    shown = {} if book["meta"] == "none" else pairs
    return "".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in shown.items())
