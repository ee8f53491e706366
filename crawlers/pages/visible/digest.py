"""Pages that show the openings of several pieces of writing, each with a page of its own: the front page of a blog."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from crawlers.pages.source import PageSource, squeeze
from infringewatch.normalise import canonical_url

_PIECES = "article, .hentry, [itemtype$='/BlogPosting'], [itemtype$='/Article']"
_FEWEST = 2
_LONG_TEXT = 120  # characters; shorter ones are cards of related pages


def is_digest(source: PageSource) -> bool:
    """Whether the page's pieces of writing all stand under headings that lead to other pages.

    What such a page shows is read where it stands alone: here it would be one text out of many, twice."""
    own = canonical_url(source.url)
    leads = [_lead(source, node) for node in source.tree.css(_PIECES) if len(squeeze(node.text())) >= _LONG_TEXT]
    others = {url for url in leads if url and url != own}
    return len(others) >= _FEWEST and all(url in others for url in leads)


def _lead(source: PageSource, piece: LexborNode) -> str:
    """Where the piece's heading leads to; empty where it is no link."""
    for heading in piece.css("h1, h2, h3")[:1]:
        link = heading.css_first("a[href]") or _around(heading)
        address = source.absolute(link.attributes.get("href") or "") if link is not None else ""
        return canonical_url(address) if address else ""
    return ""


def _around(heading: LexborNode) -> LexborNode | None:
    parent = heading.parent
    return parent if parent is not None and parent.tag == "a" else None
