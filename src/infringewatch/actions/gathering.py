"""Chapters of one work on one site under one hit: on which address it stands, what it is called, how strong it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from infringewatch.actions.records import Judged, seller_of, url_hash
from infringewatch.books import book_addresses, book_folder
from infringewatch.model import Item, ItemKind, Level, Queue
from infringewatch.normalise import host_of
from infringewatch.store.models import Hit, Observation, Sighting

MANY_CHAPTERS = 3
"""So many chapters of one site that copy one work are a copy of the work, whatever each of them weighs."""
_SITE_SCORE = 0.9
_FEATURE = "many_chapters"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where chapters gather: hits of licensed pages and of others never share one."""

    right: int
    folder: str
    licensed: bool


def gather_chapters(judged: Sequence[Judged]) -> list[Judged]:
    """Those chapters that name no book, put under the hit of their book where their address makes the book plain.

    The hit stands on the page of the book where one was observed, else on the first of its chapters that was seen:
    always on an address that exists, so that it can be looked at again. Call inside the transaction that records.
    """
    places = {_place_of(one): one for one in judged if _is_astray(one)}
    if not places:
        return list(judged)
    homes = _standing_hits(places)
    books = _observed_books(place.folder for place in places)
    gathered = []
    for one in judged:
        if _is_astray(one):
            place = _place_of(one)
            home = homes.setdefault(place, books.get(place.folder) or one.hit_url)
            one = replace(one, hit_url=home)
        gathered.append(one)
    return gathered


def name_books(hits: Iterable[Hit]) -> None:
    """Give hits that stand on a book's page the book's title and, where its chapters name none, its seller. Not saved."""
    written = [hit for hit in hits if hit.kind in (ItemKind.CHAPTER, ItemKind.BOOK)]
    observed = _books_at([hit.url_hash for hit in written])
    for hit in written:
        book = observed.get(hit.url_hash)
        if book is not None:
            hit.title = book.title or hit.title
            hit.seller = hit.seller or seller_of(book)
        if book is not None or hit.item.get("parent_url"):
            hit.kind = ItemKind.BOOK


def rename_standing(urls: Iterable[str]) -> list[Hit]:
    """The hits, changed and saved, that stood on these books' pages before the book itself was seen."""
    hits = list(Hit.objects.select_for_update().filter(url_hash__in=list(map(url_hash, urls)), kind=ItemKind.BOOK))
    before = {hit.pk: (hit.title, hit.seller) for hit in hits}
    name_books(hits)
    changed = [hit for hit in hits if (hit.title, hit.seller) != before[hit.pk]]
    for hit in changed:
        hit.revision += 1
    Hit.objects.bulk_update(changed, ["title", "seller", "revision"])
    return changed


def weigh_sites(hits: Sequence[Hit]) -> list[Hit]:
    """Raise the hits of each work that a site copies in several chapters; returns those that changed, not saved.

    ``hits`` are those just recorded; others of the same site and work that were too few before are raised with them. A
    licensed page counts for nothing and is never raised. A row of the explanation says what was added.
    """
    changed = []
    for right, host in {(hit.right_id, hit.host) for hit in hits if hit.queue != Queue.AUTHORISED}:
        chapters = copied_chapters(right, host).order_by().values("url_hash").distinct()
        if len(chapters[:MANY_CHAPTERS]) == MANY_CHAPTERS:  # a long book has thousands: no more than needed are read
            mine = [hit for hit in hits if (hit.right_id, hit.host) == (right, host) and _is_copied_chapter(hit)]
            changed += [hit for hit in [*mine, *_weaker_hits(right, host, mine)] if _raise(hit)]
    return changed


def own_score(hit: Hit) -> float:
    """What the hit's own finding scored, without what its site adds."""
    return float(hit.finding.get("score", hit.score))


def _is_astray(one: Judged) -> bool:
    return one.item.kind is ItemKind.CHAPTER and one.hit_url == one.url and bool(book_folder(one.url))


def _place_of(one: Judged) -> _Place:
    return _Place(one.right_id, book_folder(one.url), one.finding.queue is Queue.AUTHORISED)


def _standing_hits(places: Iterable[_Place]) -> dict[_Place, str]:
    """The oldest hit of each place: on the book's page or on one of its chapters."""
    wanted = set(places)
    rows = Hit.objects.filter(
        right_id__in={place.right for place in wanted}, host__in={host_of(place.folder) for place in wanted}
    )
    pages = {url: place.folder for place in wanted for url in book_addresses(place.folder)}
    found: dict[_Place, str] = {}
    for right, url, queue in rows.order_by("pk").values_list("right_id", "canonical_url", "queue"):
        place = _Place(right, pages.get(url) or book_folder(url), queue == Queue.AUTHORISED)
        if place in wanted:
            found.setdefault(place, url)
    return found


def _observed_books(folders: Iterable[str]) -> dict[str, str]:
    """Folder -> the address of its book's page, where that was observed as a book."""
    pages = {url_hash(url): (folder, url) for folder in folders for url in book_addresses(folder)}
    known = Observation.objects.filter(url_hash__in=list(pages), kind=ItemKind.BOOK).values_list("url_hash", flat=True)
    return dict(pages[hashed] for hashed in known)


def _books_at(hashes: Sequence[str]) -> dict[str, Item]:
    rows = Observation.objects.filter(url_hash__in=hashes, kind=ItemKind.BOOK).values_list("url_hash", "fields")
    return {hashed: Item.from_record(fields) for hashed, fields in rows}


def copied_chapters(right: int, host: str) -> QuerySet[Sighting]:
    """Every sighting of a chapter of this host that copies text of this work without a licence."""
    return Sighting.objects.filter(
        hit__right_id=right,
        hit__host=host,
        level__in=(Level.REVIEW, Level.STRONG),
        item__kind=ItemKind.CHAPTER,
        finding__details__covered__gt=0,
    ).exclude(hit__queue=Queue.AUTHORISED)


def _weaker_hits(right: int, host: str, known: Sequence[Hit]) -> list[Hit]:
    rows = Hit.objects.select_for_update().filter(right_id=right, host=host, score__lt=_SITE_SCORE)
    rows = rows.filter(kind__in=(ItemKind.CHAPTER, ItemKind.BOOK)).exclude(pk__in=[hit.pk for hit in known])
    return [hit for hit in rows if _is_copied_chapter(hit)]


def _is_copied_chapter(hit: Hit) -> bool:
    copied = hit.item.get("kind") == ItemKind.CHAPTER and hit.finding.get("details", {}).get("covered", 0) > 0
    return bool(copied and hit.queue != Queue.AUTHORISED and hit.level != Level.IGNORE)


def _raise(hit: Hit) -> bool:
    own, score = own_score(hit), max(hit.score, _SITE_SCORE)
    rows = [row for row in hit.finding.get("explanation", ()) if row["feature"] != _FEATURE]
    row = {
        "feature": _FEATURE,
        "weight": round(score - own, 4),
        "detail": f"at least {MANY_CHAPTERS} chapters of {hit.host} copy the work",
        "values": {"chapters": MANY_CHAPTERS, "host": hit.host},
    }
    finding = {**hit.finding, "explanation": [*rows, row]}
    if (hit.score, hit.level, hit.finding) == (score, Level.STRONG, finding):
        return False
    hit.score, hit.level, hit.finding = score, Level.STRONG, finding
    return True
