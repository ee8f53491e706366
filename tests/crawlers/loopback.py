"""A small web server on loopback whose pages are functions, and which remembers what it was asked for."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Asked:
    path: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Reply:
    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Callable[[Any], None] | None = None
    raw: Callable[[Any], None] | None = None


Page = str | bytes | Reply | Callable[[Asked], "str | bytes | Reply"]


class Site:
    """``pages`` maps a path (with its query) to what is shown; ``fallback`` answers everything else."""

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages: dict[str, Page] = dict(pages or {})
        self.fallback: Page = Reply("<title>404</title><p>no such page", 404)
        self.asked: list[Asked] = []
        self.url = ""

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        page = self.pages.get(asked.path, self.fallback)
        shown = page(asked) if callable(page) else page
        return shown if isinstance(shown, Reply) else Reply(shown)


class _Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6


@contextmanager
def serving(
    site: Site, *, tls_folder: Path | None = None, port: int = 0, host: str = "127.0.0.1", names_host: bool = True
) -> Iterator[Site]:
    """``tls_folder``: speak TLS, with a certificate of our own that is kept there, and ``names_host`` or not."""

    open_connections: list[socket.socket] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            open_connections.append(self.connection)

        def do_GET(self) -> None:
            reply = site.answer(Asked(self.path, dict(self.headers), monotonic()))
            if reply.raw is not None:
                self.close_connection = True
                with suppress(OSError):
                    reply.raw(self.wfile)
                return
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            headers = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **reply.headers}
            if reply.stream is not None:
                headers.pop("Content-Length")
                headers["Connection"] = "close"
                self.close_connection = True
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
                if reply.stream is not None:
                    reply.stream(self.wfile)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = _Server((host, port), Handler) if ":" in host else ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # crawlers that are killed hang up
    if tls_folder is not None:
        server.socket = _own_tls(tls_folder, names_host=names_host).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    site.url = f"{'https' if tls_folder else 'http'}://{f'[{host}]' if ':' in host else host}:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        for connection in open_connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _own_tls(folder: Path, *, names_host: bool) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that is signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    if names_host:
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(alternative, critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    pem = folder / "own.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
