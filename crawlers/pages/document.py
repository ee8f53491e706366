"""An HTML page as a whole: gathers its markups, tells what kind of page it is, and lets that kind's reader work."""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text

from crawlers.pages.items.product import draft_product, find_main_product
from crawlers.pages.links import read_links
from crawlers.pages.reading import PageKind, PageReading, ReadOptions
from crawlers.pages.source import PageSource
from crawlers.pages.view import PageView
from infringewatch.model import Item, ItemKind


def read_document(url: str, body: bytes, charset: str | None, options: ReadOptions) -> PageReading:
    """The reading of an HTML page."""
    source = PageSource(url, body, charset)
    view = PageView(source, options)
    items: tuple[Item, ...]
    main = find_main_product(view)
    draft = draft_product(view, main)
    if main or (draft.has("price") and not view.things_of("article", "newsarticle", "blogposting")):
        kind = PageKind.LISTING
        items = (draft.build(ItemKind.LISTING, options.item_id or source.canonical_link, source.canonical_link, options.seen_at),)
    else:
        kind, items = PageKind.OTHER, _chapter(view)
    return PageReading(
        url,
        source.canonical_link,
        kind,
        items,
        read_links(source, options.profile),
        title=view.page_title,
        encoding=source.encoding,
        lost=tuple(source.lost),
        sources_used=tuple(sorted({part for item in items for part in item.sources.values()})),
    )


def _chapter(view: PageView) -> tuple[Item, ...]:
    text = str(extract_plain_text(view.source.text, main_content=True))
    if len(text) < 400:
        return ()
    url = view.source.canonical_link
    return (
        Item(
            id=view.options.item_id or url,
            kind=ItemKind.CHAPTER,
            url=url,
            title=view.page_title,
            text=text,
            seen_at=view.options.seen_at,
            sources={"title": "visible", "text": "visible"},
        ),
    )
