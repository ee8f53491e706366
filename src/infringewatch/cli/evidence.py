"""`infringewatch evidence`: checks sealed evidence, hands it out, and removes what no hit names."""

from __future__ import annotations

import getpass
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from django.db import DatabaseError

# Not asked for by name, but first: importing the store makes Django ready for what comes below.
import infringewatch.store  # noqa: F401  isort: skip
from infringewatch.actions.audit import Actor
from infringewatch.errors import EvidenceError, NotFound, ServiceUnavailable
from infringewatch.evidence.package import export_bundles
from infringewatch.evidence.sweep import find_orphans, sweep_vault
from infringewatch.evidence.vault import BUNDLES, Vault
from infringewatch.evidence.verify import VerifyReport, verify_bundle
from infringewatch.flows.handout import export_hit, find_bundles
from infringewatch.settings import get_settings
from infringewatch.store.models import Bundle, Hit

_LONGEST_HIT = 12  # digits; a bundle's id has 64, of which one may give the first 16 or more
_SHORTEST_PREFIX = 16
_VAULT = click.option(
    "--vault", "root", type=click.Path(path_type=Path), help="A vault elsewhere (default: the installation's)."
)


@click.group()
def evidence() -> None:
    """Verify and export sealed evidence."""


@evidence.command()
@click.argument("targets", metavar="HIT|BUNDLE...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Check every bundle in the vault.")
@_VAULT
def verify(targets: Sequence[str], everything: bool, root: Path | None) -> None:
    """Read every byte of the evidence and name each file that is missing or has changed.

    HIT is a hit's number, BUNDLE a bundle's id or its first 16 digits or more. Ends with 1 when something is wrong.
    """
    vault = _open_vault(root)
    bundles = list(vault.iter_ids()) if everything else [b for target in targets for b in _find(vault, target)]
    if not bundles:
        raise EvidenceError("there is no sealed bundle to verify")
    reports = [verify_bundle(vault, bundle) for bundle in bundles]
    for report in reports:
        _tell(report)
    sys.exit(0 if all(report.ok for report in reports) else 1)


@evidence.command()
@click.argument("target", metavar="HIT|BUNDLE")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The ZIP to write.")
@_VAULT
def export(target: str, out: Path, root: Path | None) -> None:
    """Write one ZIP with everything sealed for a hit, which a stranger can check offline."""
    vault, now, actor = _open_vault(root), datetime.now(UTC), Actor(getpass.getuser())
    if _is_hit(target):
        with _store():
            sha256 = export_hit(_get_hit(target), out, vault=vault, actor=actor, now=now)
    else:
        export_bundles(vault, _find(vault, target), out, {"hit": None}, now=now, actor=actor.name)
        sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    click.echo(f"{out}\nsha256 {sha256}")


@evidence.command()
@click.option("--older-than", "hours", type=click.IntRange(min=1), default=24, show_default=True, help="Hours.")
@click.option("--remove", is_flag=True, help="Remove them; without this they are only counted.")
def sweep(hours: int, remove: bool) -> None:
    """Find bundles that no hit names (a crawl was killed just after sealing), and remove them with --remove."""
    vault = _open_vault(None)
    before = datetime.now(UTC) - timedelta(hours=hours)
    with _store():
        known = set(Bundle.objects.values_list("digest", flat=True))
    orphans = (sweep_vault if remove else find_orphans)(vault, known, before)
    word = "removed" if remove else "found"
    click.echo(f"{word}: {len(orphans.bundles)} bundles, {len(orphans.files)} files, {orphans.size:,} bytes")


def _tell(report: VerifyReport) -> None:
    for fault in report.faults:
        click.echo(f"{report.bundle}: {fault}", err=True)
    if report.ok:
        click.echo(f"{report.bundle}: OK, {report.files} files")


def _open_vault(root: Path | None) -> Vault:
    return Vault(root or get_settings().vault_dir)


def _is_hit(target: str) -> bool:
    return target.isdecimal() and len(target) <= _LONGEST_HIT


def _find(vault: Vault, target: str) -> list[str]:
    if not _is_hit(target):
        return [_complete(vault.iter_ids(), target.lower())]
    with _store():
        bundles = find_bundles(_get_hit(target))
    if not bundles:
        raise NotFound(f"nothing is sealed for hit {target}")
    return bundles


def _complete(ids: Iterable[str], given: str) -> str:
    if len(given) == 64:
        return given
    found = [bundle for bundle in ids if len(given) >= _SHORTEST_PREFIX and bundle.startswith(given)]
    if len(found) != 1:
        raise NotFound(f"{given!r} names no hit and no bundle in the vault ({BUNDLES} need {_SHORTEST_PREFIX} digits)")
    return found[0]


@contextmanager
def _store() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        home = get_settings().home
        raise ServiceUnavailable(f"the store of {home} cannot be read ({error}); see `infringewatch init`") from error


def _get_hit(number: str) -> Hit:
    """Without asking who may see it: whoever runs the command can read the installation's files anyway."""
    hit = Hit.objects.select_related("right").filter(pk=int(number)).first()
    if hit is None:
        raise NotFound(f"there is no hit {number}")
    return hit
