"""What went wrong with a fetch, in a few words that a report can count, and whether another try may help."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from infringewatch.errors import InfringeWatchError

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "the name cannot be resolved"),
    (DownloadConnectionRefusedError, "the host refuses connections"),
    (DownloadTimeoutError, "no whole answer in time"),
    (DownloadCancelledError, "the answer is larger than the limit"),
    (ResponseDataLossError, "the answer was cut off"),
)


_UNPACKERS = ("zlib", "gzip", "brotli", "_brotli", "zstandard", "backports.zstd")


def describe(error: BaseException) -> str:
    """One short sentence without addresses or numbers."""
    for cause in _causes(error):
        for kind, words in _WORDS:
            if isinstance(cause, kind):
                return words
        if isinstance(cause, EOFError) or type(cause).__module__ in _UNPACKERS:
            return "the answer cannot be unpacked"
    if isinstance(error, DownloadFailedError) and "certificate verify failed" in str(error.__cause__ or error):
        return "the certificate is not trusted"
    if isinstance(error, DownloadFailedError):
        return f"the connection failed ({_innermost(error)})"
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        return "the answer is larger than the limit once unpacked"
    if isinstance(error, IgnoreRequest) and "redirections" in str(error):
        return "too many redirects"
    if isinstance(error, IgnoreRequest):
        return str(error)
    if isinstance(error, InfringeWatchError):
        return str(error)
    return f"{type(error).__name__}"


def may_pass(error: BaseException) -> bool:
    """Whether the same request may go well a little later. A refusal, a bomb or an endless body will not."""
    return not isinstance(error, (DownloadCancelledError, IgnoreRequest))


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _innermost(error: DownloadFailedError) -> str:
    """Twisted wraps the reasons of a broken exchange in lists of failures."""
    reasons = getattr(error.__cause__, "reasons", None)
    return str(reasons[0].type.__name__) if reasons else type(_causes(error)[-1]).__name__
