"""The labelled titles of ``cases/marks.txt``, split by mark into a part to look at and a part that is only scored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from infringewatch.model import Item, ItemKind, Right, RightKind

_CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """``part`` is ``look`` or ``score``: whoever tunes looks at the cases of the first only."""

    mark: str
    classes: tuple[int, ...]
    wanted: bool
    technique: str
    title: str
    price: Decimal | None = None
    reference_price: Decimal | None = None

    @property
    def part(self) -> str:
        return "score" if hashlib.sha256(self.mark.encode()).digest()[0] % 2 else "look"

    @property
    def item(self) -> Item:
        return Item(id=self.title, kind=ItemKind.LISTING, title=self.title, price=self.price)


def read_cases() -> list[Case]:
    return list(_iter_cases("marks.txt"))


def read_exact_cases() -> list[Case]:
    """Exact mentions: goods offered under a mark, and the same letters where they are none."""
    return list(_iter_cases("exact.txt"))


def _iter_cases(name: str) -> Iterator[Case]:
    mark, classes, reference = "", tuple[int, ...](), None
    for line in (_CASES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("= "):
            mark, listed, *more = (part.strip() for part in line[2:].split("|"))
            classes = tuple(int(number) for number in listed.split(";"))
            reference = Decimal(more[0]) if more else None
        elif line[:2] in ("+ ", "- "):
            technique, _, rest = line[2:].partition(": ")
            title, _, price = rest.partition(" @ price=")
            yield Case(mark, classes, line[0] == "+", technique, title, Decimal(price) if price else None, reference)


def make_rights(cases: list[Case]) -> list[Right]:
    marks = dict.fromkeys((case.mark, case.classes, case.reference_price) for case in cases)
    return [
        Right(
            RightKind.TRADEMARK,
            mark,
            f"T{number}",
            holder=f"Holder {number}",
            nice_classes=classes,
            reference_price=price,
        )
        for number, (mark, classes, price) in enumerate(marks)
    ]
