"""Which TLS protocol and cipher a host agreed to: Scrapy's downloader checks the certificate, but does not tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from OpenSSL import SSL
from OpenSSL.crypto import X509
from scrapy.crawler import Crawler
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import optionsForClientTLS
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

_connections: WeakValueDictionary[tuple[str, int], SSL.Connection] = WeakValueDictionary()


def agreed_with(host: str, port: int) -> str:
    """Protocol and cipher of the newest connection to a host, such as ``TLSv1.3 TLS_AES_256_GCM_SHA384``; empty where
    there is none any more."""
    connection = _connections.get((host, port))
    if connection is None or connection.get_cipher_name() is None:
        return ""
    return f"{connection.get_protocol_version_name()} {connection.get_cipher_name()}"


@implementer(IPolicyForHTTPS)
class RememberingPolicy(BrowserLikePolicyForHTTPS):
    """Twisted's own policy (the platform's certificates, the host's name verified), which keeps its connections in
    sight. No exception can be made."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> RememberingPolicy:
        return cls()

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        host = hostname.decode("ascii")
        return _Remembering(optionsForClientTLS(host.strip("[]")), host, port)


@implementer(IOpenSSLClientConnectionCreator)
class _Remembering:
    """A maker of connections that notes each one it makes."""

    def __init__(self, maker: Any, host: str, port: int) -> None:
        self._maker = maker
        self._key = (host, port)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        connection: SSL.Connection = self._maker.clientConnectionForTLS(protocol)
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _verifier(self._key[0]))
        _connections[self._key] = connection
        return connection


def _verifier(host: str) -> Callable[[SSL.Connection, X509, int, int, int], bool]:
    """Twisted's own check lets a trusted certificate pass that names no host at all; this one does not."""
    literal = host.strip("[]")
    is_address = isIPAddress(literal) or isIPv6Address(literal)
    service = IPAddress_ID(literal) if is_address else DNS_ID(literal)

    def verify(connection: SSL.Connection, certificate: X509, error: int, depth: int, ok: int) -> bool:
        if not ok or depth:  # only the last certificate of the chain names the host
            return bool(ok)
        try:
            verify_service_identity(extract_patterns(certificate), [service], [])
        except (VerificationError, CertificateError, ValueError):
            return False
        return True

    return verify
