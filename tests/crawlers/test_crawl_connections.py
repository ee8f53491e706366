"""What a crawl connects to: private addresses, certificates, IPv6."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.crawlers.crawling import Crawl, crawl_of, shop
from tests.crawlers.loopback import Site, serving

pytestmark = pytest.mark.services  # real processes that wait and are stopped: too long for the quick suite


def test_a_name_that_points_to_a_private_address_is_refused(tmp_path: Path) -> None:
    with serving(Site(shop(2))) as site:
        port = site.url.rpartition(":")[2]
        profile = {"name": "x", "hosts": [f"localhost:{port}"], "start": [f"http://localhost:{port}/"]}
        crawl = Crawl(tmp_path, {"profiles": [profile]})
        crawl.run(INFRINGEWATCH_ALLOW_PRIVATE="0")
    assert crawl.outcomes()["/"] == ("refused", "the name points to a private address")
    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert crawl.outcomes()["/"] == ("error", "the certificate is not trusted")
    assert site.asked == []


def test_protocol_cipher_and_issuer_of_a_trusted_certificate_are_recorded(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path) as site:
        crawl = crawl_of(site, tmp_path)
        log = crawl.run(SSL_CERT_FILE=str(tmp_path / "own.pem"))
    assert crawl.titles() >= {"Morning Lamp 1", "Morning Lamp 2"}
    (tls,) = {row[0] for row in crawl.rows("SELECT tls FROM page")}
    assert re.fullmatch(r"TLSv1\.[23] \w+; verified; issued by 127\.0\.0\.1", tls)
    assert "Traceback" not in log


def test_a_trusted_certificate_that_names_no_host_is_not_believed(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path, names_host=False) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run(SSL_CERT_FILE=str(tmp_path / "own.pem"))
    assert crawl.outcomes()["/"] == ("error", "the certificate is not trusted")
    assert site.asked == []


def test_an_ipv6_literal_is_asked_where_private_addresses_are_allowed(tmp_path: Path) -> None:
    site = Site(shop(2))
    with serving(site, host="::1"):
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert crawl.titles() >= {"Morning Lamp 1", "Morning Lamp 2"}


def test_an_ipv6_loopback_is_refused_where_they_are_not(tmp_path: Path) -> None:
    site = Site(shop(2))
    with serving(site, host="::1"):
        crawl = crawl_of(site, tmp_path, allow_private=False)
        crawl.run()
    assert set(crawl.outcomes().values()) == {("refused", "a private address")}
    assert site.asked == []
