"""`infringewatch demo`: the whole job on the bundled sites, by the real path."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

import click

from infringewatch.cli.place import settle
from infringewatch.errors import ServiceUnavailable
from infringewatch.settings import get_settings


@click.command()
@click.option("--no-serve", is_flag=True, help="End after the table.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Where the demo's data goes.")
@click.option("--port", default=8470, show_default=True, help="Where the review queue is served.")
def demo(no_serve: bool, data: Path | None, port: int) -> None:
    """Crawl three bundled fictional sites, show the hits, and open the review queue.

    Everything stays on 127.0.0.1. The demo's data is made anew each time.
    """
    if not no_serve:
        _require_free(port)
    home = (data or get_settings().home.with_name("infringewatch-demo")).absolute()
    _make_anew(home)
    for engine in ("DATABASE_URL", "ELASTICSEARCH_URL", "INFRINGEWATCH_PRINTS"):
        os.environ.pop(engine, None)  # the demo's fictional rows belong in no real store
    settings = settle(home, allow_private=True)
    # Only now: Django reads the installation's place when it is imported, and the line above has just said it.
    from infringewatch.cli.demonstration import run_demo

    sys.exit(run_demo(settings, port=None if no_serve else port))


def _require_free(port: int) -> None:
    """Say now, and not after the crawl, that the queue cannot be served."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise ServiceUnavailable(f"port {port} cannot be used: {error.strerror}; name another with --port") from error


def _make_anew(home: Path) -> None:
    """Only a folder that a demo made is ever emptied."""
    mark = home / ".infringewatch-demo"
    if home.exists() and any(home.iterdir()):
        if not mark.exists():
            raise click.ClickException(f"{home} holds something that no demo made; name another folder with --data")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()
