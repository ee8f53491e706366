"""Literature sites: index → book → chapters, and files to download."""

from __future__ import annotations

from crawlers.spiders.sites import SiteSpider


class LiteratureSpider(SiteSpider):
    """Crawls the sites of a run whose profile says ``kind: literature``."""

    name = "literature"
    kind = "literature"
