"""A vault in a folder of its own, and a page sealed into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infringewatch.evidence.seal import seal_page
from infringewatch.evidence.vault import Vault
from infringewatch.model import CapturedFile, Sealed
from tests.evidence.samples import NOW, PROVENANCE, make_capture, make_page


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


@pytest.fixture
def seal(vault: Vault) -> Callable[..., Sealed]:
    """Seals a page over one redirect, with an item and a screenshot; options as ``seal_page`` has them."""

    def seal(**options: Any) -> Sealed:
        redirect = make_capture(
            "http://shop.test/go", status=302, body=b"", response_headers=((b"Location", b"/item/1"),)
        )
        picture = CapturedFile("screen.png", "image/png", b"\x89PNG not really")
        given: dict[str, Any] = {"documents": {"item.json": b"{}\n"}, "provenance": PROVENANCE, "now": NOW}
        return seal_page(vault, make_page(redirect, make_capture(), files=(picture,)), **(given | options))

    return seal
