"""Downloader middlewares: the scope on every hop, robots.txt, and the raw exchange before it is decoded."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from crawlers.answer import RENDERED
from crawlers.doors import engine_of, session_of, spider_of, stats_of
from crawlers.failures import describe
from crawlers.handshakes import agreed_with
from infringewatch.frontier import authority_of
from infringewatch.model import Capture


class Refused(IgnoreRequest):
    """This address may not be asked for: out of scope, private, or against the site's robots.txt."""


class RobotsUnavailable(IgnoreRequest):
    """robots.txt could not be read just now; without it nothing is asked (RFC 9309, 2.3.1.4)."""


class ScopeGuard:
    """Looks at every request, also robots.txt, start requests and each hop of a redirect."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ScopeGuard:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self._crawler)
        request.meta["download_slot"] = authority_of(request.url)
        if reason := session.scope.refusal(request.url) or spider_of(self._crawler).trap_at(request):
            stats_of(self._crawler).inc_value(f"scope/{reason}")
            hops = request.meta.get("redirect_times", 0)
            raise Refused(f"a redirect leads to an address {_after(reason)}" if hops else reason)


def _after(reason: str) -> str:
    return reason if reason.startswith(("outside", "with")) else f"that is {reason}"


class RobotsGuard(RobotsTxtMiddleware):
    """Scrapy's, but for what RFC 9309 says of answers: 4xx allows everything, 5xx and silence allow nothing for now."""

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        parser = await self.robot_parser(request)
        if isinstance(parser, _Unavailable):
            self._parsers.pop(urlparse_cached(request).netloc, None)  # asked again at the page's next try
            raise RobotsUnavailable(parser.reason)
        if parser is not None and not parser.allowed(request.url, self._robotstxt_useragent or ""):
            self._stats.inc_value("robotstxt/forbidden")
            raise Refused("forbidden by robots.txt")

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """As Scrapy's, but a host that does not answer is no fault of ours: it is no traceback in the log."""
        parts = urlparse_cached(request)
        known = self._parsers.get(parts.netloc)
        if parts.netloc not in self._parsers:
            known = self._parsers[parts.netloc] = Deferred()
            await self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt", parts.netloc, request)
            known = self._parsers.get(parts.netloc)
        return await maybe_deferred_to_future(known) if isinstance(known, Deferred) else known

    async def _ask(self, url: str, netloc: str, request: Request) -> None:
        wanted = Request(url, priority=self.DOWNLOAD_PRIORITY, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
        try:
            await self._parse_robots(await engine_of(self.crawler).download_async(wanted), netloc, request)
        except Exception as error:  # whatever the downloader meets: those who wait for the answer must get one
            self._robots_error(error, netloc)
        self._stats.inc_value("robotstxt/request_count")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._settle(netloc, _Unavailable(f"robots.txt answers {response.status}"))
            return
        body = response.body if response.status < 300 else b""
        await super()._parse_robots(response.replace(body=body[:_ROBOTS_SIZE]), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, IgnoreRequest):
            self._settle(netloc, None)  # robots.txt redirects to where we may not go: as if there were none
        else:
            self._settle(netloc, _Unavailable(describe(exc)))

    def _settle(self, netloc: str, parser: Any) -> None:
        waiting, self._parsers[netloc] = self._parsers[netloc], parser
        waiting.callback(parser)  # type: ignore[union-attr]


_ROBOTS_SIZE = 500 * 1024  # RFC 9309, 2.5


class _Unavailable(RobotParser):
    """Stands where a parser would; kept only for those who wait for the same answer."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler, robotstxt_body: bytes) -> _Unavailable:
        return cls("")

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class CarefulRedirect(RedirectMiddleware):
    """Scrapy's, but an address that is none leaves the answer as it is instead of ending in an exception."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        try:
            return super().process_response(request, response)
        except ValueError:
            return response


class RawExchange:
    """Keeps request and answer as they went over the wire, next to the downloader, before content decoding."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RawExchange:
        return cls()

    def process_request(self, request: Request) -> None:
        request.meta["asked_at"] = datetime.now(UTC)

    def process_response(self, request: Request, response: Response) -> Response:
        if RENDERED not in response.flags:  # the browser brings captures of its own
            request.meta.setdefault("captures", []).append(capture_of(request, response))
        return response


_LOST = (
    "header case and the order of unlike headers",
    "request headers that the downloader adds (Host, Connection)",
    "chunk borders of the transfer coding",
)


def capture_of(request: Request, response: Response) -> Capture:
    """One exchange, and what Scrapy's downloader does not hand over of it."""
    answered_at = datetime.now(UTC)
    return Capture(
        url=response.url,
        requested_at=request.meta.get("asked_at", answered_at),
        answered_at=answered_at,
        method=request.method,
        request_headers=_pairs(request.headers),
        status=response.status,
        http_version=response.protocol or "HTTP/1.1",
        response_headers=_pairs(response.headers),
        body=response.body,
        ip=str(response.ip_address or ""),
        tls=_tls_of(response),
        lost=_LOST,
    )


def _pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((bytes(name), bytes(value)) for name, values in headers.items() for value in values)


def _tls_of(response: Response) -> str:
    if not response.url.startswith("https:"):
        return ""
    parts = urlsplit(response.url)
    issuer = getattr(response.certificate, "getIssuer", None)
    agreed = agreed_with(parts.hostname or "", parts.port or 443)
    by = f"issued by {issuer().commonName.decode('utf-8', 'replace')}" if issuer else ""
    return "; ".join(filter(None, (agreed, "verified", by)))
