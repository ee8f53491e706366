"""`infringewatch serve`: the review queue, with the scheduler beside it."""

from __future__ import annotations

import signal
import subprocess
import sys

import click
from waitress import serve as serve_wsgi

from infringewatch.errors import ServiceUnavailable
from infringewatch.installation import require_installation
from infringewatch.settings import get_settings
from infringewatch.web.wsgi import application


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8470, show_default=True)
@click.option("--no-scheduler", is_flag=True, help="Leave what is due to another process.")
def serve(host: str, port: int, no_scheduler: bool) -> None:
    """Serve the review queue."""
    require_installation(get_settings())
    serve_queue(host, port, with_scheduler=not no_scheduler)


def serve_queue(host: str, port: int, *, with_scheduler: bool = True) -> None:
    """Serve until Ctrl-C; the scheduler is a process beside it and ends with it."""
    clock = subprocess.Popen([sys.executable, "-m", "infringewatch", "scheduler"]) if with_scheduler else None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # else the scheduler would outlive a service that is stopped
    click.echo(f"the review queue is at http://{host}:{port}/ (Ctrl-C ends)")
    try:
        serve_wsgi(application, host=host, port=port, threads=8, ident="InfringeWatch")
    except OSError as error:
        raise ServiceUnavailable(f"port {port} cannot be used: {error.strerror}") from error
    finally:
        if clock is not None:
            clock.terminate()
            clock.wait(timeout=30)
