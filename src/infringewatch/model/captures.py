"""What a fetch gave: the raw exchange, how it ended, and the bundle it was sealed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from infringewatch.model.items import Item


class Outcome(StrEnum):
    """How one fetch ended. Only GONE and a probed SOFT_404 count towards "the page is gone"."""

    OK = "ok"
    GONE = "gone"
    SOFT_404 = "soft_404"
    BLOCKED = "blocked"
    CAPTCHA = "captcha"
    LOGIN_WALL = "login_wall"
    NEEDS_BROWSER = "needs_browser"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Capture:
    """One raw exchange as it was fetched. A redirect is an exchange of its own.

    ``body`` is what came over the wire before content decoding; header lists keep order and repetition.
    ``lost`` says in words what the downloader could not hand over (for example "header case and order").
    ``tls`` is protocol and cipher, or "not verified: …" where an exception was made, or empty without TLS.
    """

    url: str
    requested_at: datetime
    answered_at: datetime
    method: str = "GET"
    request_headers: tuple[tuple[bytes, bytes], ...] = ()
    status: int = 0
    http_version: str = "HTTP/1.1"
    response_headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    ip: str = ""
    tls: str = ""
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """A file that belongs to a capture besides its traffic: a screenshot, the rendered page."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PageResult:
    """What one fetch gave. ``captures`` holds the redirects in order and the answer last; may be empty.

    ``url`` is the address that was asked for, ``canonical_url`` the one that names the page from now on.
    ``job`` is the frontier's key of the request. The reason of a soft 404 begins with ``probed:`` where this host
    was asked for a surely missing address and answered with this very page.
    """

    job: str
    url: str
    canonical_url: str
    outcome: Outcome
    fetched_at: datetime
    reason: str = ""
    status: int = 0
    content_hash: str = ""
    captures: tuple[Capture, ...] = ()
    files: tuple[CapturedFile, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def is_clean_miss(self) -> bool:
        """Whether this answer counts towards "gone": 404, 410, or the page shown for any missing address."""
        return self.outcome is Outcome.GONE or (self.outcome is Outcome.SOFT_404 and self.reason.startswith("probed:"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed bundle in the vault: ``bundle`` is the SHA-256 of its manifest, in hex."""

    bundle: str
    sealed_at: datetime
    size: int
