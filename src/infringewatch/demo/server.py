"""Serves the three demo sites on loopback, each on a port of its own, from threads of one process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from infringewatch.demo import market, novels, videos
from infringewatch.demo.layout import Answer
from infringewatch.errors import ServiceUnavailable

PORTS = {"market": 18471, "novels": 18472, "videos": 18473}
"""Fixed, because the watch list licenses a part of one site and the bundled profiles name them."""
_SITES: dict[str, Callable[[str, dict[str, str], str], Answer]] = {
    "market": market.respond,
    "novels": novels.respond,
    "videos": videos.respond,
}


@dataclass(frozen=True, slots=True)
class DemoSites:
    """Sites that answer until ``stop``."""

    servers: tuple[ThreadingHTTPServer, ...]

    def stop(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()


def start_sites() -> DemoSites:
    """Start answering. Raises ServiceUnavailable where one of the ports is taken."""
    servers: list[ThreadingHTTPServer] = []
    for name, port in PORTS.items():
        try:
            servers.append(ThreadingHTTPServer(("127.0.0.1", port), _handler_of(name, port)))
        except OSError as error:
            for server in servers:
                server.server_close()
            raise ServiceUnavailable(f"the demo needs port {port} of 127.0.0.1: {error.strerror}") from error
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return DemoSites(tuple(servers))


def _handler_of(name: str, port: int) -> type[BaseHTTPRequestHandler]:
    respond, root = _SITES[name], f"http://127.0.0.1:{port}"

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            answer = respond(unquote(parts.path), dict(parse_qsl(parts.query)), root)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the crawl has its own log."""

    return Handler
