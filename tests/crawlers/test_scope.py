"""The scope: which addresses may be asked for."""

from __future__ import annotations

import pytest

from crawlers.scope import Scope, is_private, unwanted


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_it_knows_a_private_address_in_every_spelling(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "shop.example"])
def test_it_lets_public_addresses_and_names_pass(address: str) -> None:
    assert not is_private(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://shop.example/a", ""),
        ("http://www.shop.example/a", ""),
        ("http://SHOP.example:80/a", ""),
        ("http://m.novel.example/", ""),
        ("http://novel.example/", "outside the scope"),
        ("http://evil.example/?u=http://shop.example/", "outside the scope"),
        ("http://shop.example.evil.example/", "outside the scope"),
        ("http://shop.example:8080/", "outside the scope"),
        ("http://user:secret@shop.example/", "an address with a password in it"),
        ("http://shop.example@evil.example/", "an address with a password in it"),
        ("file:///etc/passwd", "not a web address"),
        ("ftp://shop.example/", "not a web address"),
        ("http://shop.example:port/", "not an address"),
        ("http://10.0.0.7/", "a private address"),
    ],
)
def test_it_says_why_an_address_is_refused(url: str, reason: str) -> None:
    scope = Scope.of(["shop.example", "*.m.novel.example", "m.novel.example", "10.0.0.7"])
    assert scope.refusal(url) == reason


def test_private_addresses_pass_where_they_are_allowed() -> None:
    assert Scope.of(["127.0.0.1:8001"], allow_private=True).refusal("http://127.0.0.1:8001/") == ""


def test_another_port_of_an_allowed_private_host_is_outside() -> None:
    scope = Scope.of(["127.0.0.1:8001"], allow_private=True)
    assert scope.refusal("http://127.0.0.1:9200/") == "outside the scope"


def test_a_name_in_another_script_is_known_by_its_punycode() -> None:
    assert Scope.of(["书店.example"]).refusal("http://书店.example/") == ""


def test_a_profile_denies_before_it_allows() -> None:
    assert unwanted("http://a/x/1", allow=["/x/"], deny=["/1$"]) == "denied by the profile"
    assert unwanted("http://a/y", allow=["/x/"], deny=[]) == "not among what the profile allows"
    assert unwanted("http://a/x/2", allow=["/x/"], deny=[]) == ""
