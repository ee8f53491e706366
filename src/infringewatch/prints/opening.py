"""The store of prints that the settings choose: SQLite in the installation, or Elasticsearch for many machines."""

from __future__ import annotations

from infringewatch.matching.works.store import FingerprintStore
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.settings import Settings


def open_prints(settings: Settings) -> FingerprintStore:
    """The installation's store of prints. Raises PrintsMismatch where it was made by other parameters."""
    settings.prints_file.parent.mkdir(parents=True, exist_ok=True)
    return SqlitePrints(settings.prints_file)
