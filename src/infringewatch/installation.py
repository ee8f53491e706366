"""Makes an installation, or brings an older one up to date: data folder, secret key, tables. Safe to repeat."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

from infringewatch.actions.people import LOCAL_TENANT, ensure_tenant
from infringewatch.errors import ServiceUnavailable, StopRun
from infringewatch.settings import Settings
from infringewatch.store.models import Tenant


def make_installation(settings: Settings) -> bool:
    """Make what is missing; returns whether the installation is new.

    Raises StopRun where the data folder cannot be written, ServiceUnavailable where the database is away.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        is_new = _keep_secret(settings)
    except OSError as error:
        raise StopRun(f"{settings.home} cannot be written: {error.strerror}") from error
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise ServiceUnavailable(f"the database cannot be used: {error}") from error
    ensure_tenant(LOCAL_TENANT, datetime.now(UTC))
    return is_new


def require_installation(settings: Settings) -> None:
    """Make an installation where there is none yet, so that the first command a newcomer types just works."""
    if "store_tenant" not in _tables():
        make_installation(settings)
    elif not Tenant.objects.filter(name=LOCAL_TENANT).exists():
        ensure_tenant(LOCAL_TENANT, datetime.now(UTC))


def _tables() -> list[str]:
    if connection.vendor == "sqlite" and not _database_exists():
        return []
    try:
        return connection.introspection.table_names()
    except OperationalError as error:
        raise ServiceUnavailable(f"the database cannot be used: {error}") from error


def _database_exists() -> bool:
    return Path(str(connection.settings_dict["NAME"])).exists()


def _keep_secret(settings: Settings) -> bool:
    """The key that signs sessions; readable by its owner only."""
    path = settings.home / "secret_key"
    if path.exists():
        return False
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return True
