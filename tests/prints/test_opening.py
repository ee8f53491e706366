"""Which store of prints the settings choose."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from infringewatch.errors import InputError
from infringewatch.prints.opening import open_prints
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.settings import read_settings


def test_sqlite_is_what_an_installation_begins_with(tmp_path: Path) -> None:
    assert isinstance(open_prints(replace(read_settings({}), home=tmp_path)), SqlitePrints)


def test_elasticsearch_needs_an_address() -> None:
    with pytest.raises(InputError, match="ELASTICSEARCH_URL"):
        open_prints(read_settings({"INFRINGEWATCH_PRINTS": "elasticsearch"}))


def test_an_unknown_store_is_named() -> None:
    with pytest.raises(InputError, match="INFRINGEWATCH_PRINTS=redis"):
        open_prints(read_settings({"INFRINGEWATCH_PRINTS": "redis"}))
