"""Names become addresses of either kind, and private ones of either kind are refused. No real name is looked up."""

from __future__ import annotations

import socket
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.resolver import dnscache
from twisted.internet import threads
from twisted.internet.defer import maybeDeferred
from twisted.internet.error import DNSLookupError
from twisted.internet.task import Clock

from crawlers.browser import resolver_rules
from crawlers.resolver import GuardedResolver, private_names
from crawlers.scope import Scope, SiteScope

NAMES = {
    "four.example": ["93.184.215.14"],
    "six.example": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "both.example": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "inside-four.example": ["10.0.0.8"],
    "inside-six.example": ["fd00::8"],
    "loop-six.example": ["::1"],
    "mapped-six.example": ["::ffff:10.0.0.8"],
}


def _by_four(name: str) -> str:
    found = [address for address in NAMES.get(name, []) if "." in address and ":" not in address]
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "not known")
    return found[0]


def _by_any(name: str, port: None, family: int = 0, type: int = 0) -> list[Any]:
    found = [address for address in reversed(NAMES.get(name, [])) if ":" in address or family != socket.AF_INET6]
    if not found:
        raise socket.gaierror(socket.EAI_NONAME, "not known")
    return [(family, type, 6, "", (address, 0)) for address in found]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> GuardedResolver:
    monkeypatch.setattr(socket, "gethostbyname", _by_four)
    monkeypatch.setattr(socket, "getaddrinfo", _by_any)
    monkeypatch.setattr(threads, "deferToThreadPool", lambda _, __, ask, *given: maybeDeferred(ask, *given))
    monkeypatch.setattr(dnscache, "limit", 100)
    dnscache.clear()
    private_names.clear()
    clock: Any = Clock()
    clock.getThreadPool = lambda: None
    return GuardedResolver(clock, 100, 5.0)


def _allowing(resolver: GuardedResolver) -> GuardedResolver:
    spider = SimpleNamespace(session=SimpleNamespace(scope=SimpleNamespace(allow_private=True)))
    resolver._process = SimpleNamespace(crawlers=[SimpleNamespace(spider=spider)])  # type: ignore[assignment]
    return resolver


def resolve(resolver: GuardedResolver, name: str) -> Any:
    """The address, or what the lookup failed with."""
    ended: list[Any] = []
    resolver.getHostByName(name).addBoth(ended.append)
    return getattr(ended[0], "value", ended[0])


@pytest.mark.parametrize("name", ["four.example", "six.example", "both.example"])
def test_a_name_gives_its_first_address_of_either_kind(resolver: GuardedResolver, name: str) -> None:
    assert resolve(resolver, name) == NAMES[name][0]


def test_an_ipv6_address_is_found_again_without_a_look_up(
    resolver: GuardedResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve(resolver, "six.example")
    monkeypatch.setattr(socket, "gethostbyname", None)
    assert resolve(resolver, "six.example") == NAMES["six.example"][0]


@pytest.mark.parametrize("name", [name for name in NAMES if "-" in name])
def test_a_private_address_of_either_kind_is_refused(resolver: GuardedResolver, name: str) -> None:
    for _ in range(2):  # also when it is remembered
        assert isinstance(resolve(resolver, name), DNSLookupError)
    assert name in private_names


@pytest.mark.parametrize("name", ["inside-four.example", "inside-six.example"])
def test_a_private_address_is_given_where_the_scope_allows_it(resolver: GuardedResolver, name: str) -> None:
    assert resolve(_allowing(resolver), name) == NAMES[name][0]


def test_a_name_that_leads_nowhere_fails_as_a_look_up(resolver: GuardedResolver) -> None:
    assert isinstance(resolve(resolver, "none.example"), DNSLookupError)
    assert "none.example" not in private_names


def test_an_ipv6_address_stands_for_itself(resolver: GuardedResolver) -> None:
    assert resolve(resolver, "[2606:2800::1]") == "2606:2800::1"


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("six.example", f"MAP six.example:80 [{NAMES['six.example'][0]}]:80"),
        ("both.example", f"MAP both.example:80 {NAMES['both.example'][0]}:80"),
    ],
)
def test_the_browser_is_pinned_to_an_address_of_either_kind(
    monkeypatch: pytest.MonkeyPatch, name: str, rule: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _by_any)
    assert rule in resolver_rules(Scope((SiteScope(name),))).split(",")


@pytest.mark.parametrize("name", [name for name in NAMES if "-" in name])
def test_the_browser_is_pinned_to_no_private_address(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _by_any)
    assert resolver_rules(Scope((SiteScope(name),))) == "MAP * ~NOTFOUND"
