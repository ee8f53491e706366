"""A listing: what one page offers for sale. Markups first, then the visible page."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from crawlers.pages.items.draft import Draft
from crawlers.pages.markup.embedded import plain_key
from crawlers.pages.markup.schema import Thing, all_texts, all_urls, as_list, first_text, first_url, get
from crawlers.pages.values.codes import code_in_url, own_code, read_code, read_gtin
from crawlers.pages.values.prices import Locale, read_amount, read_currency
from crawlers.pages.values.titles import best_title, similar
from crawlers.pages.view import PageView
from crawlers.pages.visible.prices import find_visible_price
from crawlers.pages.visible.regions import Region
from crawlers.pages.visible.stock import IN_STOCK, find_visible_availability, read_availability

PRODUCT_TYPES = frozenset(
    {
        "product",
        "productgroup",
        "productmodel",
        "individualproduct",
        "someproducts",
        "vehicle",
        "car",
        "offerforpurchase",
    }
)
_NEIGHBOUR_KEYS = frozenset(
    {"isrelatedto", "issimilarto", "isaccessoryorsparepartfor", "itemlistelement", "isconsumablefor", "relatedproducts"}
)
_VARIANT_KEYS = frozenset({"hasvariant", "model"})
_GTIN_KEYS = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn")
_SCHEMA_MIN = 0.34


def find_main_product(view: PageView) -> Thing | None:
    """The one product that the page is about; ``None`` where there is none, or several with none of them named."""
    products = view.things_of(*PRODUCT_TYPES)
    own = [thing for thing in products if thing.inside.lower() not in _NEIGHBOUR_KEYS]
    if not own:
        return None
    ranked = sorted(own, key=lambda thing: -_closeness(thing, view))
    best = ranked[0]
    tops = [thing for thing in own if thing.markup == best.markup and thing.inside.lower() not in _VARIANT_KEYS]
    if len(tops) == 1 or _closeness(best, view) >= 1.0:
        return best
    return None


def _closeness(thing: Thing, view: PageView) -> float:
    """How surely this object is the page's own: its name is the title, its address the page's, it has an offer."""
    name = thing.text("name")
    titles = (view.page_title, view.source.meta("og:title"), view.source.document_title)
    points = max((similar(name, title) for title in titles if name and title), default=0.0)
    url = first_url(thing.get("url", "@id"))
    if url and view.source.absolute(url).split("?")[0].rstrip("/") == view.source.canonical_link.split("?")[0].rstrip(
        "/"
    ):
        points += 0.5
    if thing.inside.lower() in _VARIANT_KEYS:
        points -= 0.3  # a variant's name is its group's with a size or colour
    return points + 0.2 * bool(thing.get("offers")) + 0.05 * len(thing.data) / 20


def draft_product(view: PageView, main: Thing | None) -> Draft:
    """The listing's fields, each with its source."""
    draft = Draft()
    if main is not None:
        _offer_thing(draft, main, view)
        for twin in view.things_of(*PRODUCT_TYPES):
            if twin is not main and twin.markup != main.markup and similar(twin.text("name"), main.text("name")) > 0.6:
                _offer_thing(draft, twin, view)
    _offer_loose_microdata(draft, view)
    _offer_metas(draft, view)
    _offer_embedded(draft, view)
    _spell_brand(draft)
    _offer_visible(draft, view, main)
    return draft


def _offer_thing(draft: Draft, thing: Thing, view: PageView) -> None:
    source = thing.markup
    draft.offer("title", _name_of(thing, view), source)
    _offer_offers(draft, thing, view, source)
    draft.offer("brand", thing.text("brand", "manufacturer"), source)
    number = thing.text("sku", "productID", "productId", "identifier").removeprefix("sku:")
    draft.offer("sku", own_code(number, view.source.canonical_link), source)
    for key in _GTIN_KEYS:
        draft.offer("gtin", read_gtin(thing.text(key)), source)
    draft.offer("description", _long_text(thing.get("description")), source)
    draft.offer("category", " > ".join(all_texts(thing.get("category"))[:5]), source)
    draft.offer("image_urls", view.absolute_all(all_urls(thing.get("image"))), source)
    draft.offer("published_at", thing.text("releaseDate", "datePublished"), source)


def _name_of(thing: Thing, view: PageView) -> str:
    name = thing.text("name")
    return (
        best_title([name, view.heading, view.source.meta("og:title"), view.source.document_title], view.site_name)
        if name
        else ""
    )


def _long_text(value: Any) -> str:
    return "\n".join(all_texts(value)) if isinstance(value, list) else first_text(value)


def _offer_offers(draft: Draft, thing: Thing, view: PageView, source: str) -> None:
    """Price, availability and seller of the first offer that names a price (variants of a group too)."""
    locale = view.locale
    offers = [offer for offer in _iter_offers(thing) if isinstance(offer, dict)]
    for offer in offers:
        amount, currency = price_of_offer(offer, locale)
        if amount:
            draft.offer_price(amount, currency, source)
    for offer in offers:
        draft.offer(
            "availability",
            read_availability(first_url(get(offer, "availability")) or first_text(get(offer, "availability"))),
            source,
        )
        draft.offer("seller", first_text(get(offer, "seller", "offeredBy", "merchant")), source)
        draft.offer("sku", own_code(first_text(get(offer, "sku")), view.source.canonical_link), source)
        for key in _GTIN_KEYS:
            draft.offer("gtin", read_gtin(first_text(get(offer, key))), source)
    draft.offer_price(*price_of_offer(thing.data, locale), source)


def _iter_offers(thing: Thing) -> list[Any]:
    offers = as_list(thing.get("offers", "offer"))
    for variant in as_list(thing.get("hasVariant", "model"))[:50]:
        offers.extend(as_list(get(variant, "offers")))
    inner = [part for offer in offers if isinstance(offer, dict) for part in as_list(get(offer, "offers"))[:50]]
    return offers[:50] + inner


def price_of_offer(offer: dict[str, Any], locale: Locale) -> tuple[Any, str]:
    """``(amount, currency)`` of an Offer or AggregateOffer; a price specification for a list price does not count."""
    currency = read_currency(first_text(get(offer, "priceCurrency")), locale)
    for key in ("price", "lowPrice"):
        amount = read_amount(first_text(get(offer, key)) or None, locale)
        if amount is not None:
            return amount, currency or read_currency(first_text(get(offer, key)), locale) or locale.currency
    for specification in as_list(get(offer, "priceSpecification")):
        if isinstance(specification, dict) and "list" not in str(get(specification, "priceType") or "").lower():
            amount = read_amount(first_text(get(specification, "price", "minPrice")) or None, locale)
            if amount is not None:
                return amount, read_currency(first_text(get(specification, "priceCurrency")), locale) or currency
    return None, currency


def _offer_loose_microdata(draft: Draft, view: PageView) -> None:
    """Properties on elements outside any object: many templates forget the itemscope."""
    if draft.has("price") and draft.has("brand"):
        return
    for name, field in (
        ("price", "price"),
        ("brand", "brand"),
        ("sku", "sku"),
        ("productID", "sku"),
        ("gtin13", "gtin"),
        ("availability", "availability"),
    ):
        node = view.source.tree.css_first(f'[itemprop~="{name}" i]')
        if node is None or draft.has(field):
            continue
        attributes = node.attributes
        value = attributes.get("content") or attributes.get("href") or node.text(separator=" ").strip()
        if field == "price":
            near = view.source.tree.css_first('[itemprop~="priceCurrency" i]')
            currency = (near.attributes.get("content") or near.text()) if near else ""
            draft.offer_price(
                read_amount(value, view.locale), read_currency(currency or value, view.locale), "microdata"
            )
        elif field == "availability":
            draft.offer(field, read_availability(value), "microdata")
        else:
            draft.offer(field, read_gtin(value) if field == "gtin" else first_text(value), "microdata")


def _offer_metas(draft: Draft, view: PageView) -> None:
    meta, locale = view.source.meta, view.locale
    title = best_title([view.heading, meta("og:title", "twitter:title"), view.page_title], view.site_name)
    draft.offer("title", title, "visible" if view.heading else "og")
    amount = read_amount(
        meta("product:sale_price:amount", "product:price:amount", "og:price:amount", "product:price", "og:price"),
        locale,
    )
    currency = read_currency(
        meta("product:price:currency", "og:price:currency", "product:sale_price:currency", "og:price"), locale
    )
    draft.offer_price(amount, currency, "og")
    draft.offer("brand", meta("product:brand", "og:brand", "brand"), "og")
    draft.offer("availability", read_availability(meta("product:availability", "og:availability")), "og")
    draft.offer(
        "sku", meta("product:retailer_item_id", "product:sku", "product:retailer_part_no", "product:item_id"), "og"
    )
    draft.offer("gtin", read_gtin(meta("product:ean", "product:upc", "product:gtin", "product:isbn")), "og")
    draft.offer("category", meta("product:category"), "og")


_EMBEDDED_KEYS = {
    "price": (
        "saleprice",
        "currentprice",
        "finalprice",
        "specialprice",
        "sellingprice",
        "price",
        "unitprice",
        "ecommprice",
        "productprice",
        "discountprice",
        "pricevalue",
    ),
    "brand": ("brand", "brandname", "productbrand", "manufacturer", "manufacturername", "itembrand", "vendor"),
    "sku": ("sku", "productsku", "skuid", "productid", "itemid", "productcode", "articlenumber", "goodsid", "id"),
    "gtin": ("gtin13", "gtin", "ean", "ean13", "eans", "upc", "upcs", "barcode", "isbn"),
    "seller": ("sellername", "seller", "shopname", "storename", "merchantname", "vendorname", "sellernick"),
    "availability": ("availability", "stockstatus", "instock", "isinstock"),
    "category": ("categoryname", "category", "productcategory"),
}
_TWINS = 4
_CURRENCY_KEYS = ("currency", "currencycode", "pricecurrency", "currencyid")
_EMBEDDED_NAMES = ("name", "title", "productname", "producttitle", "goodsname", "itemname", "displayname")


def _offer_embedded(draft: Draft, view: PageView) -> None:
    """The objects in the page's own data whose name is the page's title, the fullest first."""
    found: list[tuple[float, dict[str, Any]]] = []
    for plain in iter_plain_objects(view.embedded):
        name = _plain_name(plain)
        closeness = similar(name, view.page_title) if len(name) > 3 else 0.0
        useful = sum(1 for keys in _EMBEDDED_KEYS.values() if any(plain.get(key) not in (None, "") for key in keys))
        if closeness >= 0.75 and useful >= 2:
            found.append((closeness + useful / 20, plain))
    for _, plain in sorted(found, key=lambda one: -one[0])[:_TWINS]:
        _offer_plain(draft, plain, view)


def _plain_name(plain: dict[str, Any]) -> str:
    """What the object calls itself; one that lists variants only is called as the first of them."""
    named = next((first_text(plain[key]) for key in _EMBEDDED_NAMES if isinstance(plain.get(key), str)), "")
    variants = plain.get("variants")
    if named or not isinstance(variants, list) or not variants or not isinstance(variants[0], dict):
        return named
    return first_text(variants[0].get("name"))


def _offer_plain(draft: Draft, plain: dict[str, Any], view: PageView) -> None:
    for field, keys in _EMBEDDED_KEYS.items():
        if field == "sku" and plain.get("variants"):
            continue  # what it numbers is the page; each variant has a number of its own
        value = next((plain[key] for key in keys if _plain_text(plain.get(key))), None)
        raw = _plain_text(value)
        if not raw:
            continue
        if field == "price":
            draft.offer_price(*_plain_price(value, plain, view), "embedded")
        else:
            draft.offer(field, {"gtin": read_gtin, "availability": read_availability}.get(field, str)(raw), "embedded")
    draft.offer("description", _plain_text(plain.get("description")), "embedded")
    pictures = all_urls(next((plain[key] for key in ("images", "image", "imageurl") if plain.get(key)), None))
    draft.offer("image_urls", view.absolute_all(pictures), "embedded")


def _plain_price(value: Any, plain: dict[str, Any], view: PageView) -> tuple[Decimal | None, str]:
    """Amount and currency; an amount in cents is known by the price that the page shows."""
    inside = {plain_key(str(key)): part for key, part in value.items()} if isinstance(value, dict) else {}
    named = next((text for key in _CURRENCY_KEYS if (text := first_text(inside.get(key) or plain.get(key)))), "")
    amount = read_amount(_plain_text(value), view.locale) or None
    if amount is not None and amount >= 100 and amount == amount.to_integral_value():
        shown = find_visible_price(view.outline, view.locale, view.title_line)
        if shown is not None and shown.price.amount * 100 == amount:
            return shown.price.amount, read_currency(named, view.locale) or shown.price.currency
    return amount, read_currency(named, view.locale)


def _plain_text(value: Any) -> str:
    """As first_text, whatever the spelling of the key in an object inside."""
    if isinstance(value, dict):
        plain = {plain_key(str(key)): part for key, part in value.items()}
        return first_text(plain) or first_text(plain.get("amount"))
    return str(value).lower() if isinstance(value, bool) else first_text(value)


def iter_plain_objects(values: list[Any], limit: int = 4000) -> list[dict[str, Any]]:
    """All objects inside ``values`` that have more than two keys, with plain keys; at most ``limit`` are looked at."""
    stack, found, count = list(reversed(values)), [], 0
    while stack and count < limit:
        value = stack.pop()
        count += 1
        if isinstance(value, list):
            stack.extend(reversed(value[:200]))
        elif isinstance(value, dict):
            if len(value) > 2:
                found.append({plain_key(str(key)): part for key, part in value.items()})
            stack.extend(part for part in reversed(list(value.values())) if isinstance(part, (dict, list)))
    return found


def _offer_visible(draft: Draft, view: PageView, main: Thing | None) -> None:
    if not draft.has("price"):
        seen = find_visible_price(view.outline, view.locale, view.title_line)
        if seen:
            draft.offer_price(seen.price.amount, seen.price.currency, "visible")
    for pair in view.labels:
        if pair.field == "sku":
            draft.offer("sku", read_code(pair.value), "visible")
        elif pair.field == "gtin":
            draft.offer("gtin", read_gtin(pair.value), "visible")
        elif pair.field in ("brand", "seller", "shop", "category", "publisher", "author") and len(pair.value) <= 80:
            draft.offer(pair.field, _linked_name(view, pair.value), "visible")
    _prefer_shown_code(draft, view)
    draft.offer("sku", code_in_url(view.source.canonical_link) or code_in_url(view.source.url), "url")
    _offer_maker_number(draft, view, main)
    if not draft.has("availability"):
        found = find_visible_availability(view.outline, view.title_line)
        draft.offer("availability", found or (IN_STOCK if draft.has("price") else ""), "visible" if found else "price")
    draft.offer("description", view.source.meta("og:description", "description"), "og")
    draft.offer("image_urls", view.absolute_all(view.source.metas.get("og:image", [])), "og")


def _prefer_shown_code(draft: Draft, view: PageView) -> None:
    """A number that the page shows its visitors as its own goes before one that stands in its markup only."""
    given = draft.text("sku")
    if draft.sources.get("sku") == "visible" or not given:
        return
    if any(given in line.text for line in view.outline.lines if not line.region & Region.SCRIPT):
        return
    shown = next((code for pair in view.labelled("sku") if (code := read_code(pair.value))), "")
    draft.replace("sku", shown, "visible")


def _spell_brand(draft: Draft) -> None:
    """Data spell a brand as they like (``TP LINK``); the title spells it as its owner does."""
    brand, title = draft.text("brand"), draft.text("title")
    letters = re.sub(r"[\W_]", "", brand)
    spelled = re.search(r"[\W_]?".join(letters), title, re.I) if 3 <= len(letters) <= 40 else None
    if spelled and draft.sources["brand"] == "embedded":
        draft.replace("brand", spelled[0], "embedded")


def _linked_name(view: PageView, value: str) -> str:
    """The name alone, where the value begins with a link and goes on with remarks (a town, a rating)."""
    for node in view.source.tree.css("a[href]")[:400]:
        name = " ".join((node.text() or "").split())
        if len(name) > 1 and name != value and value.startswith(name):
            return name
    return value


def _offer_maker_number(draft: Draft, view: PageView, main: Thing | None) -> None:
    """The maker's number is no seller's number, but better than none."""
    if main is not None:
        draft.offer("sku", read_code(main.text("mpn")), main.markup)
    for pair in view.labelled("mpn"):
        draft.offer("sku", read_code(pair.value), "visible")
