"""Hostile bodies: a reading comes back, in bounded time, and says what was lost."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from crawlers.pages import read_page


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 5000,
        bytes(range(256)) * 200,
        b"<" * 50_000,
        b"<html><title>x",
        b'<script type="application/ld+json">{{{{</script>',
    ],
)
def test_it_reads_junk_without_failing(body: bytes) -> None:
    assert read_page("https://junk.example/", body).url == "https://junk.example/"


def test_it_flattens_nesting_that_would_take_minutes_to_parse() -> None:
    body = b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000
    begun = time.process_time()
    reading = read_page("https://deep.example/", body)
    assert reading.lost
    assert time.process_time() - begun < 5


def test_it_bounds_formatting_that_every_paragraph_would_open_anew() -> None:
    body = b"<p>" + b"".join(b"<b id=%d>" % number for number in range(390)) + b"<p>x" * 5000
    begun = time.process_time()
    assert read_page("https://bold.example/", body).lost
    assert time.process_time() - begun < 10


_MEASURE = """
import resource, sys
from crawlers.pages import read_page
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
reading = read_page("https://wide.example/", sys.argv[1].encode() * 1_000_000)
assert reading.lost, reading
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("tag", ["<b>", "<li>x"])
def test_a_million_open_elements_take_little_memory(tag: str) -> None:
    child = subprocess.run([sys.executable, "-c", _MEASURE, tag], capture_output=True, text=True, check=True)
    assert int(child.stdout) < 200  # MB; it was half a gigabyte
