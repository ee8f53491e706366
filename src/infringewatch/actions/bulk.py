"""Many rows at once past the ORM, for the tables that every fetched page fills: a tenth of the ORM's time a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from infringewatch.model import JSON


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    key: Sequence[str] = (),
    renewed: Sequence[str] = (),
) -> None:
    """Insert ``rows``, whose values stand in the order of ``names`` (columns) and are adapted already.

    Where a row with the same ``key`` stands, its columns ``renewed`` are written over. Call inside a transaction.
    """
    if not rows:
        return
    columns, places = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608 - our own names only
    if key:
        updates = ", ".join(f'"{name}" = excluded."{name}"' for name in renewed)
        sql += f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {updates}"
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def adapt_time(moment: datetime) -> Any:
    """The moment as this database takes it."""
    return connection.ops.adapt_datetimefield_value(moment)


def adapt_json(value: JSON) -> Any:
    """The value as this database takes it."""
    return connection.ops.adapt_json_value(value, None)
