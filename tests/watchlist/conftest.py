"""Watch lists on disk, written by each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

HEADER = "kind,name,registration_no"


@pytest.fixture
def write_list(tmp_path: Path) -> Callable[..., Path]:
    """Writes a list below ``tmp_path`` and gives its path."""

    def write(content: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write
