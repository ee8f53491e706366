"""The resolver that looks at each DNS answer before a connection is made with that very answer.

So a name that first points to a public address and then to an internal one (rebinding) reaches nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.crawler import CrawlerRunnerBase
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.abstract import isIPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

from crawlers.scope import is_private

private_names: set[str] = set()
"""Names that were refused. Twisted turns every failed lookup into "no results", so the reason is kept here."""


class GuardedResolver(CachingThreadedResolver):
    """Refuses private answers unless the scope of the process's spider allows them.

    Names give IPv4 addresses only, as its parent does; an IPv6 address stands for itself.
    """

    _process: CrawlerRunnerBase | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver._process = crawler  # what Scrapy hands over here is the process, which has no spider yet
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        literal = name.strip("[]")
        answer: Deferred[str] = succeed(literal) if isIPv6Address(literal) else super().getHostByName(name, timeout)
        answer.addCallback(self._check, name)
        return answer

    def _check(self, address: str, name: str) -> str:
        if is_private(address) and not self._allows_private():
            private_names.add(name)
            raise DNSLookupError(f"{name} points to a private address")
        return address

    def _allows_private(self) -> bool:
        spiders: list[Any] = [crawler.spider for crawler in getattr(self._process, "crawlers", ())]
        return bool(spiders) and all(spider.session.scope.allow_private for spider in spiders if spider)
