"""`infringewatch audit`: checks the chain of the audit log, and shows its last entries."""

from __future__ import annotations

import json
import sys

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import iter_faults
from infringewatch.installation import require_installation
from infringewatch.settings import get_settings
from infringewatch.store.models import AuditEntry


@click.group()
def audit() -> None:
    """Check and print the audit log."""
    require_installation(get_settings())


@audit.command()
def check() -> None:
    """Walk the whole chain and name each entry that was changed, removed or cut off. Ends with 1 when one was."""
    faults = 0
    for fault in iter_faults():
        click.echo(str(fault), err=True)
        faults += 1
    click.echo(f"{AuditEntry.objects.count()} entries, {faults} faults")
    sys.exit(1 if faults else 0)


@audit.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1))
def show(last: int) -> None:
    """Print the last entries, the newest last."""
    for entry in reversed(AuditEntry.objects.order_by("-number")[:last]):
        data = json.dumps(entry.data, ensure_ascii=False)
        click.echo(
            f"{entry.number:>6} {entry.at:%Y-%m-%d %H:%M:%SZ} {entry.actor} {entry.action} {entry.subject} {data}"
        )
