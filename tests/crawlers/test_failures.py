"""What went wrong, in words that a report can count."""

from __future__ import annotations

import zlib

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawlers.failures import describe, may_pass
from infringewatch.errors import ServiceUnavailable


@pytest.mark.parametrize(
    ("error", "words", "passing"),
    [
        (CannotResolveHostError("x"), "the name cannot be resolved", True),
        (DownloadConnectionRefusedError("x"), "the host refuses connections", True),
        (DownloadTimeoutError("x"), "no whole answer in time", True),
        (DownloadCancelledError("x"), "the answer is larger than the limit", False),
        (zlib.error("x"), "the answer cannot be unpacked", True),
        (EOFError(), "the answer cannot be unpacked", True),
        (IgnoreRequest("max redirections reached"), "too many redirects", False),
        (IgnoreRequest("outside the scope"), "outside the scope", False),
        (ServiceUnavailable("the browser does not start"), "the browser does not start", True),
        (KeyError("http://secret/"), "KeyError", True),
    ],
)
def test_each_failure_has_its_words(error: Exception, words: str, passing: bool) -> None:
    assert describe(error) == words
    assert may_pass(error) is passing
