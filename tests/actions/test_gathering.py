"""Chapters of one work on one site: one hit, called after its book, strong from the third chapter on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import open_run, save_campaign
from infringewatch.actions.crawl import record_pages
from infringewatch.actions.list_changes import RightRecord
from infringewatch.actions.lists import ListSource, store_list
from infringewatch.actions.people import ensure_tenant
from infringewatch.actions.records import Judged
from infringewatch.model import Finding, Item, ItemKind, Level, Outcome, PageResult, Queue, Sealed
from infringewatch.store.models import Hit, Outbox, Right, Sighting

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
SITE = "http://novels.example"
Record = Callable[..., None]


@pytest.fixture
def record() -> Record:
    """Records pages of a run: books (not judged) and chapters that copy the one registered work."""
    tenant = ensure_tenant("holder", NOW)
    row = RightRecord("CR-1", "copyright", "雾港灯火录", "", {"kind": "copyright"}, ())
    store_list(tenant, "list", ListSource("list.csv", "0" * 64), [row], actor=MACHINE_ACTOR, now=NOW)
    right = Right.objects.get(registration_no="CR-1")
    campaign = save_campaign("c", "C", {}, actor=MACHINE_ACTOR, now=NOW)
    run = open_run(campaign, NOW, actor=MACHINE_ACTOR, now=NOW)[0].pk

    def write(*items: Item, score: float = 0.6, queue: Queue = Queue.PIRACY) -> None:
        pages = [PageResult(item.url, item.url, item.url, Outcome.OK, NOW, items=(item,)) for item in items]
        chapters = [item for item in items if item.kind is ItemKind.CHAPTER]
        record_pages(run, pages, [_judge(right, item, score, queue) for item in chapters], NOW)

    return write


def _judge(right: Right, item: Item, score: float, queue: Queue) -> Judged:
    level = Level.STRONG if score >= 0.8 else Level.REVIEW
    details = {"covered": 200, "work_share": 0.1}
    finding = Finding(item.id, "CR-1", right.name, "28", queue, "m28@1", 1.0, score, level, details=details)
    sealed = Sealed(item.id.encode().hex().ljust(64, "0")[:64], NOW, 1)
    return Judged(right.pk, right.tenant_id, item, finding, sealed, item.url, item.parent_url or item.url)


def _chapter(path: str, book: str = "", **values: Any) -> Item:
    return Item(path, ItemKind.CHAPTER, url=SITE + path, parent_url=SITE + book if book else "", **values)


def _chapters(count: int, book: str = "/book/12/", *, linked: bool = True) -> list[Item]:
    return [_chapter(f"{book}{n}.html", book if linked else "", title=f"第{n}章") for n in range(1, count + 1)]


_BOOK = Item("b", ItemKind.BOOK, url=f"{SITE}/book/12/", title="海城守夜人", author="夜航船")


def test_chapters_gather_under_their_book(record: Record) -> None:
    record(*_chapters(4))
    assert (Hit.objects.count(), Sighting.objects.count()) == (1, 4)


def test_the_hit_is_called_after_the_book(record: Record) -> None:
    record(_BOOK, *_chapters(2))
    hit = Hit.objects.get()
    assert (hit.title, hit.seller, hit.kind) == ("海城守夜人", "夜航船", "book")


def test_a_book_that_is_seen_after_its_chapters_names_the_hit(record: Record) -> None:
    record(*_chapters(2))
    before = Hit.objects.get().revision
    record(_BOOK)
    hit = Hit.objects.get()
    assert hit.title == "海城守夜人"
    assert hit.revision == before + 1


def test_the_book_keeps_its_name_when_a_stronger_chapter_comes(record: Record) -> None:
    record(_BOOK, *_chapters(1))
    record(_chapter("/book/12/2.html", "/book/12/", title="第2章"), score=0.97)
    assert Hit.objects.get().title == "海城守夜人"


def test_two_chapters_leave_the_level(record: Record) -> None:
    record(*_chapters(2))
    assert Hit.objects.get().level == "review"


def test_the_third_chapter_raises_it_and_says_why(record: Record) -> None:
    record(*_chapters(2))
    record(_chapter("/book/12/3.html", "/book/12/"))
    hit = Hit.objects.get()
    assert (hit.level, hit.score) == ("strong", 0.9)
    row = next(row for row in hit.finding["explanation"] if row["feature"] == "many_chapters")
    assert row["weight"] == pytest.approx(0.3)


def test_a_stronger_chapter_still_speaks_for_a_raised_hit(record: Record) -> None:
    record(*_chapters(3))
    record(_chapter("/book/12/4.html", "/book/12/"), score=0.7)
    hit = Hit.objects.get()
    assert (hit.finding["item_id"], hit.score) == ("/book/12/4.html", 0.9)


def test_the_sightings_keep_their_own_level(record: Record) -> None:
    record(*_chapters(3))
    assert set(Sighting.objects.values_list("level", "score")) == {("review", 0.6)}


def test_chapters_of_two_uploads_on_one_site_raise_both(record: Record) -> None:
    record(*_chapters(2))
    record(*_chapters(1, "/book/13/"))
    assert set(Hit.objects.values_list("level", flat=True)) == {"strong"}


def test_the_index_hears_of_every_hit_that_is_raised(record: Record) -> None:
    record(*_chapters(2))
    first = Hit.objects.get()
    record(*_chapters(1, "/book/13/"))
    raised = Hit.objects.get(pk=first.pk)
    assert raised.revision == first.revision + 1
    assert Outbox.objects.filter(kind="hit", key=str(first.pk), revision=raised.revision).exists()


def test_a_licensed_book_is_not_raised(record: Record) -> None:
    record(*_chapters(4, "/official/book/15/"), queue=Queue.AUTHORISED)
    assert Hit.objects.get().level == "review"


def test_licensed_chapters_do_not_count_for_the_pirated(record: Record) -> None:
    record(*_chapters(3, "/official/book/15/"), queue=Queue.AUTHORISED)
    record(*_chapters(2))
    assert Hit.objects.get(queue="piracy").level == "review"


def test_chapters_that_name_no_book_gather_by_their_address(record: Record) -> None:
    record(*_chapters(2, linked=False))
    record(_chapter("/book/12/3.html"))
    assert list(Hit.objects.values_list("canonical_url", flat=True)) == [f"{SITE}/book/12/1.html"]


def test_they_gather_on_the_page_of_the_book_where_it_was_seen(record: Record) -> None:
    record(_BOOK)
    record(*_chapters(2, linked=False))
    hit = Hit.objects.get()
    assert (hit.canonical_url, hit.title) == (f"{SITE}/book/12/", "海城守夜人")


def test_they_join_chapters_that_named_it(record: Record) -> None:
    record(_chapter("/book/12/1.html", "/book/12/"))
    record(_chapter("/book/12/2.html"))
    assert list(Hit.objects.values_list("canonical_url", flat=True)) == [f"{SITE}/book/12/"]


def test_a_licensed_and_a_pirated_chapter_never_share_a_hit(record: Record) -> None:
    record(_chapter("/book/12/1.html"), queue=Queue.AUTHORISED)
    record(_chapter("/book/12/2.html"))
    assert Hit.objects.count() == 2


def test_addresses_that_do_not_say_stay_apart(record: Record) -> None:
    record(_chapter("/article/1.html"), _chapter("/article/2.html"))
    assert Hit.objects.count() == 2
