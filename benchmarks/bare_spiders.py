"""The least that Scrapy can do: fetch every page that an index names, and drop it (``bare``) or look into it (``parsed``).

python -m benchmarks.bare_spiders bare URL
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response


class BareSpider(Spider):
    """Asks for each page once and drops the answer."""

    name = "bare"

    def __init__(self, index: str, **options: Any) -> None:
        super().__init__(**options)
        self.start_urls = [index]

    def parse(self, response: Response) -> Iterator[Request]:
        assert isinstance(response, HtmlResponse)
        for link in response.css("li a::attr(href)").getall():
            yield Request(response.urljoin(link), self.look, dont_filter=True)

    def look(self, response: Response) -> None:
        """Nothing is done with the page."""


class ParsedSpider(BareSpider):
    """Builds the tree of each page and reads its title, price and links from it."""

    name = "parsed"

    def look(self, response: Response) -> None:
        assert isinstance(response, HtmlResponse)
        response.css("title::text").get()
        response.css(".price::text").get()
        response.css("a::attr(href)").getall()


if __name__ == "__main__":
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False, "CONCURRENT_REQUESTS": 16})
    process.crawl({spider.name: spider for spider in (BareSpider, ParsedSpider)}[sys.argv[1]], index=sys.argv[2])
    process.start()
