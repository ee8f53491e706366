"""Video sites: lists of films, and the page of each."""

from __future__ import annotations

from crawlers.spiders.sites import SiteSpider


class VideoSpider(SiteSpider):
    """Crawls the sites of a run whose profile says ``kind: video``."""

    name = "video"
    kind = "video"
