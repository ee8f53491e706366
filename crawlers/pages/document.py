"""An HTML page as a whole: gathers its markups, tells what kind of page it is, and lets that kind's reader work."""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text

from crawlers.pages.links import read_links
from crawlers.pages.markup.jsonld import read_jsonld
from crawlers.pages.markup.schema import Thing, iter_things
from crawlers.pages.reading import PageKind, PageReading, ReadOptions
from crawlers.pages.source import PageSource, squeeze
from crawlers.pages.values.prices import locale_of, read_amount, read_currency
from infringewatch.model import Item, ItemKind
from infringewatch.normalise import host_of


def read_document(url: str, body: bytes, charset: str | None, options: ReadOptions) -> PageReading:
    """The reading of an HTML page."""
    source = PageSource(url, body, charset)
    things = list(iter_things(read_jsonld(source), "json-ld"))
    title = squeeze(source.headings[0].text()) if source.headings else source.document_title
    products = [thing for thing in things if "product" in thing.types]
    items: tuple[Item, ...]
    if len(products) == 1:
        kind, items = PageKind.LISTING, (_listing(source, products[0], title, options),)
    else:
        kind, items = PageKind.OTHER, _chapter(source, title, options)
    return PageReading(
        url,
        source.canonical_link,
        kind,
        items,
        read_links(source, options.profile),
        title=title,
        encoding=source.encoding,
        lost=tuple(source.lost),
        sources_used=tuple(sorted({part for item in items for part in item.sources.values()})),
    )


def _listing(source: PageSource, product: Thing, title: str, options: ReadOptions) -> Item:
    locale = locale_of(host_of(source.url), source.language)
    offers = product.get("offers")
    offer = offers[0] if isinstance(offers, list) and offers else offers
    offer = offer if isinstance(offer, dict) else {}
    return Item(
        id=options.item_id or source.canonical_link,
        kind=ItemKind.LISTING,
        url=source.canonical_link,
        title=product.text("name") or title,
        price=read_amount(offer.get("price"), locale),
        currency=read_currency(str(offer.get("priceCurrency") or ""), locale),
        brand=product.text("brand"),
        sku=product.text("sku"),
        seen_at=options.seen_at,
        sources={"title": "json-ld"},
    )


def _chapter(source: PageSource, title: str, options: ReadOptions) -> tuple[Item, ...]:
    text = str(extract_plain_text(source.text, main_content=True))
    if len(text) < 400:
        return ()
    return (
        Item(
            id=options.item_id or source.canonical_link,
            kind=ItemKind.CHAPTER,
            url=source.canonical_link,
            title=title,
            text=text,
            seen_at=options.seen_at,
            sources={"title": "visible", "text": "visible"},
        ),
    )
