"""Sitemaps and feeds: the addresses in them, and nothing that their XML tries."""

from __future__ import annotations

import gzip

import pytest

from crawlers.feeds import read_feed
from crawlers.pages.reading import LinkRole, PageKind

URL = "http://shop.example/feed"
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc> http://shop.example/p/1.html </loc><lastmod>2026-01-01</lastmod></url>
<url><loc>/relative</loc></url><url><loc>file:///etc/passwd</loc></url></urlset>"""
OPDS = """<feed xmlns="http://www.w3.org/2005/Atom">
<link rel="self" href="/opds"/><link rel="next" href="/opds?page=2" type="application/atom+xml"/>
<link rel="search" href="/opds/search?q={searchTerms}"/>
<entry><title>Shelf</title><link rel="subsection" href="/opds/new" type="application/atom+xml;profile=opds-catalog"/></entry>
<entry><title>The Book</title>
<link rel="http://opds-spec.org/acquisition" href="/get/1.epub" type="application/epub+zip"/>
<link rel="http://opds-spec.org/acquisition" href="/get/1.mobi" type="application/x-mobipocket-ebook"/>
<link rel="http://opds-spec.org/image" href="/cover/1.jpg" type="image/jpeg"/></entry></feed>"""
RSS = """<rss version="2.0"><channel><link>http://shop.example/</link>
<item><title>第3章</title><link>http://shop.example/book/1/3.html</link></item>
<item><title>Podcast</title><enclosure url="/a.mp3" type="audio/mpeg"/></item></channel></rss>"""


def links(body: str | bytes) -> dict[str, LinkRole]:
    reading = read_feed(URL, body if isinstance(body, bytes) else body.encode())
    assert reading is not None
    return {link.url: link.role for link in reading.links}


def test_a_sitemap_gives_its_web_addresses() -> None:
    assert set(links(SITEMAP)) == {"http://shop.example/p/1.html", "http://shop.example/relative"}


def test_a_packed_sitemap_is_unpacked() -> None:
    assert links(gzip.compress(SITEMAP.encode())) == links(SITEMAP)


def test_an_index_leads_to_sitemaps() -> None:
    index = SITEMAP.replace("urlset", "sitemapindex").replace("<url>", "<sitemap>").replace("</url>", "</sitemap>")
    assert set(links(index).values()) == {LinkRole.SITEMAP}


def test_an_opds_catalogue_gives_shelves_books_and_a_search() -> None:
    assert links(OPDS) == {
        "http://shop.example/opds?page=2": LinkRole.NEXT,
        "http://shop.example/opds/search?q={query}": LinkRole.SEARCH,
        "http://shop.example/opds/new": LinkRole.FEED,
        "http://shop.example/get/1.epub": LinkRole.DOWNLOAD,
    }


def test_an_rss_item_keeps_its_title() -> None:
    reading = read_feed(URL, RSS.encode())
    assert reading is not None
    assert [(link.url, link.text) for link in reading.links] == [("http://shop.example/book/1/3.html", "第3章")]
    assert reading.page_kind is PageKind.FEED


def test_entities_stay_unread() -> None:
    thief = (
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>http://shop.example/&x;</loc></url></urlset>"
    )
    assert not any("root" in url for url in links(thief))


@pytest.mark.parametrize("body", ["", "<html><body><rss></rss></body></html>", "<p>a feed of fish</p>", "\x1f\x8bxx"])
def test_anything_else_is_no_feed(body: str) -> None:
    assert read_feed(URL, body.encode("latin-1")) is None


def test_a_broken_sitemap_gives_what_can_be_read() -> None:
    assert "http://shop.example/p/1.html" in links(SITEMAP.replace("</urlset>", "<url><loc>http://sho"))
