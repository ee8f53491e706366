"""`infringewatch index`: brings the search index up to date, or makes it anew."""

from __future__ import annotations

import sys

import click
from django.db import DatabaseError
from tqdm import tqdm

# Not asked for by name, but first: importing the store makes Django ready for what comes below.
import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.errors import ServiceUnavailable
from infringewatch.flows import indexing
from infringewatch.search import get_backend
from infringewatch.search.backend import LAYOUT
from infringewatch.settings import get_settings


@click.group()
def index() -> None:
    """Drain and rebuild the search index. The index is a copy: losing it loses nothing."""


@index.command()
def drain() -> None:
    """Bring every change that the index has not seen to the index. Ends with 1 when the engine refused some."""
    with tqdm(total=_count_waiting(), unit="change", disable=None) as bar:
        drained = indexing.drain(get_backend(get_settings()), progress=bar.update)
    click.echo(f"{drained.rows} changes drained, {_count_waiting()} waiting")
    for hit, reason in drained.faults.items():
        click.echo(f"hit {hit}: refused by the search engine: {reason}", err=True)
    if drained.faults:
        sys.exit(1)


@index.command()
def rebuild() -> None:
    """Make the index anew from the store. Searches and changes go on; the new index then takes the old one's place."""
    _count_waiting()
    with tqdm(total=indexing.count_hits(), unit="hit", disable=None) as bar:
        hits = indexing.rebuild(get_backend(get_settings()), progress=bar.update)
    click.echo(f"index rebuilt: {hits} hits")


@index.command()
def status() -> None:
    """Say what the index holds and what waits for it."""
    waiting = _count_waiting()
    found = get_backend(get_settings()).status()
    if found is None:
        click.echo("no index yet: the first drain makes it")
    else:
        click.echo(f"{found.engine}, index {found.index}: {found.documents} hits")
        if found.layout != LAYOUT:
            click.echo(f"layout {found.layout}, but {LAYOUT} is needed: run `infringewatch index rebuild`")
        if found.building:
            click.echo(f"being rebuilt: {found.building} (if no rebuild runs, start one: it begins anew)")
    click.echo(f"{waiting} changes waiting")


def _count_waiting() -> int:
    try:
        return indexing.count_waiting()
    except DatabaseError as error:
        raise ServiceUnavailable(f"the store cannot be read ({error}): run `infringewatch init` first") from error
