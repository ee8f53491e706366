"""How a fetch ended, judged from its answer: pure rules, so that a block is never taken for "the page is gone"."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from crawlers.pages.reading import PageReading, SoftSignal
from infringewatch.model import Outcome
from infringewatch.normalise import canonical_url

PROBED = "probed: "
"""How the reason of a soft 404 begins when the page is the very one that this host shows for a missing address.
A soft 404 without it is a suspicion, and no miss."""

_TAGS = re.compile(rb"<[^<>]*>|\s+")
_TAG = re.compile(rb"<[^<>]*>")
_HIDDEN = re.compile(rb"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_FEWEST_TEXTS = 2
_DIGITS = b"0123456789"
_LOGIN_PATH = re.compile(r"/(?:log[_-]?in|sign[_-]?in|passport|account/login|user/login)(?:[/.?]|$)", re.I)
_GONE = (404, 410)
_WAIT = (429, 503)
_CHALLENGE = re.compile(
    rb"cf-chl|challenge-platform|g-recaptcha|hcaptcha\.com|geetest|captcha-delivery|_Incapsula_Resource|aliyun_waf|"
    rb"\xe9\xaa\x8c\xe8\xaf\x81\xe7\xa0\x81|\xe6\xbb\x91\xe5\x8a\xa8\xe9\xaa\x8c\xe8\xaf\x81",  # 验证码, 滑动验证
    re.I,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MissingPage:
    """What a host answered for an address that surely does not exist: its status, where it ended, what it showed.

    ``constant`` are the texts that two such pages share, ``change`` how many differ (a proposal, a greeting): ``None``
    while only one was seen.
    """

    status: int
    url: str = ""
    print: str = ""
    constant: frozenset[str] = frozenset()
    change: int | None = None

    @property
    def is_soft(self) -> bool:
        return self.status == 200

    def shows(self, url: str, asked: str, reading: PageReading, body: bytes) -> bool:
        """Whether a page that answered 200 is this page again."""
        if not self.is_soft:
            return False
        if self.url and canonical_url(url) == self.url and canonical_url(asked) != self.url:
            return True  # both were redirected to the same place
        if self.print and self.print == page_print(body, asked):
            return True
        return bool(self.change) and self._resembles(page_texts(body, asked))

    def _resembles(self, texts: frozenset[str]) -> bool:
        """All that such pages share, and no more beside it than they are known to change."""
        return len(self.constant) >= _FEWEST_TEXTS and (
            self.constant <= texts and len(texts - self.constant) <= 2 * (self.change or 0)
        )

    def compared(self, other: MissingPage) -> MissingPage:
        """What two answers for different missing addresses have in common."""
        constant = self.constant & other.constant
        change = max(len(self.constant - constant), len(other.constant - constant))
        return replace(self, constant=constant, change=change)


def page_print(body: bytes, url: str) -> str:
    """A hash of the page without what changes from one showing to the next: tags (with their tokens), numbers,
    the asked address."""
    return hashlib.sha256(_TAGS.sub(b"", _without_own(body, url)).translate(None, _DIGITS)).hexdigest()


def page_texts(body: bytes, url: str) -> frozenset[str]:
    """Short prints of the page's pieces of text, without numbers and the asked address."""
    plain = _HIDDEN.sub(b"<>", _without_own(body, url)).translate(None, _DIGITS)
    pieces = (b" ".join(piece.split()) for piece in _TAG.split(plain))
    return frozenset(hashlib.blake2b(piece, digest_size=6).hexdigest() for piece in pieces if len(piece) > 1)


def _without_own(body: bytes, url: str) -> bytes:
    parts = urlsplit(url)
    for own in sorted({parts.path, parts.query, parts.path.rpartition("/")[2]}, key=len, reverse=True):
        if len(own) > 3:
            body = body.replace(own.encode(), b"")
    return body


def judge(
    status: int,
    url: str,
    asked: str,
    body: bytes,
    reading: PageReading,
    missing: MissingPage | None,
) -> Judgement:
    """The outcome of an answer that came whole. ``url`` answered, ``asked`` was asked for."""
    signal = _pick(reading.soft_signals)
    if status in _GONE:
        return Judgement(Outcome.GONE, f"the host answers {status}")
    if status >= 400:
        return _judge_error(status, body)
    if status >= 300:
        return Judgement(Outcome.REFUSED, "a redirect that leads to no web address")
    if missing is not None and missing.shows(url, asked, reading, body):
        return Judgement(Outcome.SOFT_404, f"{PROBED}the page that this host shows for a missing address")
    if _LOGIN_PATH.search(urlsplit(url).path) and not _LOGIN_PATH.search(urlsplit(asked).path):
        return Judgement(Outcome.LOGIN_WALL, "the address leads to a login page")
    if signal is not None:
        return Judgement(signal.outcome, signal.reason)
    return Judgement(Outcome.OK)


def _judge_error(status: int, body: bytes) -> Judgement:
    if _CHALLENGE.search(body[:200_000]):
        return Judgement(Outcome.CAPTCHA, "the host shows a challenge")
    if status in (401, 407):
        return Judgement(Outcome.LOGIN_WALL, f"the host answers {status}")
    if status in (403, 429, 451, 503):
        return Judgement(Outcome.BLOCKED, f"the host answers {status}")
    return Judgement(Outcome.ERROR, f"the host answers {status}")


_ORDER = (Outcome.CAPTCHA, Outcome.LOGIN_WALL, Outcome.BLOCKED, Outcome.SOFT_404, Outcome.NEEDS_BROWSER)


def _pick(signals: Sequence[SoftSignal]) -> SoftSignal | None:
    known = [signal for signal in signals if signal.outcome in _ORDER]
    return min(known, key=lambda signal: _ORDER.index(signal.outcome)) if known else None


def wait_asked(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that a 429 or 503 asks us to wait, by either form of Retry-After; -1.0 where it names none.

    ``None`` where the answer asks for no waiting at all.
    """
    if status not in _WAIT:
        return None
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return -1.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - now).total_seconds())
