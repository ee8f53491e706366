"""Following: which links of a page become jobs, and why the others do not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crawlers.following import Follower
from crawlers.pages.reading import Link, LinkRole, PageKind, PageReading
from crawlers.session import Session, scope_of
from infringewatch.frontier import Engine, Job, SqliteFrontier
from infringewatch.model import Item, ItemKind
from infringewatch.ruleset import CampaignSpec, Pagination, SiteProfile
from tests.crawlers import twin

SHOP = "http://shop.example"


def follower(tmp_path: Path, terms: tuple[str, ...] = (), **profile: Any) -> Follower:
    site = SiteProfile("shop", ("shop.example",), (f"{SHOP}/",), **profile)
    run = twin.Run(1, CampaignSpec("c", "c", profiles=(site,)), (site,), terms)
    frontier = SqliteFrontier(tmp_path / "frontier.sqlite3")
    return Follower(
        Session(run, twin, frontier, "me", scope_of(run, allow_private=False), ThreadPoolExecutor(1))  # type: ignore[arg-type]
    )


def job(path: str = "/", role: str = "list", **changes: Any) -> Job:
    values: dict[str, Any] = {"attempts": 1, "failures": 0, "deferrals": 0, "meta": {}, "depth": 0} | changes
    return Job(1, 1, SHOP + path, "auto", role, 0, host="shop.example", engine=Engine.PLAIN, **values)


def page(*links: Link, path: str = "/", kind: PageKind = PageKind.LIST, items: tuple[Item, ...] = ()) -> PageReading:
    return PageReading(SHOP + path, SHOP + path, kind, items=items, links=links)


def link(path: str, role: LinkRole = LinkRole.OTHER) -> Link:
    return Link(SHOP + path if path.startswith("/") else path, role)


def test_what_promises_items_comes_before_the_rest(tmp_path: Path) -> None:
    children, _ = follower(tmp_path).children(job(), page(link("/about"), link("/p/1", LinkRole.ITEM)), b"")
    assert [child.role for child in sorted(children, key=lambda child: -child.priority)] == ["item", "other"]


def test_refused_links_are_counted_by_reason(tmp_path: Path) -> None:
    _, refused = follower(tmp_path, deny=("/private/",)).children(
        job(), page(link("http://elsewhere.example/"), link("/private/1"), link("/login")), b""
    )
    assert refused == {"outside the scope": 1, "denied by the profile": 1, "an action, not a page": 1}


def test_what_was_queued_is_not_looked_at_again(tmp_path: Path) -> None:
    following = follower(tmp_path)
    children, _ = following.children(job(), page(link("/a")), b"")
    following.note_queued(children)
    assert following.children(job(), page(link("/a")), b"")[0] == ()


def test_a_chapter_learns_its_book_and_place(tmp_path: Path) -> None:
    book = page(link("/c/1", LinkRole.CHAPTER), link("/c/2", LinkRole.CHAPTER), path="/book/1", kind=PageKind.BOOK)
    children, _ = follower(tmp_path).children(job("/book/1", "book"), book, b"")
    assert [dict(child.meta) for child in children] == [
        {"parent": f"{SHOP}/book/1", "position": 1},
        {"parent": f"{SHOP}/book/1", "position": 2},
    ]


def test_the_next_chapter_belongs_to_the_same_book(tmp_path: Path) -> None:
    chapter = page(link("/read/8", LinkRole.NEXT), path="/c/7", kind=PageKind.CHAPTER)
    before = job("/c/7", "chapter", meta={"parent": f"{SHOP}/book/1", "position": 7})
    (child,), _ = follower(tmp_path).children(before, chapter, b"")
    assert child.meta == {"parent": f"{SHOP}/book/1", "position": 8}


def test_a_site_search_is_asked_for_the_terms_of_the_watch_list(tmp_path: Path) -> None:
    search = Link(f"{SHOP}/s?q={{query}}", LinkRole.SEARCH)
    children, _ = follower(tmp_path, terms=("晨光", "Lamp")).children(job(), page(search), b"")
    assert {child.url for child in children} == {f"{SHOP}/s?q=%E6%99%A8%E5%85%89", f"{SHOP}/s?q=Lamp"}


def test_numbered_pages_are_counted_up_while_there_are_items(tmp_path: Path) -> None:
    following = follower(tmp_path, pagination=Pagination("page", 1, 3))
    items = (Item("1", ItemKind.LISTING),)
    for path, expected in (("/l", "/l?page=2"), ("/l?page=2", "/l?page=3")):
        (child,), _ = following.children(job(path), page(path=path, items=items), b"")
        assert child.url == SHOP + expected
    assert following.children(job("/l?page=3"), page(path="/l?page=3", items=items), b"")[0] == ()
    assert following.children(job("/l?page=2"), page(path="/l?page=2"), b"")[0] == ()


def test_a_meta_refresh_is_followed_as_what_was_expected_here(tmp_path: Path) -> None:
    body = b'<meta http-equiv="Refresh" content="0; url=/moved">'
    (child,), _ = follower(tmp_path).children(job("/p/1", "item"), page(path="/p/1"), body)
    assert (child.url, child.role) == (f"{SHOP}/moved", "item")


@pytest.mark.parametrize("role", [LinkRole.NEXT, LinkRole.CHAPTER])
def test_a_long_chain_is_not_deep(tmp_path: Path, role: LinkRole) -> None:
    (child,), _ = follower(tmp_path).children(job(depth=9), page(link("/x", role)), b"")
    assert child.depth == 9
