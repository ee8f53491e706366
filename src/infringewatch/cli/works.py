"""`infringewatch works`: the registered texts of the installation, those of watch lists and those added singly."""

from __future__ import annotations

import getpass
import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import infringewatch.store  # noqa: F401  isort: skip
import click
from tqdm import tqdm

from infringewatch.actions.audit import Actor
from infringewatch.actions.people import LOCAL_TENANT
from infringewatch.documents import read_document
from infringewatch.errors import InputError
from infringewatch.flows.enrol import enrol_work, withdraw_work
from infringewatch.flows.library import Progress, find_works, sync_library, work_key
from infringewatch.installation import require_installation
from infringewatch.matching.works.copied import screen_page
from infringewatch.matching.works.store import FingerprintStore, find_chapters
from infringewatch.model import Right, RightKind, WorkType
from infringewatch.settings import Settings, get_settings
from infringewatch.store.models import Tenant

_FILE = click.Path(path_type=Path)
_HOLDER = click.option("--holder", default=LOCAL_TENANT, show_default=True, help="The tenant that owns the work.")


@click.group()
def works() -> None:
    """Keep the registered works that campaigns and scans screen against: add, withdraw, list, find."""


@works.command()
@click.argument("file", type=_FILE)
@_HOLDER
@click.option("--title", help="Default: the document's own title.")
@click.option("--author", default="", help="The author's name, where a page may name it.")
@click.option("--key", help="The registration number, or a key of your own; default: made of the text's hash.")
def add(file: Path, holder: str, title: str | None, author: str, key: str | None) -> None:
    """Register the work in FILE (TXT, EPUB, HTML, PDF or a folder of chapters), in place of what stood under its key.

    Works of a watch list (its column text_path) need no adding: importing the list registers them.
    """
    settings, now = _installation(), datetime.now(UTC)
    document = read_document(file)
    if not document.text.strip():
        raise InputError(f"{file.name}: holds no text")
    number = key or f"W-{hashlib.sha256(document.text.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    work = Right(
        kind=RightKind.COPYRIGHT,
        name=title or document.title or file.stem,
        registration_no=number,
        holder=holder,
        author=author,
        work_type=WorkType.LITERATURE,
    )
    enrol_work(file, work, tenant_name=holder, settings=settings, actor=_actor(), now=now)
    prints = _synced(settings)
    made = {one.key: one for one in prints.works()}[work_key(Tenant.objects.get(name=holder).pk, number)]
    chapters = len(find_chapters(prints.parts(made.number)))
    click.echo(f"{number}: {made.title}, {made.length:,} characters in {chapters} chapter{'s' * (chapters != 1)}")


@works.command()
@click.argument("key")
@_HOLDER
def remove(key: str, holder: str) -> None:
    """Withdraw the work KEY that was added singly; what was found of it stays."""
    settings = _installation()
    withdraw_work(key, tenant_name=holder, actor=_actor(), now=datetime.now(UTC))
    _synced(settings)
    click.echo(f"{key}: withdrawn")


@works.command("list")
def list_works() -> None:
    """One line for each work: holder, key, title, characters, chapters, the list that it stands in."""
    settings = _installation()
    prints = _synced(settings)
    made = {work.key: work for work in prints.works()}
    for work in find_works(settings):
        info = made[work.key]
        chapters = len(find_chapters(prints.parts(info.number)))
        row = (work.right.tenant.name, work.right.registration_no, work.right.name, str(info.length), str(chapters))
        click.echo("\t".join((*row, work.right.watch_list.name)))


@works.command()
def stats() -> None:
    """How many works and characters there are, and what they take on disk."""
    settings = _installation()
    kept = _synced(settings).works()
    size = settings.prints_file.stat().st_size / 1e6 if settings.prints_file.exists() else 0.0
    click.echo(f"{len(kept)} works, {sum(work.length for work in kept):,} characters, {size:.1f} MB with their texts")


@works.command()
@click.argument("file", type=_FILE)
def find(file: Path) -> None:
    """What FILE has of each work: characters, share of the file, share of the work, passages."""
    settings = _installation()
    prints = _synced(settings)
    names = {work.key: work.right.registration_no for work in find_works(settings)}
    found = screen_page(read_document(file).text, prints, None).works
    if not found:
        click.echo(f"{file.name}: no registered work found", err=True)
    for copied in found:
        click.echo(
            f"{names[copied.work.key]}\t{copied.work.title}\t{copied.covered:.0f} characters"
            f"\t{copied.share:.1%} of the file\t{copied.work_share:.1%} of the work\t{len(copied.passages)} passages"
        )


def _installation() -> Settings:
    settings = get_settings()
    require_installation(settings)
    return settings


def _synced(settings: Settings) -> FingerprintStore:
    with _characters() as progress:
        return sync_library(settings, progress=progress)


@contextmanager
def _characters() -> Iterator[Progress]:
    """A bar that counts characters as their prints are made."""
    with tqdm(unit=" chars", unit_scale=True, file=sys.stderr, disable=None, leave=False) as bar:

        def show(title: str, characters: int) -> None:
            bar.set_description(title[:30], refresh=False)
            bar.update(characters)

        yield show


def _actor() -> Actor:
    return Actor(getpass.getuser())
