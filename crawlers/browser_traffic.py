"""What a page loaded in the browser: its answers as captures, bodies read at the end and within bounds."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from infringewatch.model import Capture

_MAX_TRAFFIC = 200
_MAX_BODY = 8 * 1024 * 1024
_MAX_TRAFFIC_BYTES = 32 * 1024 * 1024


class Traffic:
    """Remembers the answers that a page received; their bodies are read at the end, within bounds."""

    def __init__(self, page: Page) -> None:
        self._answers: list[tuple[Response, datetime]] = []
        self.navigated_to = ""
        page.on("response", self._note)
        page.on("request", self._note_navigation)

    def _note(self, response: Response) -> None:
        if len(self._answers) < _MAX_TRAFFIC:
            self._answers.append((response, datetime.now(UTC)))

    def _note_navigation(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self.navigated_to = request.url

    async def captures(self, document: Response) -> tuple[Capture, ...]:
        own = await _chain(document)
        loaded = [(response, at) for response, at in self._answers if response not in own]
        times = dict(self._answers)
        ordered = [*loaded, *((response, times.get(response, datetime.now(UTC))) for response in own)]
        found: list[Capture] = []
        room = _MAX_TRAFFIC_BYTES
        for response, at in reversed(ordered):  # the document first: it must not fall to the bound
            capture = await _capture(response, at, min(room, _MAX_BODY))
            room -= len(capture.body)
            found.append(capture)
        return tuple(reversed(found))


async def _chain(document: Response) -> list[Response]:
    """The redirects that led to the document, in order, and the document."""
    chain = [document]
    hop = document.request.redirected_from
    while hop is not None:
        if (answer := await hop.response()) is not None:
            chain.insert(0, answer)
        hop = hop.redirected_from
    return chain


async def _capture(response: Response, answered_at: datetime, room: int) -> Capture:
    request = response.request
    lost = ["the body is as the browser decoded it", "chunk borders of the transfer coding"]
    body = b""
    try:
        body = await asyncio.wait_for(response.body(), 10)
    except (PlaywrightError, TimeoutError):
        lost.append("the browser kept no body")
    if len(body) > room:
        body = b""
        lost.append("the body, which is above the bound")
    address = await response.server_addr()
    return Capture(
        url=response.url,
        requested_at=_started_at(request, answered_at),
        answered_at=answered_at,
        method=request.method,
        request_headers=_pairs(await request.headers_array()),
        status=response.status,
        response_headers=_pairs(await response.headers_array()),
        body=body,
        ip=address["ipAddress"] if address else "",
        tls=_tls(await response.security_details()),
        lost=tuple(lost),
    )


def _started_at(request: Any, answered_at: datetime) -> datetime:
    started = request.timing.get("startTime", 0)
    return datetime.fromtimestamp(started / 1000, UTC) if started > 0 else answered_at


def _pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((h["name"].encode("latin-1", "replace"), h["value"].encode("latin-1", "replace")) for h in headers)


def _tls(details: Any) -> str:
    return f"{details.get('protocol', 'TLS')}; issued by {details.get('issuer', 'unknown')}" if details else ""
