"""Chapters found of a work: coverage on the hit's page, and sites against works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from infringewatch.model import Role
from infringewatch.store.models import Bundle, Hit, Right, Sighting, User
from infringewatch.web.chapters import ChapterSeen, chapters_of_hit, measure_coverage
from infringewatch.web.matrix import build_matrix
from tests.web.conftest import NOW, Add, add_person


def _seen(number: int, shares: dict[int, float], of: int = 4) -> ChapterSeen:
    return ChapterSeen(number, 1, f"/{number}", f"第{number}章", number, "strong", 0.9, 500, of, shares)


def test_each_registered_chapter_names_the_page_that_has_most_of_it() -> None:
    coverage = measure_coverage([_seen(1, {1: 0.3}), _seen(2, {1: 0.9, 2: 0.5})], ["甲", "乙", "丙", "丁"])
    assert [(cell.name, cell.share) for cell in coverage.cells] == [("甲", 0.9), ("乙", 0.5), ("丙", 0.0), ("丁", 0.0)]


def test_what_is_missing_is_named() -> None:
    coverage = measure_coverage([_seen(1, {2: 1.0})], ["甲", "乙", "丙"])
    assert [cell.name for cell in coverage.missing] == ["甲", "丙", "4"]


def test_chapters_in_another_order_are_named() -> None:
    pages = [_seen(1, {2: 1.0}), _seen(2, {1: 1.0}), _seen(3, {3: 1.0})]
    assert measure_coverage(pages).moved == [pages[1]]


def test_a_work_of_which_nothing_is_known_has_no_chapters() -> None:
    assert measure_coverage([]).cells == []


def _sight(hit: Hit, number: int, shares: list[list[float]], **item: Any) -> None:
    bundle = Bundle.objects.create(digest=f"{hit.pk:032}{number:032}", kind="page", url="", sealed_at=NOW, size=1)
    finding = {"details": {"covered": 300, "chapters_of": 4, "chapter_shares": shares}}
    Sighting.objects.create(
        hit=hit, run=hit.first_run, url=f"/{number}", url_hash=f"{number:064}", seen_at=NOW, score=0.9, level="strong",
        finding=finding, item={"title": f"第{number}章", "kind": "chapter", "position": number} | item, bundle=bundle,
    )  # fmt: skip


@pytest.fixture
def book(add_hit: Add) -> Hit:
    hit = add_hit("海城守夜人", measure="28", kind="book")
    Right.objects.filter(pk=hit.right_id).update(kind="copyright")
    _sight(hit, 2, [[2, 0.8]])
    _sight(hit, 1, [[1, 0.9]])
    return Hit.objects.get(pk=hit.pk)


def test_pages_are_read_in_the_order_of_their_positions(book: Hit) -> None:
    assert [one.shares for one in chapters_of_hit(book)] == [{1: 0.9}, {2: 0.8}]


def test_the_hit_page_shows_its_coverage(page: Client, book: Hit) -> None:
    coverage = page.get(f"/hits/{book.pk}").context["coverage"]
    assert (coverage.found, len(coverage.cells)) == (2, 4)


def test_a_books_title_is_not_marked_where_its_chapters_title_matched(page: Client, book: Hit) -> None:
    book.finding = {"spans": [[0, 2, "title", 0, 2]]}
    book.item = {"title": "山岚第一章"}
    book.save()
    segments = page.get(f"/hits/{book.pk}").context["title_segments"]
    assert [(part.text, part.marked) for part in segments] == [("海城守夜人", False)]


def test_the_matrix_counts_the_chapters_of_a_site(mei: User, book: Hit) -> None:
    ((host, _, (holding,)),) = build_matrix(mei).rows
    assert holding is not None
    assert (host, holding.coverage.found, len(holding.coverage.cells), holding.hit) == ("shop.test", 2, 4, book)


def test_licensed_pages_of_a_site_stand_in_a_row_of_their_own(mei: User, book: Hit, add_hit: Add) -> None:
    licensed = add_hit(measure="28", kind="book", queue="authorised", suppressed_by="CR/x")
    _sight(licensed, 1, [[1, 1.0]])
    rows = build_matrix(mei).rows
    assert [(licensed, [h.licensed for h in holdings if h]) for _, licensed, holdings in rows] == [
        (False, [False]),
        (True, [True]),
    ]


def test_marks_are_no_works(mei: User, add_hit: Add) -> None:
    add_hit()
    assert build_matrix(mei).rows == []


def test_a_rights_holder_sees_its_own_works_only(book: Hit, log_in: Callable[[User], Client]) -> None:
    stranger = log_in(add_person("eve", Role.RIGHTS_HOLDER, "another"))
    assert stranger.get("/works").context["matrix"].rows == []


def test_the_page_names_site_and_work(page: Client, book: Hit) -> None:
    shown = page.get("/works").content.decode()
    assert "shop.test" in shown and f"/hits/{book.pk}" in shown


def test_an_empty_page_says_what_will_fill_it(page: Client) -> None:
    assert "literature" in page.get("/works").content.decode()
