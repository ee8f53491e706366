"""The labelled titles of ``cases/marks.txt``, split by mark into a part to look at and a part that is only scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infringewatch.model import Item, ItemKind, Right, RightKind

_FILE = Path(__file__).parent / "cases" / "marks.txt"


@dataclass(frozen=True, slots=True)
class Case:
    """``part`` is ``look`` or ``score``: whoever tunes looks at the cases of the first only."""

    mark: str
    classes: tuple[int, ...]
    wanted: bool
    technique: str
    title: str

    @property
    def part(self) -> str:
        return "score" if hashlib.sha256(self.mark.encode()).digest()[0] % 2 else "look"

    @property
    def item(self) -> Item:
        return Item(id=self.title, kind=ItemKind.LISTING, title=self.title)


def read_cases() -> list[Case]:
    return list(_iter_cases())


def _iter_cases() -> Iterator[Case]:
    mark, classes = "", tuple[int, ...]()
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            mark, _, listed = (part.strip() for part in line[2:].partition("|"))
            classes = tuple(int(number) for number in listed.split(";"))
        elif line[:2] in ("+ ", "- "):
            technique, _, title = line[2:].partition(": ")
            yield Case(mark, classes, line[0] == "+", technique, title)


def make_rights(cases: list[Case]) -> list[Right]:
    marks = dict.fromkeys((case.mark, case.classes) for case in cases)
    return [
        Right(RightKind.TRADEMARK, mark, f"T{number}", holder=f"Holder {number}", nice_classes=classes)
        for number, (mark, classes) in enumerate(marks)
    ]
