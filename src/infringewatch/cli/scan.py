"""`infringewatch scan`: the shortest way to the main job, with no campaign file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from infringewatch.cli.place import settle


@click.command()
@click.argument("urls", nargs=-1, required=True)
@click.option("--watchlist", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Findings, JSON Lines.")
@click.option("--profile", type=click.Path(path_type=Path, exists=True), help="A site profile (YAML).")
@click.option("--items-out", type=click.Path(path_type=Path), help="Every item extracted, JSON Lines.")
@click.option("--holder", default="local", show_default=True, help="The tenant that owns the list and its hits.")
@click.option("--max-pages", type=click.IntRange(1), help="Ask for this many pages at most.")
@click.option("--max-time", type=click.IntRange(1), help="Seconds.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="A store of its own.")
@click.option("--allow-private", is_flag=True, help="Addresses on loopback and intranets may be asked.")
def scan(
    urls: tuple[str, ...],
    watchlist: Path,
    out: Path,
    profile: Path | None,
    items_out: Path | None,
    holder: str,
    max_pages: int | None,
    max_time: int | None,
    data: Path | None,
    allow_private: bool,
) -> None:
    """Crawl the hosts of URLS and match what is found against a watch list.

    The hits stand in the review queue afterwards, with sealed evidence.
    """
    settings = settle(data, allow_private=allow_private)
    # Only now: Django reads the installation's place when it is imported, and --data has just said it.
    from infringewatch.cli.scanning import Scan, run_scan

    plan = Scan(urls, watchlist, out, profile, items_out, holder, max_pages or 0, max_time or 0, allow_private)
    sys.exit(run_scan(plan, settings))
