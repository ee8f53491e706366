"""What changed between two versions of a list."""

from __future__ import annotations

from dataclasses import replace

from infringewatch.model import Right, RightKind
from infringewatch.watchlist import diff_rights

A, B, C = (Right(RightKind.TRADEMARK, name, name.lower()) for name in "ABC")


def test_it_tells_added_changed_withdrawn_and_same() -> None:
    change = diff_rights([A, B, C], [replace(A, row=9), replace(B, notes="new"), replace(A, registration_no="d")])
    assert (change.added, change.changed, change.withdrawn, change.same) == (("d",), ("b",), ("c",), ("a",))
