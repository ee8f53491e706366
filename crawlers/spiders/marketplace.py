"""Shops and marketplaces: lists of listings, listings, shops."""

from __future__ import annotations

from crawlers.spiders.sites import SiteSpider


class MarketplaceSpider(SiteSpider):
    """Crawls the sites of a run whose profile says ``kind: marketplace``."""

    name = "marketplace"
    kind = "marketplace"
