"""`infringewatch site`: looks at a site by the crawlers' probe, started as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import click


@click.group()
def site() -> None:
    """Look at a new site, draft its profile, and keep its pages to notice when they change."""


@site.command()
@click.argument("url")
@click.option("--max-pages", default=30, show_default=True, help="How many pages to ask for at most.")
@click.option("--max-time", default=120, show_default=True, help="How many seconds to look at most.")
@click.option("--allow-private", is_flag=True, help="Addresses on loopback and intranets may be asked.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the drafted profile goes; default: the screen.")
def probe(url: str, max_pages: int, max_time: int, allow_private: bool, out: Path | None) -> None:
    """Look at URL: how its pages answer, what would be extracted, and a draft of its profile."""
    command = [sys.executable, "-m", "crawlers.probe", url, "--max-pages", str(max_pages), "--max-time", str(max_time)]
    command += ["--allow-private"] if allow_private else []
    command += ["--out", str(out)] if out else []
    _run(command)


@site.command()
@click.argument("url")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder that the fixture goes into.")
@click.option("--profile", type=click.Path(path_type=Path), help="The site's profile; without one a draft is kept.")
@click.option("--max-pages", default=40, show_default=True, help="How many pages to ask for at most.")
@click.option("--max-time", default=180, show_default=True, help="How many seconds to look at most.")
@click.option("--allow-private", is_flag=True, help="Addresses on loopback and intranets may be asked.")
def record(url: str, out: Path, profile: Path | None, max_pages: int, max_time: int, allow_private: bool) -> None:
    """Crawl a little of URL and keep pages of each kind, with the items that they give, as a fixture."""
    command = [sys.executable, "-m", "crawlers.fixtures", "record", url, "--out", str(out)]
    command += ["--max-pages", str(max_pages), "--max-time", str(max_time)]
    command += ["--allow-private"] if allow_private else []
    command += ["--profile", str(profile)] if profile else []
    _run(command)


@site.command()
@click.argument("folder", type=click.Path(path_type=Path))
def check(folder: Path) -> None:
    """Read the pages of a fixture again and name every field that changed (exit code 1)."""
    _run([sys.executable, "-m", "crawlers.fixtures", "check", str(folder)])


def _run(command: list[str]) -> None:
    # In a session of its own: a Ctrl-C reaches it through us, once; a second one would end it without its last words.
    child = subprocess.Popen(command, start_new_session=True)  # noqa: S603  (our own module, a list of arguments)
    try:
        code = child.wait()
    except KeyboardInterrupt:
        child.send_signal(signal.SIGINT)
        code = child.wait()
    sys.exit(code if code in (0, 1) else 2)
