"""`infringewatch works`: a library of texts beside the watch lists, and what a text has of them.

Campaigns screen against the texts that their own lists name (``text_path``); this library is asked by `works find`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from tqdm import tqdm

from infringewatch.compiling import iter_parts
from infringewatch.documents import read_document
from infringewatch.errors import NotFound
from infringewatch.matching.works.copied import screen_page
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.settings import get_settings

_FILE = click.Path(path_type=Path)


@click.group()
def works() -> None:
    """Keep a library of works: add, withdraw, list, and find what a text has of them.

    Campaigns do not read it: they screen against the texts that their watch lists name.
    """


@works.command()
@click.argument("file", type=_FILE)
@click.option("--key", required=True, help="The registration number, or a key of your own.")
@click.option("--title", help="Default: the document's own title.")
def add(file: Path, key: str, title: str | None) -> None:
    """Add the work in FILE (TXT, EPUB, HTML, PDF or a folder of chapters), in place of what stood under KEY."""
    store = _open()
    work = store.add(key, title or read_document(file).title or file.stem, _with_progress(file))
    click.echo(f"{work.key}: {work.title}, {work.length} characters in {len(store.parts(work.number))} parts")


@works.command()
@click.argument("key")
def remove(key: str) -> None:
    """Withdraw the work KEY with its text and prints."""
    if not _open().remove(key):
        raise NotFound(f"no work {key!r} is in the library")
    click.echo(f"{key}: withdrawn")


@works.command("list")
def list_works() -> None:
    """One line for each work: key, title, characters."""
    for work in _open().works():
        click.echo(f"{work.key}\t{work.title}\t{work.length}")


@works.command()
def stats() -> None:
    """How many works and characters there are, and what they take on disk."""
    kept = _open().works()
    size = get_settings().prints_file.stat().st_size / 1e6
    click.echo(f"{len(kept)} works, {sum(work.length for work in kept)} characters, {size:.1f} MB with their texts")


@works.command()
@click.argument("file", type=_FILE)
def find(file: Path) -> None:
    """What FILE has of each work: characters, share of the file, share of the work, passages."""
    for copied in screen_page(read_document(file).text, _open(), None)[1]:
        click.echo(
            f"{copied.work.key}\t{copied.work.title}\t{copied.covered:.0f} characters"
            f"\t{copied.share:.1%} of the file\t{copied.work_share:.1%} of the work\t{len(copied.passages)} passages"
        )


def _open() -> SqlitePrints:
    file = get_settings().prints_file
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqlitePrints(file)


def _with_progress(file: Path) -> Iterator[WorkPart]:
    yield from tqdm(list(iter_parts(file)), unit="part", disable=None)
