"""`infringewatch rules`: name every mistake of the rules, by file, line and key."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from infringewatch.ruleset import Ruleset, check_rules, load_ruleset
from infringewatch.settings import get_settings


@click.group()
def rules() -> None:
    """Check the rules of measures, sites and campaigns."""


@rules.command()
@click.argument("directory", type=click.Path(path_type=Path), required=False)
def check(directory: Path | None) -> None:
    """Check DIRECTORY (default: the installation's rules). Exit code 1 where there is a mistake."""
    folder = directory or get_settings().rules_dir
    faults = check_rules(folder)
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        click.echo(f"{folder}: {len(faults)} mistake{'' if len(faults) == 1 else 's'}")
        sys.exit(1)
    click.echo(f"{folder}: {_summary(load_ruleset(folder))}")


def _summary(ruleset: Ruleset) -> str:
    packs = ", ".join(pack.rule_id for pack in ruleset.measures.values()) or "no measures"
    return (
        f"no mistakes; {packs}; {len(ruleset.lexicons)} lexicons, {len(ruleset.sites)} sites, "
        f"{len(ruleset.campaigns)} campaigns, {len(ruleset.regimes)} regimes; version {ruleset.version}"
    )
