"""The links of a page, each with what it seems to lead to: by the profile's rules, else by how such links look.

A role is a guess for ordering a crawl; nothing is dropped but what is no http(s) address.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urldefrag, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.pages.reading import Link, LinkRole
from crawlers.pages.source import PageSource, squeeze
from infringewatch.ruleset import SiteProfile

MAX_LINKS = 3000
_NEXT_TEXT = re.compile(
    r"^\W*(?:next(?: page| ›| »)?|older(?: posts| entries)?|load more|show more|more results|下一?[页頁]|后一?页|後一頁|下一张|更多|"
    r"weiter|nächste(?: seite)?|suivante?|siguiente|próxima|successiv[ao]|volgende|следующая|次へ|次のページ|다음|[›»>→])\W*$",
    re.I,
)
_NEXT_CHAPTER = re.compile(r"^\W*(?:下一[章回节節话話]|next chapter|后一章|下一篇|下章)\W*$", re.I)
_CHAPTER_TEXT = re.compile(
    r"^\s*(?:正文\s*)?第\s*[0-9零一二三四五六七八九十百千两〇○壹贰叁肆伍陆柒捌玖拾]+\s*[章回节節卷集话話折幕]|^\s*(?:chapter|kapitel|chapitre|capítulo|"
    r"глава|part|episode)\s+(?:[0-9]+|[ivxlc]+)\b|^\s*(?:楔子|序章|番外|尾声|prologue|epilogue)",
    re.I,
)
_CHAPTER_PATH = re.compile(
    r"/(?:chapters?|read(?:er)?|ch|zhangjie|c)[/_-]?\d|/chapter-|/\d+/\d+(?:_\d+)?\.html?$|/\d+_\d+/\d+", re.I
)
_BOOK_PATH = re.compile(
    r"/(?:books?|novels?|fiction|works?|series|story|stories|ebooks?|xiaoshuo|shu|txt)/[^/]+/?$|/\d+_\d+/?$", re.I
)
_ITEM_PATH = re.compile(
    r"/(?:products?|items?|goods|dp|listing|offers?|detail|p|pd|sku|itm|deal|ware|artikel|produkt|produit|producto|catalogue|catalog|watch|videos?|v)"
    r"[/_-][^/]*[^/.]|[?&](?:goods_?id|product_?id|item_?id|id|pid|sku|v)=\w+|[-_/]\d{5,}(?:\.s?html?)?/?$",
    re.I,
)
_LIST_PATH = re.compile(
    r"/(?:categor(?:y|ies)|cat|collections?|c|tags?|shop|store|browse|list|search|department|kategorie|categoria|archives?|channel|genre|sort|fenlei|s|"
    r"topics?|author|brands?|page)(?:[/_-]|$)|[?&](?:cat|category|cid|page|p|pg|offset|start)=",
    re.I,
)
_LATER_QUERY = re.compile(r"[?&](?:page|paged|pg|page_?(?:no|num|index)|pn)=0*(?:[2-9]|[1-9]\d+)(?:&|$)", re.I)
_LATER_PATH = re.compile(r"/page[/_-]?0*(?:[2-9]|[1-9]\d+)(?:\.s?html?)?/?$", re.I)
_SHOP_PATH = re.compile(r"/(?:shop|store|seller|vendor|merchant|dianpu|stall|u|user|profile)s?[/_-][^/]+/?$", re.I)
_DOWNLOAD = re.compile(
    r"\.(?:epub|txt|pdf|mobi|azw3|fb2|docx?)(?:$|[?])|/(?:download|acquisition)s?/.*(?:epub|txt|pdf)|[?&](?:format|type)=(?:epub|txt|pdf)",
    re.I,
)
_FEED_TYPE = re.compile(r"application/(?:rss|atom)\+xml|application/atom\+xml;profile=opds|opds", re.I)
_QUERY_NAMES = (
    "q",
    "query",
    "keyword",
    "keywords",
    "search",
    "s",
    "wd",
    "kw",
    "k",
    "searchkey",
    "term",
    "text",
    "searchword",
)
_BY_PROFILE_ORDER = ("next", "chapter", "book", "item", "shop", "download", "list")


def read_links(source: PageSource, profile: SiteProfile | None = None) -> tuple[Link, ...]:
    """Every distinct http(s) link, in page order; the first sight of an address gives its text, the best its role."""
    found: dict[str, Link] = {}
    ruled = _by_profile(source, profile) if profile else {}
    for link in [*_head_links(source), *_body_links(source)]:
        role = ruled.get(link.url, link.role)
        known = found.get(link.url)
        if known is None:
            found[link.url] = Link(link.url, role, link.text)
        elif _RANK[role] < _RANK[known.role] or not known.text:
            best = role if _RANK[role] < _RANK[known.role] else known.role
            found[link.url] = Link(link.url, best, known.text or link.text)
        if len(found) >= MAX_LINKS:
            break
    for search in _search_forms(source):
        found.setdefault(search.url, search)
    return tuple(found.values())


_RANK = {
    role: rank
    for rank, role in enumerate(
        (
            LinkRole.NEXT,
            LinkRole.DOWNLOAD,
            LinkRole.FEED,
            LinkRole.SITEMAP,
            LinkRole.SEARCH,
            LinkRole.CHAPTER,
            LinkRole.BOOK,
            LinkRole.ITEM,
            LinkRole.SHOP,
            LinkRole.LIST,
            LinkRole.OTHER,
        )
    )
}


def _head_links(source: PageSource) -> list[Link]:
    links = []
    for node in source.tree.css("link[rel][href]"):
        attributes = node.attributes
        relations = (attributes.get("rel") or "").lower().split()
        kind = attributes.get("type") or ""
        role = _head_role(relations, kind)
        url = source.absolute(attributes.get("href") or "")
        if role and url:
            links.append(Link(urldefrag(url)[0], role, squeeze(attributes.get("title") or "")))
    return links


def _head_role(relations: list[str], kind: str) -> LinkRole | None:
    if "next" in relations:
        return LinkRole.NEXT
    if "sitemap" in relations:
        return LinkRole.SITEMAP
    if _FEED_TYPE.search(kind) and {"alternate", "search", "start", "subsection"} & set(relations):
        return LinkRole.FEED
    return None


def _body_links(source: PageSource) -> list[Link]:
    links = []
    for node in source.tree.css("a[href], area[href]")[: 2 * MAX_LINKS]:
        attributes = node.attributes
        href = (attributes.get("href") or "").strip()
        if not href or href[0] == "#" or (":" in href[:12] and not href[:5].lower().startswith("http")):
            continue
        url = urldefrag(source.absolute(href))[0]
        if url:
            text = _link_text(node, attributes)
            links.append(Link(url, guess_role(url, text, (attributes.get("rel") or "").lower()), text))
    return links


def _link_text(node: LexborNode, attributes: dict[str, str | None]) -> str:
    """The whole text of a link: the title attribute where the visible text is cut."""
    text = squeeze(node.text())[:300]
    title = squeeze(attributes.get("title") or attributes.get("aria-label") or "")
    stem = text.rstrip(". …")
    if title and (not text or (text != stem and title.startswith(stem))):
        return title[:300]
    if not text and (image := node.css_first("img[alt]")):
        return squeeze(image.attributes.get("alt") or "")[:300]
    return text


def guess_role(url: str, text: str, relation: str = "") -> LinkRole:
    """What a link with this address and text usually leads to."""
    parts = urlsplit(url)
    path = unquote(parts.path) + (f"?{parts.query}" if parts.query else "")
    if _NEXT_CHAPTER.match(text):
        return LinkRole.CHAPTER
    if "next" in relation.split() or _NEXT_TEXT.match(text):
        return LinkRole.NEXT
    if _DOWNLOAD.search(path):
        return LinkRole.DOWNLOAD
    if path.endswith((".rss", ".atom", "/feed", "/feed/", "/rss", "/opds")):
        return LinkRole.FEED
    if _CHAPTER_TEXT.search(text) or _CHAPTER_PATH.search(path):
        return LinkRole.CHAPTER
    named = parts.path if _LATER_QUERY.search(path) else path  # the number of a page names no thing
    for role, pattern in (
        (LinkRole.BOOK, _BOOK_PATH),
        (LinkRole.ITEM, _ITEM_PATH),
        (LinkRole.SHOP, _SHOP_PATH),
    ):
        if pattern.search(named):
            return role
    return LinkRole.LIST if _LIST_PATH.search(path) else LinkRole.OTHER


def is_later_page(url: str) -> bool:
    """Whether the address is that of the second or a later page of something."""
    parts = urlsplit(url)
    return _LATER_QUERY.search(f"?{parts.query}") is not None or _LATER_PATH.search(parts.path) is not None


def _by_profile(source: PageSource, profile: SiteProfile) -> dict[str, LinkRole]:
    """Roles that the profile's rules give, by address; where several hold, the narrower role wins."""
    ruled: dict[str, LinkRole] = {}
    rules = {rule_role.value: rule for rule_role, rule in profile.roles.items()}
    for name in reversed(_BY_PROFILE_ORDER):
        rule = rules.get(name)
        if rule is None:
            continue
        nodes = [node for css in rule.css or ("a[href]",) for node in source.tree.css(css)]
        patterns = [re.compile(pattern) for pattern in rule.pattern]
        for node in nodes:
            for anchor in [node] if node.tag in ("a", "link", "area") else node.css("a[href]"):
                url = urldefrag(source.absolute(anchor.attributes.get("href") or ""))[0]
                if url and (not patterns or any(pattern.search(url) for pattern in patterns)):
                    ruled[url] = LinkRole(name)
    return ruled


def _search_forms(source: PageSource) -> list[Link]:
    """GET forms that take words, as addresses with ``{query}``."""
    links = []
    for form in source.tree.css("form")[:20]:
        if (form.attributes.get("method") or "get").lower() != "get":
            continue
        for field in form.css("input[name]"):
            name = field.attributes.get("name") or ""
            kind = (field.attributes.get("type") or "text").lower()
            if kind in ("text", "search", "") and (kind == "search" or name.lower() in _QUERY_NAMES):
                action = source.absolute(form.attributes.get("action") or source.url)
                if action:
                    bare = urldefrag(action)[0].split("?")[0]
                    links.append(Link(f"{bare}?{name}={{query}}", LinkRole.SEARCH, name))
                break
    return links
