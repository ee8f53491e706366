"""Site × work: which site has how much of which registered work, counted over all hits that a user may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from infringewatch.model import Level, RightKind
from infringewatch.store.access import hits_for
from infringewatch.store.models import Hit, Sighting, User
from infringewatch.web.chapters import ChapterSeen, Coverage, chapters_seen, measure_coverage

_RANK = {Level.IGNORE: 0, Level.REVIEW: 1, Level.STRONG: 2}


@dataclass(frozen=True, slots=True)
class Holding:
    """What one site has of one work. ``hit`` is the strongest of ``hits`` (uploads, or offers of it); ``licensed`` says
    that all of them are."""

    host: str
    right: int
    work: str
    hits: list[Hit]
    coverage: Coverage
    licensed: bool

    @property
    def hit(self) -> Hit:
        return max(self.hits, key=lambda hit: (_RANK[Level(hit.level)], hit.score))


@dataclass(frozen=True, slots=True)
class Matrix:
    """``rows`` are sites, whether its pages there are licensed, and one entry a work (``None``: nothing found). The worst site and the most copied work
    come first."""

    works: list[tuple[int, str]]
    rows: list[tuple[str, bool, list[Holding | None]]]


def build_matrix(user: User) -> Matrix:
    hits = hits_for(user).filter(right__kind=RightKind.COPYRIGHT).exclude(level=Level.IGNORE)
    light = list(hits.select_related("right").defer("finding", "item").order_by("pk"))
    copied = Sighting.objects.filter(hit__in=hits.values("pk"), finding__details__covered__gt=0)
    return arrange(light, chapters_seen(copied))


def arrange(hits: Sequence[Hit], seen: Iterable[ChapterSeen]) -> Matrix:
    """The matrix of these hits. Licensed and other copies on one site are two rows."""
    pages: dict[int, list[ChapterSeen]] = {}
    for one in seen:
        pages.setdefault(one.hit_id, []).append(one)
    groups: dict[tuple[str, bool, int], list[Hit]] = {}
    for hit in hits:
        groups.setdefault((_site_of(hit), bool(hit.suppressed_by), hit.right_id), []).append(hit)
    holdings = {key: _holding(key, mine, pages) for key, mine in groups.items()}
    works = {right: mine[0].right.name for (_, _, right), mine in groups.items()}
    order = sorted(works, key=lambda right: (-_weight(h for k, h in holdings.items() if k[2] == right), works[right]))
    sites = sorted(
        {key[:2] for key in holdings},
        key=lambda site: (site[1], -_weight(h for k, h in holdings.items() if k[:2] == site), site[0]),
    )
    return Matrix(
        [(right, works[right]) for right in order],
        [(host, licensed, [holdings.get((host, licensed, right)) for right in order]) for host, licensed in sites],
    )


def _holding(key: tuple[str, bool, int], hits: list[Hit], pages: dict[int, list[ChapterSeen]]) -> Holding:
    host, licensed, right = key
    coverage = measure_coverage([one for hit in hits for one in pages.get(hit.pk, ())])
    return Holding(host, right, hits[0].right.name, hits, coverage, licensed)


def _site_of(hit: Hit) -> str:
    """Host and port: an address of its own is a site of its own."""
    return urlsplit(hit.canonical_url).netloc or hit.host


def _weight(holdings: Iterable[Holding]) -> float:
    return sum(_RANK[Level(holding.hit.level)] + holding.coverage.found for holding in holdings)
