"""The three fictional sites on loopback, one port each: ``python -m infringewatch.demo.sites [first port]``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from infringewatch.demo.answers import DemoSite
from infringewatch.demo.market import Market
from infringewatch.demo.novels import Novels
from infringewatch.demo.videos import Videos
from infringewatch.errors import ServiceUnavailable

FIRST_PORT = 18471
SITE_NAMES = ("market", "novels", "videos")
_LOOPBACK = "127.0.0.1"


def site_addresses(first_port: int = FIRST_PORT) -> Mapping[str, str]:
    """host:port of each site by its name."""
    return {name: f"{_LOOPBACK}:{first_port + offset}" for offset, name in enumerate(SITE_NAMES)}


@dataclass(slots=True)
class DemoSites:
    """Serves the sites while the block runs. ``asked`` lists what was asked for, as (site, path)."""

    first_port: int = FIRST_PORT
    asked: list[tuple[str, str]] = field(default_factory=list)
    _servers: list[ThreadingHTTPServer] = field(default_factory=list)

    def __enter__(self) -> DemoSites:
        sites: tuple[DemoSite, ...] = (Market(), Novels(), Videos())
        for offset, site in enumerate(sites):
            try:
                server = _Server((_LOOPBACK, self.first_port + offset), _make_handler(site, self.asked))
            except OSError as error:
                self.close()
                raise ServiceUnavailable(
                    f"port {self.first_port + offset} of {_LOOPBACK} is taken, and the demo's sites need it"
                ) from error
            self._servers.append(server)
            Thread(target=server.serve_forever, name=f"demo {site.name}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def _make_handler(site: DemoSite, asked: list[tuple[str, str]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 5

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path, query = unquote(parts.path), dict(parse_qsl(parts.query))
            asked.append((site.name, path))
            answer = site.respond(path, query, f"http://{self.headers.get('Host', _LOOPBACK)}")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_HEAD = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the table at the end is what a reader wants to see."""

    return Handler


def main() -> None:
    first = int(sys.argv[1]) if len(sys.argv) > 1 else FIRST_PORT
    with DemoSites(first):
        for name, address in site_addresses(first).items():
            print(f"{name}: http://{address}/", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()


if __name__ == "__main__":
    main()
