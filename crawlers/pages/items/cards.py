"""Cards of a list page as items of their own, where a profile says so: for sites whose item pages cannot be asked for.

A card is thin: title, price, seller, picture and address. Fetches nothing.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode, SelectolaxError

from crawlers.pages.items.draft import Draft
from crawlers.pages.items.profiled import offer_selected
from crawlers.pages.source import PageSource, squeeze
from crawlers.pages.values.prices import Locale, Price, find_prices
from crawlers.pages.view import PageView
from infringewatch.model import Item, ItemKind
from infringewatch.normalise import canonical_url
from infringewatch.ruleset import SiteKind, SiteProfile

_MOST_CARDS = 400
_KINDS = {SiteKind.LITERATURE: ItemKind.BOOK, SiteKind.VIDEO: ItemKind.VIDEO}
_PICTURES = ("data-src", "data-original", "data-lazy-src", "src")
_STRUCK = "del, s, strike, [class*='old' i], [class*='was' i], [style*='line-through']"


def read_cards(view: PageView, profile: SiteProfile) -> tuple[Item, ...]:
    """The items of the boxes that ``profile.cards`` selects; a box without a title or an address is none."""
    kind = _KINDS.get(profile.kind, ItemKind.LISTING)
    found: dict[str, Item] = {}
    struck = {node.mem_id for node in view.source.tree.css(_STRUCK)}
    for node in _boxes(view.source, profile.cards)[:_MOST_CARDS]:
        link = _link(node)
        url = view.source.absolute(link.attributes.get("href") or "") if link is not None else ""
        if link is None or not url:
            continue
        draft = Draft()
        offer_selected(draft, node, dict(profile.card_fields), view.source, view.locale)
        _offer_seen(draft, node, link, struck, view)
        if draft.has("title"):
            name = canonical_url(url)
            found.setdefault(name, draft.build(kind, name, name, view.options.seen_at))
    return tuple(found.values())


def _boxes(source: PageSource, selectors: tuple[str, ...]) -> list[LexborNode]:
    for css in selectors:
        try:
            if found := source.tree.css(css):
                return found
        except (SelectolaxError, ValueError):
            continue
    return []


def _link(card: LexborNode) -> LexborNode | None:
    """The link that carries the most words: a card's picture and buttons are links too."""
    links = [card] if card.tag == "a" and card.attributes.get("href") else card.css("a[href]")
    return max(links, key=lambda link: len(_words(link)), default=None)


def _words(link: LexborNode) -> str:
    """The whole title, which stands in an attribute where the visible one is cut."""
    text, title = squeeze(link.text()), squeeze(link.attributes.get("title") or "")
    return title if title.startswith(text.rstrip(". …")) else text


def _offer_seen(draft: Draft, card: LexborNode, link: LexborNode, struck: set[int], view: PageView) -> None:
    """What the profile's selectors left open, by how cards usually look. ``struck`` are the page's old prices."""
    picture = card.css_first("img")
    heading = card.css_first("h1, h2, h3, h4") if link is card else None
    draft.offer("title", squeeze(heading.text()) if heading is not None else _words(link), "card")
    if not draft.has("price") and (price := _seen_price(card, struck, view.locale)) is not None:
        draft.offer_price(price.amount, price.currency, "card")
    if picture is not None:
        draft.offer("title", squeeze(picture.attributes.get("alt") or ""), "card")
        address = next((value for name in _PICTURES if (value := picture.attributes.get(name))), "")
        draft.offer("image_urls", [url for url in [view.source.absolute(address)] if url], "card")


def _seen_price(card: LexborNode, struck: set[int], locale: Locale) -> Price | None:
    for node in card.traverse(include_text=True):
        if not node.is_text_node or (node.parent is not None and node.parent.mem_id in struck):
            continue
        if prices := find_prices(node.text_content or "", locale):
            return prices[0]
    return None
