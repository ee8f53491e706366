"""What changed between two versions of a list. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from infringewatch.model import Right


@dataclass(frozen=True, slots=True)
class ListChange:
    """Registration numbers by what happened to them, in the order of the new list (withdrawn: of the old)."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]
    same: tuple[str, ...]


def diff_rights(old: Iterable[Right], new: Iterable[Right]) -> ListChange:
    """Compare by registration number; the row's place in the file is no change."""
    before = {right.registration_no: right for right in old}
    after = {right.registration_no: right for right in new}
    return ListChange(
        added=tuple(no for no in after if no not in before),
        changed=tuple(no for no, right in after.items() if no in before and before[no] != right),
        withdrawn=tuple(no for no in before if no not in after),
        same=tuple(no for no, right in after.items() if before.get(no) == right),
    )
