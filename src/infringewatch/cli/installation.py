"""`infringewatch init`: makes the installation."""

from __future__ import annotations

import click

from infringewatch.installation import make_installation
from infringewatch.settings import get_settings


@click.command()
def init() -> None:
    """Make an installation, or bring an older one up to date."""
    settings = get_settings()
    is_new = make_installation(settings)
    click.echo(f"{'made' if is_new else 'up to date'}: {settings.home}")
    if settings.chromium is None:
        click.echo("no Chromium was found: screenshots and JavaScript-only pages will be recorded as needs_browser")
    if is_new:
        click.echo("next: infringewatch user add NAME, then infringewatch serve")
