"""An HTML page as a whole: gathers its markups, tells what kind of page it is, and lets that kind's reader work."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawlers.pages.data_links import links_in_data
from crawlers.pages.doubts import find_doubts
from crawlers.pages.items.cards import read_cards
from crawlers.pages.items.draft import Draft
from crawlers.pages.items.film import draft_video, is_video
from crawlers.pages.items.product import draft_product, find_main_product
from crawlers.pages.items.profiled import offer_selected
from crawlers.pages.items.writing import MIN_TEXT, draft_book, draft_chapter, is_book, is_chapter_title, main_text
from crawlers.pages.links import guess_role, is_later_page, read_links
from crawlers.pages.markup.schema import Thing, first_url
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading, ReadOptions
from crawlers.pages.source import PageSource
from crawlers.pages.values.titles import best_title, similar
from crawlers.pages.view import PageView
from crawlers.pages.visible.digest import is_digest
from infringewatch.model import Item, ItemKind
from infringewatch.ruleset import SiteKind

_ITEM_KIND = {
    PageKind.LISTING: ItemKind.LISTING,
    PageKind.BOOK: ItemKind.BOOK,
    PageKind.CHAPTER: ItemKind.CHAPTER,
    PageKind.ARTICLE: ItemKind.CHAPTER,
    PageKind.VIDEO: ItemKind.VIDEO,
    PageKind.SHOP: ItemKind.SHOP,
}
_ARTICLES = ("article", "newsarticle", "blogposting")
_LONG_TEXT = 400
_ARTICLE_TEXT = 600


def read_document(url: str, body: bytes, charset: str | None, options: ReadOptions) -> PageReading:
    """The reading of an HTML page."""
    source = PageSource(url, body, charset)
    view = PageView(source, options)
    links = read_links(source, options.profile)
    if not _items_of(links):
        links += links_in_data(view)
    text = main_text(view)
    product = find_main_product(view)
    cards = read_cards(view, options.profile) if options.profile is not None and product is None else ()
    if cards and guess_role(source.canonical_link, "") is not LinkRole.SHOP:
        kind, draft = PageKind.LIST, None  # nothing else is looked for: that costs as much as all cards together
    else:
        kind, draft = _read_kind(view, links, text, product)
    if cards and kind is not PageKind.SHOP:
        kind, draft = PageKind.LIST, None
    own = (_build(view, kind, draft),) if draft is not None else ()
    items = own + cards
    return PageReading(
        url,
        source.canonical_link,
        kind,
        items,
        links,
        find_doubts(view, text, has_item=bool(items)),
        tuple(sorted({part for item in items for part in item.sources.values()})),
        title=view.page_title,
        encoding=source.encoding,
        lost=tuple(source.lost),
    )


def _read_kind(
    view: PageView, links: tuple[Link, ...], text: str, product: Thing | None
) -> tuple[PageKind, Draft | None]:
    """What the page is, and its item in the making; a list or anything else has none of its own.

    The order is that of trust: what the profile's kind of site makes likely, then markup, then what is seen.
    """
    site = view.options.profile.kind if view.options.profile else SiteKind.AUTO
    if product is None and is_digest(view.source):
        return PageKind.LIST, None
    if is_later_page(view.source.url) and _shows_another(view, text, product):
        return PageKind.LIST, None
    if site is not SiteKind.MARKETPLACE and _is_article(view, text, product):
        kind = PageKind.CHAPTER if is_chapter_title(view.page_title) else PageKind.ARTICLE
        return kind, draft_chapter(view, links, text)
    if product is None and site in (SiteKind.VIDEO, SiteKind.AUTO) and is_video(view):
        return PageKind.VIDEO, draft_video(view)
    if site is not SiteKind.MARKETPLACE and product is None:
        if is_book(view, links):
            return PageKind.BOOK, draft_book(view)
        if is_chapter_title(view.page_title) and len(text) >= MIN_TEXT:
            return PageKind.CHAPTER, draft_chapter(view, links, text)
    listing = draft_product(view, product) if site not in (SiteKind.LITERATURE, SiteKind.VIDEO) else Draft()
    own_role = guess_role(view.source.canonical_link, "") if product is None else LinkRole.ITEM
    if own_role is LinkRole.SHOP and _items_of(links) and not _sells_for_a_shop(listing, links):
        return PageKind.SHOP, _draft_shop(view)
    is_list = own_role is LinkRole.LIST or _is_list(links)
    if product is not None or ((listing.has("price") or _is_offer(view, listing)) and not is_list):
        return PageKind.LISTING, listing
    if site is not SiteKind.MARKETPLACE and len(text) >= _LONG_TEXT and not _is_list(links):
        return PageKind.ARTICLE, draft_chapter(view, links, text)
    return (PageKind.LIST if _is_list(links) else PageKind.OTHER), None


def _shows_another(view: PageView, text: str, product: Thing | None) -> bool:
    """Whether a later page shows things of other pages: its one card may look like an offer of its own."""
    if product is not None:
        return _leads_away(view, first_url(product.get("url", "@id")))
    if len(text) >= _LONG_TEXT or guess_role(view.source.url, "") is LinkRole.ITEM:
        return False
    links = [heading.css_first("a[href]") for heading in view.source.tree.css("h2, h3, h4")[:60]]
    return any(link is not None and _leads_away(view, link.attributes.get("href") or "") for link in links)


def _leads_away(view: PageView, href: str) -> bool:
    url = view.source.absolute(href) if href else ""
    return guess_role(url, "") is LinkRole.ITEM and urlsplit(url).path != urlsplit(view.source.url).path


def _is_article(view: PageView, text: str, product: Thing | None) -> bool:
    """Whether the page is a piece of writing first of all, whatever it shows or sells beside it."""
    if view.source.meta("og:novel:book_name") or len(text) < _ARTICLE_TEXT:
        return False
    marked = view.source.meta("og:type") == "article" or any(
        similar(thing.text("headline", "name"), view.page_title) >= 0.5 for thing in view.things_of(*_ARTICLES)
    )
    return marked and (product is None or similar(product.text("name"), view.page_title) < 0.5)


def _is_offer(view: PageView, listing: Draft) -> bool:
    """A thing on sale without a price, sold out for example: it has a number of its own, and a brand or a stock."""
    if view.source.meta("og:type").startswith("product") and (listing.has("sku") or listing.has("brand")):
        return True
    return bool(view.labelled("sku")) and (listing.has("brand") or bool(view.labelled("availability")))


def _sells_for_a_shop(listing: Draft, links: tuple[Link, ...]) -> bool:
    """Whether an address like a shop's (/shop/lamp-1.html) leads to an offer: it has a price, names a shop that is not
    its title, and shows few other things."""
    named = listing.text("shop") or listing.text("seller")
    another = bool(named) and similar(named, listing.text("title")) < 0.8
    return listing.has("price") and another and len(_items_of(links)) < 5


def _is_list(links: tuple[Link, ...]) -> bool:
    """Whether the page goes on to a next one and names several items: it lists, it does not offer."""
    return len(_items_of(links)) >= 5 and any(link.role is LinkRole.NEXT for link in links)


def _items_of(links: tuple[Link, ...]) -> set[str]:
    return {link.url for link in links if link.role in (LinkRole.ITEM, LinkRole.BOOK, LinkRole.CHAPTER)}


def _draft_shop(view: PageView) -> Draft:
    """A shop's own page: its name is its title, and who it is."""
    draft = Draft()
    name = best_title([view.heading, view.source.meta("og:title"), view.page_title], view.site_name)
    draft.offer("title", name, "visible")
    draft.offer("shop", name, "visible")
    draft.offer("description", view.source.meta("og:description", "description"), "og")
    return draft


def _build(view: PageView, kind: PageKind, draft: Draft) -> Item:
    """The item; what the profile's selectors find goes before everything that was read without them."""
    item_kind = _ITEM_KIND[kind]
    profile = view.options.profile
    selectors = dict(profile.selectors_for(item_kind)) if profile else {}
    root = view.source.tree.root
    if selectors and root is not None:
        chosen = Draft()
        offer_selected(chosen, root, selectors, view.source, view.locale)
        for name, value in chosen.values.items():
            draft.replace(name, value, "profile")
    url = view.source.canonical_link
    return draft.build(item_kind, view.options.item_id or url, url, view.options.seen_at)
