"""One saved page, decoded and parsed within bounds: what all the readers of this room look at.

Parsing is bounded because it can be made to cost minutes: 200,000 nested elements take lexbor 90 seconds.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages.decoding import decode_page
from infringewatch.normalise import canonical_url

MAX_HTML_CHARACTERS = 4_000_000
MAX_DEPTH = 400
MAX_FORMATTING = 20  # a parser opens all of these anew in every paragraph that follows unclosed ones
MAX_TAGS = 120_000  # a node costs half a kilobyte, and no page that people read has as many
_DEPTH_CHECK_FROM = 1_000  # fewer tags than this cannot nest deeply enough to hurt
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^>]*?(/?)>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)
_FORMATTING = frozenset(
    {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
)
_SELF_CLOSING = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option", "thead", "tbody"})
_PLAIN_PATH = re.compile(r"/?(?:[\w~%-][\w~%.-]*/)*[\w~%-][\w~%.-]*/?(?:\?[\w=&%~.-]+)?", re.ASCII)
_BLANKS = re.compile(r"\s+")


class PageSource:
    """The text and the tree of one page. ``base_url`` is what relative links are resolved against."""

    def __init__(self, url: str, body: bytes, declared: str | None = None) -> None:
        self.url = url
        self._absolutes: dict[tuple[str, str], str] = {}  # most readers ask for the same links again
        text, self.encoding = decode_page(body[: 4 * MAX_HTML_CHARACTERS], declared)
        self.lost: list[str] = []
        self.text = self._bound(text)
        self.tree = LexborHTMLParser(self.text or "<html></html>")

    def _bound(self, text: str) -> str:
        if len(text) > MAX_HTML_CHARACTERS:
            self.lost.append(f"only the first {MAX_HTML_CHARACTERS} characters were read")
            text = text[:MAX_HTML_CHARACTERS]
        tags = text.count("<")
        if tags > MAX_TAGS:
            text = _first_tags(text, MAX_TAGS)
            self.lost.append(f"only the first {MAX_TAGS} tags were read")
        if tags > _DEPTH_CHECK_FROM:
            flat = flatten(text, MAX_DEPTH)
            if len(flat) != len(text):
                self.lost.append("elements nested too deeply were taken out of their tags")
            text = flat
        return text.replace("\x00", "")

    @cached_property
    def base_url(self) -> str:
        node = self.tree.css_first("base[href]")
        return self.absolute(node.attributes.get("href") or "", self.url) if node else self.url

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """``<meta>`` values by lower-case ``property``, ``name`` or ``itemprop``, in page order."""
        found: dict[str, list[str]] = {}
        for node in self.tree.css("meta[content]"):
            attributes = node.attributes
            content = (attributes.get("content") or "").strip()
            for key in {attributes.get("property"), attributes.get("name")}:
                if key and content:
                    found.setdefault(key.strip().lower(), []).append(content)
        return found

    def meta(self, *names: str) -> str:
        """The first value of the first of ``names`` that the page has."""
        for name in names:
            if values := self.metas.get(name):
                return values[0]
        return ""

    @cached_property
    def language(self) -> str:
        """The page's own language tag in lower case, or empty."""
        node = self.tree.css_first("html")
        return ((node.attributes.get("lang") if node else "") or self.meta("og:locale")).lower().replace("_", "-")

    @cached_property
    def document_title(self) -> str:
        node = self.tree.css_first("title")
        return squeeze(node.text()) if node else ""

    @cached_property
    def headings(self) -> list[LexborNode]:
        """The ``h1`` elements that hold text."""
        return [node for node in self.tree.css("h1") if node.text().strip()]

    @cached_property
    def canonical_link(self) -> str:
        """What ``<link rel=canonical>`` or og:url names, when it is on the page's own host; else the page's address."""
        node = self.tree.css_first('link[rel~="canonical" i][href]')
        named = (node.attributes.get("href") if node else "") or self.meta("og:url")
        absolute = self.absolute(named) if named else ""
        same_host = urlsplit_host(absolute) == urlsplit_host(self.url)
        is_front = urlsplit(absolute).path in ("", "/") and urlsplit(self.url).path not in ("", "/")
        return absolute if same_host and not is_front else self.url

    def is_itself(self, url: str) -> bool:
        """Whether ``url`` names this very page, by whichever of its spellings."""
        return plain_address(url) in {plain_address(self.url), plain_address(self.canonical_link)}

    def absolute(self, href: str, base: str | None = None) -> str:
        """``href`` as a full http(s) address, or empty."""
        base = base or self.base_url
        known = self._absolutes.get((base, href))
        if known is None:
            known = self._absolutes[base, href] = self._join(href, base)
        return known

    def _join(self, href: str, base: str) -> str:
        if _PLAIN_PATH.fullmatch(href):  # nothing to resolve: the general way costs ten times as much
            root, folder = _roots(base)
            return (root if href[0] == "/" else folder) + href if root else ""
        href = _BLANKS.sub("", href) if "\n" in href or "\t" in href else href.strip()
        try:
            joined = urljoin(base, href)
            parts = urlsplit(joined)
        except ValueError:
            return ""
        return joined if parts.scheme in ("http", "https") and parts.netloc else ""


@lru_cache(maxsize=256)
def _roots(base: str) -> tuple[str, str]:
    """What goes before a path from the root, and before one from the folder of ``base``; empty without an http host."""
    try:
        parts, folder = urlsplit(base), urljoin(base, "x")[:-1]
    except ValueError:
        return "", ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return "", ""
    return urljoin(base, "/")[:-1], folder


def _first_tags(text: str, limit: int) -> str:
    """``text`` up to its ``limit``-th ``<``."""
    position = -1
    for _ in range(limit):
        position = text.find("<", position + 1)
    return text[:position]


def urlsplit_host(url: str) -> str:
    """Host and port in lower case, without a leading ``www.``; empty for what is no address."""
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""


def plain_address(url: str) -> str:
    """``url`` for comparing: scheme, ``www.``, a last slash and the fragment do not tell one page from another."""
    return canonical_url(url).partition("://")[2].removeprefix("www.").rstrip("/")


def squeeze(text: str) -> str:
    """Runs of white space become one blank, ends trimmed."""
    return _BLANKS.sub(" ", text).strip()


def flatten(html: str, limit: int) -> str:
    """``html`` without the start tags that stand deeper than ``limit`` open elements, or than MAX_FORMATTING
    open formatting elements. Text is kept."""
    depth = formatting = 0
    cut: list[tuple[int, int]] = []
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if name in _VOID or name in _SELF_CLOSING or tag[3]:
            continue
        formats = name in _FORMATTING
        if tag[1]:
            depth = max(0, depth - 1)
            formatting = max(0, formatting - formats)
            continue
        depth += 1
        formatting += formats
        if depth > limit or (formats and formatting > MAX_FORMATTING):
            cut.append(tag.span())
    if not cut:
        return html
    kept, position = [], 0
    for start, end in cut:
        kept.append(html[position:start])
        position = end
    return "".join([*kept, html[position:]])
