"""`infringewatch watchlist`: check a list, import it into the store, list what is stored."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import infringewatch.store  # noqa: F401  isort: skip
import click
from django.db.models import Count, Q
from tqdm import tqdm

from infringewatch.actions.audit import Actor
from infringewatch.actions.people import LOCAL_TENANT
from infringewatch.errors import NotFound
from infringewatch.flows.enrol import enrol_read, preview
from infringewatch.installation import require_installation
from infringewatch.matching.marks.forms import shared_names
from infringewatch.settings import get_settings
from infringewatch.store.models import WatchList
from infringewatch.watchlist import WatchListFile, read_watchlist, unpack_watchlist_zip

_FILE = click.Path(path_type=Path)


@click.group()
def watchlist() -> None:
    """Check, import and list watch lists."""


@watchlist.command()
@click.argument("file", type=_FILE)
@click.option("--against", help="The stored list that FILE is to become: say what storing it would change.")
@click.option("--holder", default=LOCAL_TENANT, show_default=True, help="The tenant that owns that list.")
def check(file: Path, against: str | None, holder: str) -> None:
    """Name every fault of FILE (CSV, TSV, XLSX, JSON, or a ZIP with a list and its files); store nothing."""
    with _read(file, holder if against else "") as read:
        _say_faults(read)
        if not read.rows:
            click.echo(f"{file}: holds no right", err=True)
        _say_shared(read)
        click.echo(f"{file}: {_count(read.rows, 'row')}, {_count(len(read.rights), 'good right')}, {_faulty(read)}")
        if against:
            _say_change(read, against, holder)
    sys.exit(1 if read.faults or not read.rights else 0)


@watchlist.command("import")
@click.argument("file", type=_FILE)
@click.option("--holder", default=LOCAL_TENANT, show_default=True, help="The tenant that owns the list.")
@click.option("--list", "list_name", help="The list's name; default: the file's.")
@click.option("--skip-bad-rows", is_flag=True, help="Store the good rows, and say which were left out.")
def import_list(file: Path, holder: str, list_name: str | None, skip_bad_rows: bool) -> None:
    """Make FILE the content of a list: all rows, or none. The same file twice changes nothing."""
    settings = get_settings()
    with _read(file, holder) as read:
        if skip_bad_rows:
            _say_faults(read)
        else:
            _say_unknown(read)
        require_installation(settings)
        name = list_name or file.name
        stored = enrol_read(
            read,
            file_name=file.name,
            tenant_name=holder,
            list_name=name,
            settings=settings,
            actor=Actor(getpass.getuser()),
            now=datetime.now(UTC),
            skip_bad_rows=skip_bad_rows,
        )
        _say_shared(read)
    if stored.is_same:
        click.echo(f"{name} of {holder}: nothing has changed; version {stored.version} stays")
    else:
        change = f"{len(stored.added):,} added, {len(stored.changed):,} changed, {len(stored.withdrawn):,} withdrawn"
        click.echo(f"{name} of {holder}: version {stored.version}: {change}")
    sys.exit(1 if read.faults else 0)


@watchlist.command("list")
def show() -> None:
    """The stored lists: tenant, name, version, rights in force."""
    require_installation(get_settings())
    lists = WatchList.objects.annotate(
        rights_in_force=Count("rights", filter=Q(rights__withdrawn_at__isnull=True), distinct=True)
    )
    for row in lists.select_related("tenant").order_by("tenant__name", "name"):
        last = row.versions.order_by("-number").first()
        version = f"version {last.number} of {last.imported_at:%Y-%m-%d %H:%M} UTC" if last else "no version"
        click.echo(f"{row.tenant.name}\t{row.name}\t{version}\t{_count(row.rights_in_force, 'right')}")


def _say_change(read: WatchListFile, name: str, holder: str) -> None:
    """Each right that storing would add (+), change (~, with the columns) or withdraw (-), then the sums."""
    require_installation(get_settings())
    if not WatchList.objects.filter(tenant__name=holder, name=name).exists():
        raise NotFound(f"{holder} has no watch list “{name}” (see `infringewatch watchlist list`)")
    change = preview(read, tenant_name=holder, list_name=name)
    for sign, rights in (("+", change.added), ("~", change.changed), ("-", change.withdrawn)):
        for right in rights:
            columns = f"\t{', '.join(right.fields)}" if right.fields else ""
            click.echo(f"{sign} {right.registration_no}\t{right.name}{columns}")
    sums = f"{len(change.added):,} added, {len(change.changed):,} changed, {len(change.withdrawn):,} withdrawn"
    click.echo(f"against {name} of {holder}: {sums}, {change.same:,} the same")


@contextmanager
def _read(file: Path, holder: str) -> Iterator[WatchListFile]:
    """The list, from a ZIP too; a ZIP's files are there as long as the block runs."""
    with TemporaryDirectory(prefix="infringewatch-") as folder:
        path = unpack_watchlist_zip(file, Path(folder)) if file.suffix.lower() == ".zip" else file
        with _progress() as progress:
            read = read_watchlist(path, default_holder=holder, progress=progress)
        yield read


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    with tqdm(unit=" rows", file=sys.stderr, disable=None, leave=False) as bar:

        def show_rows(done: int, total: int) -> None:
            bar.total = max(total, done)
            bar.update(done - bar.n)

        yield show_rows


def _say_faults(read: WatchListFile) -> None:
    for fault in read.faults:
        click.echo(str(fault), err=True)
    _say_unknown(read)


def _say_shared(read: WatchListFile) -> None:
    for conflict in shared_names(read.rights):
        click.echo(f"note: “{conflict.form}” is registered for {', '.join(conflict.holders)}", err=True)


def _say_unknown(read: WatchListFile) -> None:
    if read.unknown_columns:
        click.echo(f"{read.path}:1: unknown columns, not read: {', '.join(read.unknown_columns)}", err=True)


def _faulty(read: WatchListFile) -> str:
    rows = len({fault.line for fault in read.faults})
    return f"{_count(len(read.faults), 'fault')} in {_count(rows, 'row')}" if rows else "no faults"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
