"""The installation's regimes of notice, read once and again whenever a file of them changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from infringewatch.errors import InputError
from infringewatch.ruleset import Regime, load_regimes
from infringewatch.settings import get_settings


def get_regimes() -> Mapping[str, Regime]:
    """All regimes by id. Raises RuleError with every mistake of their files."""
    folder = get_settings().rules_dir
    files = sorted((folder / "regimes").glob("*.y*ml"))
    return _read(folder, tuple((file.name, file.stat().st_mtime_ns) for file in files))


def get_regime(regime_id: str) -> Regime:
    """One regime. Raises InputError for an id that no file has."""
    regime = get_regimes().get(regime_id)
    if regime is None:
        raise InputError(f"there is no way of notice {regime_id!r}")
    return regime


@lru_cache(maxsize=4)
def _read(folder: Path, _stamps: tuple[tuple[str, int], ...]) -> Mapping[str, Regime]:
    return load_regimes(folder)
