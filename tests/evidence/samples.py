"""A page that was fetched, and who had it fetched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infringewatch.evidence.manifest import Provenance
from infringewatch.model import Capture, CapturedFile, Outcome, PageResult

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PROVENANCE = Provenance("spider marketplace", "rules-7", asked_by="campaign clock", campaign="spring")


def make_capture(url: str = "http://shop.test/item/1", **values: Any) -> Capture:
    given: dict[str, Any] = {
        "request_headers": ((b"User-Agent", b"InfringeWatch"), (b"Accept", b"*/*")),
        "status": 200,
        "response_headers": ((b"Content-Type", b"text/html"), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2")),
        "body": "<h1>山岚牌登山鞋 高仿</h1>".encode("gb18030"),
        "ip": "127.0.0.1",
        "lost": ("header case",),
    }
    return Capture(url, NOW, NOW + timedelta(milliseconds=120), **(given | values))


def make_page(*captures: Capture, files: tuple[CapturedFile, ...] = ()) -> PageResult:
    url = captures[-1].url if captures else "http://shop.test/item/1"
    return PageResult("job-1", url, url, Outcome.OK, NOW, status=200, captures=captures, files=files)
