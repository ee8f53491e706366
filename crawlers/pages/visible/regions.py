"""Which part of a page an element opens, told from its tag, class, id and role: menu, sidebar, old price, comments …

The words are those that page templates use; none belongs to one site.
"""

from __future__ import annotations

import re
from enum import IntFlag
from functools import lru_cache


class Region(IntFlag):
    """Where a piece of text stands. Inherited by everything inside."""

    NONE = 0
    NAVIGATION = 1
    HEADER = 2
    FOOTER = 4
    SIDEBAR = 8
    RELATED = 16
    COMMENTS = 32
    STRUCK = 64
    HIDDEN = 128
    LINK = 256
    HEADING = 512
    PRICE = 1024
    CART = 2048
    ADVERT = 4096
    BREADCRUMB = 8192
    TITLE = 16384
    CONTENT = 32768
    SHARE = 65536
    FORM = 131072
    SCRIPT = 262144
    CAPTION = 524288
    BRAND = 1048576


ASIDE = (
    Region.NAVIGATION
    | Region.HEADER
    | Region.FOOTER
    | Region.SIDEBAR
    | Region.RELATED
    | Region.COMMENTS
    | Region.HIDDEN
    | Region.ADVERT
    | Region.SCRIPT
)
"""Regions that are not what the page is about."""

_BY_TAG = {
    "nav": Region.NAVIGATION,
    "menu": Region.NAVIGATION,
    "footer": Region.FOOTER,
    "aside": Region.SIDEBAR,
    "a": Region.LINK,
    "h1": Region.HEADING | Region.TITLE,
    "h2": Region.HEADING,
    "h3": Region.HEADING,
    "h4": Region.HEADING,
    "h5": Region.HEADING,
    "h6": Region.HEADING,
    "del": Region.STRUCK,
    "s": Region.STRUCK,
    "strike": Region.STRUCK,
    "script": Region.SCRIPT,
    "style": Region.SCRIPT,
    "template": Region.SCRIPT,
    "noscript": Region.HIDDEN,
    "svg": Region.SCRIPT,
    "iframe": Region.SCRIPT,
    "object": Region.SCRIPT,
    "textarea": Region.FORM | Region.HIDDEN,
    "select": Region.FORM,
    "option": Region.FORM | Region.HIDDEN,
    "button": Region.FORM,
    "figcaption": Region.CAPTION,
    "article": Region.CONTENT,
    "main": Region.CONTENT,
}
_BY_ROLE = {
    "navigation": Region.NAVIGATION,
    "menu": Region.NAVIGATION,
    "menubar": Region.NAVIGATION,
    "banner": Region.HEADER,
    "contentinfo": Region.FOOTER,
    "complementary": Region.SIDEBAR,
    "dialog": Region.HIDDEN,
    "main": Region.CONTENT,
    "article": Region.CONTENT,
}


def _words(*words: str) -> re.Pattern[str]:
    """Any of ``words`` as a whole part of a class name (parts end at ``-``, ``_``, white space or a capital)."""
    return re.compile(r"(?:^|[\s_-])(?:" + "|".join(words) + r")(?=$|[\s_-]|\d)")


_BY_WORD: tuple[tuple[Region, re.Pattern[str]], ...] = (
    (
        Region.NAVIGATION,
        _words("nav", "navbar", "navigation", "menu", "topnav", "megamenu", "pagination", "pager", "toc"),
    ),
    (
        Region.HEADER,
        _words("(?:site|page|global|main|top|shop)[_-]?header", "masthead", "topbar", "top-bar", "toolbar"),
    ),
    (Region.FOOTER, _words("footer", "foot", "copyright", "colophon", "bottombar")),
    (
        Region.SIDEBAR,
        _words("sidebar", "side-?bar", "aside", "rail", "right-?col", "left-?col", "widget", "widgets", "rightside"),
    ),
    (
        Region.RELATED,
        _words(
            "related",
            "recommend(?:ed|ation|ations|s)?",
            "similar",
            "recent(?:ly)?",
            "viewed",
            "upsells?",
            "cross-?sells?",
            "also",
            "suggest(?:ed|ion|ions)?",
            "bestsellers?",
            "trending",
            "popular",
            "more-?from",
            "more-?stories",
            "most-?read",
            "read-?more",
            "readmore",
            "see-?also",
            "you-?may",
            "accessor(?:y|ies)",
            "bundles?",
            "next-?prev",
            "post-?navigation",
            "outbrain",
            "taboola",
            "teasers?",
            "carousel",
            "promo(?:s|tion|tions)?",
            "tuijian",
            "hot",
        ),
    ),
    (
        Region.COMMENTS,
        _words("comments?", "reviews?", "respond", "disqus", "feedback", "pinglun", "replies", "questions", "faq"),
    ),
    (
        Region.STRUCK,
        _words(
            "old(?:price)?",
            "was(?:price)?",
            "strike(?:through|d|out)?",
            "struck",
            "crossed",
            "line-?through",
            "rrp",
            "msrp",
            "uvp",
            "regular-?price",
            "list-?price",
            "price-?(?:old|was|before|regular|list|original|prev|previous|standard|strike|rrp|retail|crossed|del)",
            "original-?price",
            "before-?price",
            "previous-?price",
            "(?:del|ori|market)-?price",
            "price-?compare",
            "compare-?at(?:-?price)?",
            "suggested-?price",
            "retail-?price",
            "oldprice",
            "price-?from-?old",
            "standard-?price",
            "yuanjia",
            "prevprice",
            "savings?",
            "saved?",
            "discount-?(?:amount|percent|value)",
            "installments?",
            "shipping",
            "delivery",
            "per-?unit",
            "unit-?price",
            "base-?price-?unit",
            "price-?per-?unit",
            "deposit",
            "vat",
            "tax",
        ),
    ),
    (
        Region.HIDDEN,
        _words(
            "hidden",
            "hide",
            "visually-?hidden",
            "sr-?only",
            "screen-?reader(?:-?text)?",
            "d-none",
            "modal",
            "popup",
            "cookie(?:s|-?\\w+)?",
            "consent",
            "gdpr",
            "skip-?link",
            "noprint",
            "offscreen",
        ),
    ),
    (
        Region.PRICE,
        re.compile(r"price|prijs|preis|precio|preco|prezzo|prix|cena|(?:^|[\s_-])(?:amount|cost|jiage)(?=$|[\s_-])"),
    ),
    (Region.CART, _words("(?:mini-?)?cart", "basket", "minicart", "shopping-?bag", "wishlist")),
    (
        Region.ADVERT,
        _words(
            "ads?",
            "advert(?:s|isement|ising|orial)?",
            "adsense",
            "adbox",
            "ad-?slot",
            "sponsor(?:ed|s)?",
            "dfp",
            "banner",
            "newsletter",
            "subscribe",
            "subscription",
            "signup",
            "sign-?up",
            "paywall",
            "donate",
        ),
    ),
    (Region.BREADCRUMB, _words("breadcrumbs?", "crumbs?", "bread-?crumbs?", "crumb-?trail", "path-?nav", "mianbao")),
    (
        Region.SHARE,
        _words(
            "share",
            "sharing",
            "social",
            "socials",
            "addthis",
            "sharedaddy",
            "follow",
            "tags?",
            "byline",
            "author-?(?:bio|box|info)",
            "bio",
            "post-?meta",
            "entry-?meta",
            "metadata",
            "timestamp",
            "credits?",
            "tools",
        ),
    ),
    (Region.CAPTION, _words("captions?", "wp-caption-text", "photo-?credit", "image-?credit", "figcaption")),
    (
        Region.BRAND,
        _words(
            "brand",
            "brands",
            "brand-?name",
            "manufacturer",
            "vendor",
            "byline-?info",
            "marke",
            "marca",
            "marque",
            "designer",
        ),
    ),
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=20_000)
def region_of(tag: str, names: str, role: str) -> Region:
    """The regions that an element opens. ``names`` is its class and id."""
    region = _BY_TAG.get(tag, Region.NONE) | _BY_ROLE.get(role, Region.NONE)
    if names and tag not in ("html", "body"):
        split = _CAMEL.sub("-", names).lower()
        for found, words in _BY_WORD:
            if words.search(split):
                region |= found
    return region
