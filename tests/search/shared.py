"""What every search backend must do: one class of tests, run against each of them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from infringewatch.errors import InputError, StaleState
from infringewatch.search.backend import SearchBackend
from infringewatch.search.records import EVERYBODY, Facet, Query, Scope, SearchDocument, Tombstone

BASE = SearchDocument(
    key="1",
    revision=1,
    tenant="7",
    measure="27",
    site="shop.example",
    right="70",
    right_name="Lumora",
    seller="北湖小店",
    level="review",
    state="new",
    queue="counterfeit",
    found_on=date(2026, 3, 1),
    score=0.5,
    title="A plain listing",
)


def make_hit(key: str, **changes: object) -> SearchDocument:
    return replace(BASE, key=key, **changes)  # type: ignore[arg-type]


def put(backend: SearchBackend, *changes: SearchDocument | Tombstone) -> None:
    assert backend.write(changes).faults == {}
    backend.refresh()


def find(backend: SearchBackend, text: str = "", **options: object) -> list[str]:
    query = replace(Query(EVERYBODY, text), **options)  # type: ignore[arg-type]
    return [match.key for match in backend.search(query).matches]


class SearchBackendTests:
    """Subclasses give the fixture ``backend``: an empty one."""

    # --- words

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("青岚", "青岚 运动鞋 正品"),
            ("青岚", "新款青岚跑步鞋"),
            ("青岚", "青 岚 运动鞋"),
            ("青岚", "青·岚/运动鞋"),
            ("青岚", "【青\u200b岚】运动鞋"),
            ("青 岚", "新款青岚跑步鞋"),
            ("岚", "新款青岚"),
            ("岚", "岚"),
            ("新", "新款青岚"),
            ("青岚跑步", "新款青岚跑步鞋"),
            ("lumoria青岚", "LUMORIA青岚 AIR"),
            ("Lumoria 跑鞋", "跑鞋 男 ＬＵＭＯＲＩＡ"),
            ("lumoria", "l.u.m.o.r.i.a"),
            ("𠮷野", "𠮷野家"),
            ("ñandú", "ÑANDÚ shoes"),
            ("42", "size 42"),
            ('"青岚"', "新款青岚"),
            ('"new air"', "New  Air shoes"),
            ('"50% off!"', "today 50% OFF! only"),
            ("★★", "best ★★★ shop"),
            ("🔥", "🔥 hot"),
        ],
    )
    def test_it_finds(self, backend: SearchBackend, text: str, title: str) -> None:
        put(backend, make_hit("1", title=title))
        assert find(backend, text) == ["1"]

    @pytest.mark.parametrize(
        ("text", "title"),
        [
            ("青岚", "岚青"),
            ("青岚", "青色的岚"),
            ("岚", "青蓝"),
            ("青岚 跑鞋", "青岚 皮鞋"),
            ('"青岚"', "青 岚"),
            ('"newair"', "new air"),
            ("lumoria", "lumori"),
            ("42", "4 x 20"),
            ("★★", "one ★ shop"),
            ("!!!", "青岚"),
            ("title OR plain", "title"),
            ('" OR loose : "', "plain"),
        ],
    )
    def test_it_does_not_find(self, backend: SearchBackend, text: str, title: str) -> None:
        put(backend, make_hit("1", title=title, seller="", right_name=""))
        assert find(backend, text) == []

    @pytest.mark.parametrize("field", ["title", "description", "seller", "right_name", "url"])
    def test_it_looks_through(self, backend: SearchBackend, field: str) -> None:
        put(backend, make_hit("1", **{field: "before 墨川 after"}), make_hit("2"))
        assert find(backend, "墨川") == ["1"]

    def test_a_phrase_does_not_run_from_one_text_into_the_next(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="x墨", seller="川y"))
        assert find(backend, "墨川") == []

    def test_without_words_it_finds_all(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"), make_hit("2", title="", seller=""))
        assert find(backend) == ["1", "2"]

    def test_a_text_with_a_lone_surrogate_is_indexed(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="墨川 \ud800", seller="\udfff"))
        assert find(backend, "墨川") == ["1"]

    # --- scope and choices

    def test_an_asker_sees_its_own_tenants_hits_only(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", tenant="7"), make_hit("2", tenant="8"))
        assert find(backend, scope=Scope(frozenset({"8"}))) == ["2"]

    def test_an_asker_without_tenant_sees_nothing(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"))
        assert find(backend, scope=Scope(frozenset())) == []

    def test_facets_count_within_the_scope(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", tenant="7", site="a.example"), make_hit("2", tenant="8", site="b.example"))
        counts = backend.facets(Query(Scope(frozenset({"8"}))))
        assert [(count.value, count.count) for count in counts[Facet.SITE]] == [("b.example", 1)]

    @pytest.mark.parametrize(
        ("facet", "value"),
        [
            (Facet.MEASURE, "28"),
            (Facet.SITE, "other.example"),
            (Facet.RIGHT, "71"),
            (Facet.SELLER, "Другой"),
            (Facet.LEVEL, "strong"),
            (Facet.STATE, "noticed"),
            (Facet.QUEUE, "piracy"),
        ],
    )
    def test_a_choice_narrows(self, backend: SearchBackend, facet: Facet, value: str) -> None:
        put(backend, make_hit("1"), make_hit("2", **{str(facet): value}))
        assert find(backend, chosen={facet: (value,)}) == ["2"]

    def test_values_of_one_facet_are_alternatives(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", measure="27"), make_hit("2", measure="28"), make_hit("3", measure="36"))
        assert find(backend, chosen={Facet.MEASURE: ("27", "36")}) == ["1", "3"]

    def test_days_narrow_with_both_ends_included(self, backend: SearchBackend) -> None:
        put(backend, *(make_hit(str(day), found_on=date(2026, 3, day)) for day in (1, 2, 3, 4)))
        assert find(backend, found_from=date(2026, 3, 2), found_until=date(2026, 3, 3)) == ["2", "3"]

    def test_facets_count_what_the_words_find(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="墨川", seller="甲"), make_hit("2", seller="乙"))
        counts = backend.facets(Query(EVERYBODY, "墨川"))
        assert [count.value for count in counts[Facet.SELLER]] == ["甲"]

    def test_the_most_frequent_value_comes_first(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", site="b"), make_hit("2", site="a"), make_hit("3", site="c"), make_hit("4", site="c"))
        counts = backend.facets(Query(EVERYBODY))[Facet.SITE]
        assert [(count.value, count.count) for count in counts] == [("c", 2), ("a", 1), ("b", 1)]

    def test_the_latest_day_comes_first(self, backend: SearchBackend) -> None:
        put(backend, *(make_hit(str(day), found_on=date(2026, 3, day)) for day in (1, 3, 2)))
        counts = backend.facets(Query(EVERYBODY))[Facet.DATE]
        assert [count.value for count in counts] == ["2026-03-03", "2026-03-02", "2026-03-01"]

    def test_a_choice_does_not_narrow_its_own_facet(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", level="review", site="a"), make_hit("2", level="strong", site="b"))
        counts = backend.facets(Query(EVERYBODY, chosen={Facet.LEVEL: ("strong",)}))
        assert {count.value for count in counts[Facet.LEVEL]} == {"review", "strong"}
        assert {count.value for count in counts[Facet.SITE]} == {"b"}

    def test_a_right_is_counted_by_its_key_and_called_by_its_name(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", right="70", right_name="青岚"))
        (count,) = backend.facets(Query(EVERYBODY))[Facet.RIGHT]
        assert (count.value, count.label) == ("70", "青岚")

    def test_an_unknown_seller_is_no_value(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", seller=""))
        assert backend.facets(Query(EVERYBODY))[Facet.SELLER] == ()

    # --- order and pages

    def test_the_riskiest_comes_first_and_equals_by_key(self, backend: SearchBackend) -> None:
        put(
            backend,
            make_hit("c", score=0.5),
            make_hit("a", score=0.1),
            make_hit("b", score=0.5),
            make_hit("d", score=0.9),
        )
        assert find(backend) == ["d", "b", "c", "a"]

    def test_pages_show_every_hit_once(self, backend: SearchBackend) -> None:
        put(backend, *(make_hit(f"{n:02}", score=(n % 3) / 7) for n in range(23)))
        assert sorted(_walk(backend, size=4)) == [f"{n:02}" for n in range(23)]

    def test_every_page_says_how_many_there_are(self, backend: SearchBackend) -> None:
        put(backend, *(make_hit(str(n)) for n in range(5)))
        first = backend.search(Query(EVERYBODY, size=2))
        second = backend.search(Query(EVERYBODY, size=2, after=first.next))
        assert (first.total, second.total) == (5, 5)

    def test_the_last_page_has_no_next(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"), make_hit("2"))
        assert backend.search(Query(EVERYBODY, size=2)).next == ""

    def test_a_made_up_page_is_refused(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"))
        with pytest.raises(InputError):
            backend.search(Query(EVERYBODY, after="nonsense"))

    # --- revisions

    def test_a_newer_revision_takes_the_place_of_the_older(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="墨川"))
        put(backend, make_hit("1", revision=2, title="青岚"))
        assert (find(backend, "墨川"), find(backend, "青岚")) == ([], ["1"])

    def test_an_older_revision_changes_nothing(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", revision=2, title="青岚"))
        put(backend, make_hit("1", revision=1, title="墨川"))
        assert (find(backend, "墨川"), find(backend, "青岚")) == ([], ["1"])

    def test_writing_again_is_harmless(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="青岚"), make_hit("2"))
        written = backend.write([make_hit("1", title="青岚"), make_hit("3")])
        assert (written.written, written.stale) == (1, 1)

    def test_a_deleted_hit_is_not_found(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1", title="青岚"), make_hit("2"))
        put(backend, Tombstone("1", 2))
        assert (find(backend), find(backend, "青岚")) == (["2"], [])

    def test_a_deleted_hit_does_not_come_back_by_an_older_revision(self, backend: SearchBackend) -> None:
        put(backend, Tombstone("1", 5))
        put(backend, make_hit("1", revision=4))
        assert find(backend) == []

    def test_a_hit_may_come_back_by_a_newer_revision(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"))
        put(backend, Tombstone("1", 2))
        put(backend, make_hit("1", revision=3, title="青岚"))
        assert find(backend, "青岚") == ["1"]

    # --- rebuilding

    def test_a_search_without_index_finds_nothing(self, backend: SearchBackend) -> None:
        assert backend.status() is None
        assert backend.search(Query(EVERYBODY)).total == 0
        assert backend.facets(Query(EVERYBODY))[Facet.SITE] == ()

    def test_what_is_being_built_is_not_seen_before_the_flip(self, backend: SearchBackend) -> None:
        put(backend, make_hit("old"))
        name = backend.begin_rebuild()
        backend.fill([make_hit("new")])
        backend.refresh()
        assert find(backend) == ["old"]
        backend.finish_rebuild(name)
        assert find(backend) == ["new"]

    def test_writes_during_a_rebuild_reach_both(self, backend: SearchBackend) -> None:
        put(backend, make_hit("old"))
        name = backend.begin_rebuild()
        put(backend, make_hit("during"))
        assert find(backend) == ["during", "old"]
        backend.finish_rebuild(name)
        assert find(backend) == ["during"]

    def test_filling_does_not_overwrite_a_newer_write(self, backend: SearchBackend) -> None:
        name = backend.begin_rebuild()
        put(backend, make_hit("1", revision=2, title="青岚"))
        backend.fill([make_hit("1", revision=1, title="墨川")])
        backend.refresh()
        backend.finish_rebuild(name)
        assert find(backend, "青岚") == ["1"]

    def test_a_rebuild_that_died_is_dropped_by_the_next(self, backend: SearchBackend) -> None:
        backend.begin_rebuild()
        backend.fill([make_hit("of the dead")])
        name = backend.begin_rebuild()
        backend.fill([make_hit("1")])
        backend.refresh()
        backend.finish_rebuild(name)
        assert find(backend) == ["1"]

    def test_a_rebuild_that_lost_its_place_cannot_flip(self, backend: SearchBackend) -> None:
        put(backend, make_hit("served"))
        lost = backend.begin_rebuild()
        backend.begin_rebuild()
        with pytest.raises(StaleState):
            backend.finish_rebuild(lost)
        assert find(backend) == ["served"]

    def test_a_rebuild_cannot_flip_twice(self, backend: SearchBackend) -> None:
        name = backend.begin_rebuild()
        backend.finish_rebuild(name)
        with pytest.raises(StaleState):
            backend.finish_rebuild(name)

    def test_filling_without_a_rebuild_is_refused(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"))
        with pytest.raises(StaleState):
            backend.fill([make_hit("2")])

    def test_rebuilds_lose_nothing_that_is_written_meanwhile(self, backend: SearchBackend) -> None:
        """A writer keeps changing the truth and writes it on; three rebuilds read the truth; searches never miss."""
        truth = {str(n): make_hit(str(n)) for n in range(100)}
        put(backend, *truth.values())
        ended, totals = threading.Event(), set[int]()

        def write_on() -> None:
            while not ended.is_set():
                for key in list(truth)[::9]:
                    truth[key] = replace(
                        truth[key], revision=truth[key].revision + 1, title=f"墨川 v{truth[key].revision}x"
                    )
                    backend.write([truth[key]])
                totals.add(backend.search(Query(EVERYBODY)).total)

        with ThreadPoolExecutor(1) as threads:
            writer = threads.submit(write_on)
            try:
                for _ in range(3):
                    _rebuild(backend, truth)
            finally:
                ended.set()
            writer.result()
        backend.refresh()
        assert totals == {100}
        assert all(key in find(backend, f'"{hit.title}"', size=200) for key, hit in truth.items())

    def test_the_status_tells_of_documents_and_of_a_rebuild(self, backend: SearchBackend) -> None:
        put(backend, make_hit("1"), make_hit("2"), Tombstone("3", 1))
        name = backend.begin_rebuild()
        status = backend.status()
        assert status is not None
        assert (status.documents, status.building) == (2, name)


def _rebuild(backend: SearchBackend, truth: dict[str, SearchDocument]) -> None:
    name = backend.begin_rebuild()
    for start in range(0, 100, 10):
        backend.fill([truth[str(n)] for n in range(start, start + 10)])
    backend.refresh()
    backend.finish_rebuild(name)


def _walk(backend: SearchBackend, *, size: int) -> Iterable[str]:
    after = ""
    while True:
        page = backend.search(Query(EVERYBODY, size=size, after=after))
        yield from (match.key for match in page.matches)
        if not (after := page.next):
            return
