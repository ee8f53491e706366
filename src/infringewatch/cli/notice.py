"""`infringewatch notice`: what notices wait for, and sending those whose channel sends by itself."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
from tqdm import tqdm

# Not asked for by name, but first: importing the store makes Django ready for what comes below.
import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.installation import require_installation
from infringewatch.model import NoticeState
from infringewatch.scheduler import send_notices
from infringewatch.settings import get_settings
from infringewatch.store.models import Deadline, Notice

_WAITING = (NoticeState.DRAFT, NoticeState.QUEUED, NoticeState.SENDING, NoticeState.UNCERTAIN)


@click.group()
def notice() -> None:
    """List what notices wait for, and send those that are ready."""


@notice.command()
def due() -> None:
    """List notices that are not out yet, and the running clocks of those that are. Ends with 1 when one is overdue."""
    require_installation(get_settings())
    now = datetime.now(UTC)
    for row in Notice.objects.filter(state__in=_WAITING).select_related("case").order_by("pk"):
        click.echo(f"notice {row.pk}\t{row.state}\t{row.case.title}\t{row.trouble}")
    running = Deadline.objects.filter(met_at=None, ended_at=None).order_by("due_at", "pk")
    late = 0
    for one in running:
        overdue = one.due_at is not None and one.due_at < now and not one.at_least
        late += overdue
        when = f"{one.due_at:%Y-%m-%d %H:%M} UTC" if one.due_at else "no fixed day"
        word = "overdue" if overdue else "not before" if one.at_least else "due"
        click.echo(f"notice {one.notice_id}\t{word}\t{when}\t{one.rule['title']['en']} ({one.rule['article']})")
    if late:
        click.echo(f"{late} overdue", err=True)
        sys.exit(1)


@notice.command()
def send() -> None:
    """Send what is ready, by channels that send by themselves. Ends with 1 when one was held back or is uncertain."""
    settings = get_settings()
    require_installation(settings)
    with tqdm(unit="bundle", desc="evidence", disable=None) as bar:

        def show(read: int, count: int) -> None:
            bar.total = count
            bar.update(read - bar.n)

        outcomes = send_notices(settings, datetime.now(UTC), progress=show)
    for outcome in outcomes:
        click.echo(f"notice {outcome.notice}: {outcome.how} {outcome.detail}")
    if not outcomes:
        click.echo("nothing is ready to be sent by a channel")
    if any(outcome.how != "sent" for outcome in outcomes):
        sys.exit(1)
