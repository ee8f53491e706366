"""The resolver that looks at each DNS answer before a connection is made with that very answer.

So a name that first points to a public address and then to an internal one (rebinding) reaches nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from typing import Any

from scrapy.crawler import CrawlerRunnerBase
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import threads
from twisted.internet.abstract import isIPv6Address
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.python.failure import Failure

from crawlers.scope import is_private

private_names: set[str] = set()
"""Names that were refused. Twisted turns every failed lookup into "no results", so the reason is kept here."""


class GuardedResolver(CachingThreadedResolver):
    """Refuses private answers unless the scope of the process's spider allows them.

    A name gives its IPv4 address, and its IPv6 one where it has no other; an IPv6 address stands for itself.
    """

    _process: CrawlerRunnerBase | None = None

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver._process = crawler  # what Scrapy hands over here is the process, which has no spider yet
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        literal = name.strip("[]")
        answer: Deferred[str] = succeed(literal) if isIPv6Address(literal) else self._find(name, timeout)
        answer.addCallback(self._check, name)
        return answer

    def _find(self, name: str, timeout: Sequence[int]) -> Deferred[str]:
        answer: Deferred[str] = super().getHostByName(name, timeout)
        answer.addErrback(self._find_ipv6, name)
        return answer

    def _find_ipv6(self, failure: Failure, name: str) -> Deferred[str]:
        """The parent asks for IPv4 addresses only. What comes out is remembered as its answers are."""
        reactor: Any = self.reactor
        answer: Deferred[str] = threads.deferToThreadPool(reactor, reactor.getThreadPool(), _ask_ipv6, name)
        answer.addTimeout(self.timeout, reactor)
        answer.addCallbacks(self._cache_result, lambda _: failure, callbackArgs=(name,))
        return answer

    def _check(self, address: str, name: str) -> str:
        if is_private(address) and not self._allows_private():
            private_names.add(name)
            raise DNSLookupError(f"{name} points to a private address")
        return address

    def _allows_private(self) -> bool:
        spiders: list[Any] = [crawler.spider for crawler in getattr(self._process, "crawlers", ())]
        return bool(spiders) and all(spider.session.scope.allow_private for spider in spiders if spider)


def _ask_ipv6(name: str) -> str:
    return str(socket.getaddrinfo(name, None, socket.AF_INET6, socket.SOCK_STREAM)[0][4][0])
