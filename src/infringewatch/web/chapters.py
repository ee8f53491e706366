"""Which chapters of a registered work a site has: a hit's sightings read as chapters, without their long findings."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from infringewatch.model import Level
from infringewatch.store.models import Hit, Sighting

_FIELDS = {
    "pk": "pk",
    "hit_id": "hit_id",
    "url": "url",
    "url_hash": "url_hash",
    "level": "level",
    "score": "score",
    "title": "item__title",
    "position": "item__position",
    "covered": "finding__details__covered",
    "of": "finding__details__chapters_of",
    "shares": "finding__details__chapter_shares",
}


@dataclass(frozen=True, slots=True)
class ChapterSeen:
    """One page of a hit in its newest sighting. ``shares``: number of a registered chapter -> what is copied of it;
    ``of`` is how many chapters the work has."""

    pk: int
    hit_id: int
    url: str
    title: str
    position: int | None
    level: str
    score: float
    covered: int
    of: int
    shares: dict[int, float]

    @property
    def main(self) -> int:
        """The registered chapter of which the page has the most; 0 where it has no text of one."""
        return max(self.shares, key=lambda number: self.shares[number], default=0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A registered chapter: its name, the greatest share that one page has of it, and that page."""

    number: int
    name: str
    share: float
    seen: ChapterSeen | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """``cells`` are the registered chapters in their order; ``moved`` the pages that come earlier in the work than
    the page before them."""

    cells: list[Cell]
    found: int
    moved: list[ChapterSeen]

    @property
    def missing(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.seen is None]

    @property
    def share(self) -> float:
        return self.found / len(self.cells) if self.cells else 0.0


def chapters_seen(sightings: QuerySet[Sighting]) -> list[ChapterSeen]:
    """The newest sighting of each address that copies text, in reading order."""
    newest: dict[tuple[int, str], dict[str, Any]] = {}
    for row in sightings.exclude(level=Level.IGNORE).order_by("seen_at", "pk").values(*_FIELDS.values()):
        newest[row["hit_id"], row["url_hash"]] = row
    return sorted(map(_seen, newest.values()), key=_reading_order)


def chapters_of_hit(hit: Hit) -> list[ChapterSeen]:
    return chapters_seen(hit.sightings.all())


def measure_coverage(seen: Iterable[ChapterSeen], names: Sequence[str] = ()) -> Coverage:
    """How the pages ``seen`` (in reading order) cover a work whose chapters are called ``names``. Pure."""
    pages = [one for one in seen if one.shares]
    count = max([len(names), *(one.of for one in pages), *(number for one in pages for number in one.shares)])
    best: dict[int, ChapterSeen] = {}
    for one in pages:
        for number, share in one.shares.items():
            if number not in best or share > best[number].shares[number]:
                best[number] = one
    cells = [_cell(number, names, best.get(number)) for number in range(1, count + 1)]
    moved = [after for before, after in itertools.pairwise(pages) if after.main < before.main]
    return Coverage(cells, len(best), moved)


def _cell(number: int, names: Sequence[str], seen: ChapterSeen | None) -> Cell:
    name = names[number - 1] if number <= len(names) else str(number)
    return Cell(number, name, seen.shares[number] if seen else 0.0, seen)


def _seen(row: dict[str, Any]) -> ChapterSeen:
    values = {name: row[field] for name, field in _FIELDS.items()}
    return ChapterSeen(
        pk=values["pk"],
        hit_id=values["hit_id"],
        url=values["url"],
        title=values["title"] or values["url"],
        position=values["position"],
        level=values["level"],
        score=values["score"],
        covered=values["covered"] or 0,
        of=values["of"] or 0,
        shares={int(number): float(share) for number, share in values["shares"] or ()},
    )


def _reading_order(one: ChapterSeen) -> tuple[bool, int, str]:
    return one.position is None, one.position or 0, one.url
