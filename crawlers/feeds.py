"""Addresses out of sitemaps (also packed ones and their indexes), RSS, Atom and OPDS. Reads within bounds; fetches nothing.

XML is parsed without entities, DTDs and network, so that neither "billion laughs" nor a file reference does anything.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

from lxml import etree

from crawlers.pages.links import guess_role
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading

MAX_LINKS = 50_000
_MAX_UNPACKED = 64 * 1024 * 1024
_ROOT = re.compile(rb"<(?:[a-zA-Z]\w*:)?(urlset|sitemapindex|rss|feed|RDF)\b")
_PROLOGUE = 4096
_DOCUMENT_TYPES = ("epub", "text/plain", "pdf")


def read_feed(url: str, body: bytes) -> PageReading | None:
    """The links of a sitemap or feed; ``None`` for anything else."""
    body = _unpacked(body)
    root = _ROOT.search(body[:_PROLOGUE])
    if root is None or b"<html" in body[: root.start()].lower():
        return None
    tree = _parse(body)
    if tree is None:
        return None
    name = root[1].decode()
    links = {link.url: link for link in _links(url, name, tree)}
    kind = PageKind.SITEMAP if name in ("urlset", "sitemapindex") else PageKind.FEED
    lost = (f"only the first {MAX_LINKS} addresses were taken",) if len(links) >= MAX_LINKS else ()
    return PageReading(url, url, kind, links=tuple(links.values()), sources_used=(str(kind),), lost=lost)


def _unpacked(body: bytes) -> bytes:
    """``sitemap.xml.gz`` is a packed file, not a packed transfer."""
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return zlib.decompressobj(31).decompress(body, _MAX_UNPACKED)
    except zlib.error:
        return b""


def _parse(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _links(base: str, name: str, tree: etree._Element) -> Iterator[Link]:
    entries = {
        "urlset": _sitemap_links,
        "sitemapindex": _index_links,
        "feed": _atom_links,
        "rss": _rss_links,
        "RDF": _rss_links,
    }
    for count, link in enumerate(entries[name](tree)):
        if count >= MAX_LINKS:
            return
        target = urldefrag(urljoin(base, link.url))[0]
        if target.startswith(("http://", "https://")):
            yield Link(target, link.role, link.text)


def _sitemap_links(tree: etree._Element) -> Iterator[Link]:
    for address in _texts(tree, "url", "loc"):
        yield Link(address, guess_role(address, ""))


def _index_links(tree: etree._Element) -> Iterator[Link]:
    for address in _texts(tree, "sitemap", "loc"):
        yield Link(address, LinkRole.SITEMAP)


def _rss_links(tree: etree._Element) -> Iterator[Link]:
    for item in tree.iter("{*}item"):
        title = (item.findtext("{*}title") or "").strip()
        address = (item.findtext("{*}link") or "").strip()
        if address:
            yield Link(address, guess_role(address, title), title)
        for enclosure in item.findall("{*}enclosure"):
            if _is_document(enclosure.get("type") or ""):
                yield Link(enclosure.get("url") or "", LinkRole.DOWNLOAD, title)


def _atom_links(tree: etree._Element) -> Iterator[Link]:
    """Atom, and OPDS on top of it: shelves are feeds, acquisitions are downloads."""
    for node in tree.iter("{*}link"):
        address = node.get("href") or ""
        parent = node.getparent()
        title = (parent.findtext("{*}title") or "").strip() if parent is not None else ""
        role = _atom_role(node.get("rel") or "alternate", node.get("type") or "", address, title)
        if address and role is not None:
            template = address.replace("{searchTerms}", "{query}")
            yield Link(template, role, title)


def _atom_role(relation: str, kind: str, address: str, title: str) -> LinkRole | None:
    if relation in ("self", "icon", "edit", "stylesheet", "replies") or "image" in relation or "thumbnail" in relation:
        return None
    if relation == "next":
        return LinkRole.NEXT
    if relation == "search":
        return LinkRole.SEARCH if "{searchTerms}" in address else None
    if "acquisition" in relation or relation == "enclosure":
        return LinkRole.DOWNLOAD if _is_document(kind) else None
    if "atom+xml" in kind or "opds" in kind:
        return LinkRole.FEED
    return guess_role(address, title)


def _is_document(kind: str) -> bool:
    return any(name in kind for name in _DOCUMENT_TYPES)


def _texts(tree: etree._Element, entry: str, field: str) -> Iterator[str]:
    for node in tree.iter(f"{{*}}{entry}"):
        text = (node.findtext(f"{{*}}{field}") or "").strip()
        if text:
            yield text
