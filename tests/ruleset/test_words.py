"""Small forms that rules and watch lists share: hosts and cron lines."""

from __future__ import annotations

import pytest

from infringewatch.hosts import is_host
from infringewatch.ruleset.cron import is_cron


@pytest.mark.parametrize("host", ["a.example", "a.example:80", "*.a.example", "书城.example", "127.0.0.1", "[::1]:80"])
def test_it_is_a_host(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize(
    "host", ["", "*", "*.", "a.*.example", "http://a.example", "a b", "a.example:", "a:0", "a:x", "a..b", "-a.example"]
)
def test_it_is_no_host(host: str) -> None:
    assert not is_host(host)


@pytest.mark.parametrize("line", ["30 2 * * mon-fri", "*/5 * * * *", "0 0 31 dec 7", "1,2-5/2 * * * *"])
def test_it_is_a_cron_line(line: str) -> None:
    assert is_cron(line)


@pytest.mark.parametrize("line", ["", "* * * *", "60 * * * *", "x * * * *", "5-1 * * * *", "*/0 * * * *", "0 0 * * 8"])
def test_it_is_no_cron_line(line: str) -> None:
    assert not is_cron(line)
