"""`infringewatch extract`: starts the crawlers' extractor as a process of its own and waits for it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import click


@click.command()
@click.option("--pages", type=click.Path(path_type=Path), required=True, help="JSON Lines with id, url, path.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the items go; - for stdout.")
@click.option("--profile", type=click.Path(path_type=Path), help="A site profile (YAML).")
def extract(pages: Path, out: Path, profile: Path | None) -> None:
    """Turn saved pages into items, each with where its fields came from."""
    command = [sys.executable, "-m", "crawlers.extract", "--pages", str(pages), "--out", str(out)]
    if profile:
        command += ["--profile", str(profile)]
    child = subprocess.Popen(command)  # noqa: S603  (our own module, arguments passed as a list)
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        code = child.wait()
    sys.exit(code if code in (0, 1) else 2)
