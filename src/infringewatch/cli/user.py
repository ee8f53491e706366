"""`infringewatch user`: people and their roles."""

from __future__ import annotations

import getpass
import secrets
import sys
from datetime import UTC, datetime

import click

import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import Actor
from infringewatch.actions.people import LOCAL_TENANT, add_user
from infringewatch.installation import require_installation
from infringewatch.model import Role
from infringewatch.settings import get_settings


@click.group()
def user() -> None:
    """Add people and set their roles."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default="analyst", show_default=True)
@click.option("--holder", default=LOCAL_TENANT, show_default=True, help="The tenant the person belongs to.")
@click.option("--password", help="Default: asked for; where there is no terminal, one is made and printed.")
def add(name: str, role: str, holder: str, password: str | None) -> None:
    """Add a person who may log in to the review queue."""
    require_installation(get_settings())
    made = False
    if password is None and sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if password is None:
        password, made = secrets.token_urlsafe(12), True
    add_user(name, password, Role(role), holder, actor=Actor(getpass.getuser()), now=datetime.now(UTC))
    click.echo(f"added {name} ({role}, {holder})" + (f", password: {password}" if made else ""))
