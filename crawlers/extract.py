"""`python -m crawlers.extract`: saved pages to the items that the crawler would make of them.

Reads lines with ``id``, ``url`` and ``path`` (HTML, gzipped or not; relative to the list's file), writes items.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from zlib import error as ZlibError

import click

from crawlers.pages import read_page
from infringewatch.errors import Fault, InfringeWatchError, InputError
from infringewatch.ruleset import SiteProfile, load_profile

MAX_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One line of the list. ``content_type`` is the header that came with the page, if it was kept."""

    id: str
    url: str
    path: Path
    content_type: str = ""


def iter_saved_pages(pages: Path, faults: list[Fault]) -> Iterator[SavedPage]:
    """The lines of ``pages``; a line that cannot be used becomes a fault."""
    with pages.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                path = pages.parent / str(record["path"])
                yield SavedPage(str(record["id"]), str(record["url"]), path, str(record.get("content_type") or ""))
            except (ValueError, KeyError, TypeError) as error:
                faults.append(Fault(str(pages), f"a line needs id, url and path ({error!r})", number))


def read_saved_body(path: Path) -> bytes:
    """The file's bytes, unpacked where they are gzip; at most MAX_BYTES."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        return gzip.GzipFile(fileobj=raw).read(MAX_BYTES) if packed else raw.read(MAX_BYTES)


def extract_pages(pages: Path, out: TextIO, profile: SiteProfile | None) -> list[Fault]:
    """Write one line for each item of each page to ``out``. Returns the faults of the list."""
    faults: list[Fault] = []
    for page in iter_saved_pages(pages, faults):
        try:
            body = read_saved_body(page.path)
        except (OSError, EOFError, ZlibError) as error:
            faults.append(Fault(str(pages), f"{page.id}: {page.path.name} cannot be read: {error}"))
            continue
        reading = read_page(
            page.url, body, content_type=page.content_type, profile=profile, item_id=page.id, thorough=True
        )
        for item in reading.items:
            out.write(json.dumps(item.to_record(), ensure_ascii=False) + "\n")
    return faults


@click.command()
@click.option("--pages", type=click.Path(path_type=Path), required=True, help="JSON Lines with id, url, path.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the items go; - for stdout.")
@click.option("--profile", type=click.Path(path_type=Path), help="A site profile (YAML).")
def main(pages: Path, out: Path, profile: Path | None) -> None:
    """Turn saved pages into items."""
    try:
        loaded = load_profile(profile) if profile else None
        if str(out) == "-":
            faults = extract_pages(pages, sys.stdout, loaded)
        else:
            with out.open("w", encoding="utf-8") as handle:
                faults = extract_pages(pages, handle, loaded)
    except (InfringeWatchError, OSError, UnicodeDecodeError) as error:
        for fault in error.faults if isinstance(error, InputError) else ():
            click.echo(str(fault), err=True)
        click.echo(f"infringewatch extract: {error}", err=True)
        sys.exit(2)
    for fault in faults:
        click.echo(str(fault), err=True)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
