"""Which hits a page shows, and how they are counted."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from infringewatch.flows.indexing import drain
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.store.models import Hit, User
from infringewatch.web.counting import count_values
from infringewatch.web.filters import Filters
from infringewatch.web.finding import find_hits, next_hit
from tests.web.conftest import NOW, Add

WORDS = Filters("27", q="登山")


def _leave_queue(hits: list[Hit]) -> None:
    Hit.objects.filter(pk__in=[hit.pk for hit in hits]).update(snoozed_until=NOW + timedelta(days=1))


def test_a_page_of_a_search_is_full_though_the_best_finds_were_put_aside(
    mei: User, add_hit: Add, own_engines: EmbeddedBackend
) -> None:
    hits = [add_hit(f"山岚 登山包 {number}", score=1 - number / 100) for number in range(20)]
    drain(own_engines)
    _leave_queue(hits[:10])
    found = find_hits(mei, WORDS, "", NOW, size=4)
    assert [hit.pk for hit in found.hits] == [hit.pk for hit in hits[10:14]]


def test_the_pages_of_a_search_follow_without_gap_or_repetition(
    mei: User, add_hit: Add, own_engines: EmbeddedBackend
) -> None:
    hits = [add_hit(f"山岚 登山包 {number}", score=1 - number / 100) for number in range(20)]
    drain(own_engines)
    _leave_queue(hits[1::3])
    shown, after, ended = list[int](), "", False
    while not ended:
        found = find_hits(mei, WORDS, after, NOW, size=3)
        shown, after, ended = shown + [hit.pk for hit in found.hits], found.next, not found.next
    assert shown == [hit.pk for number, hit in enumerate(hits) if number % 3 != 1]


def test_the_next_hit_of_a_search_is_the_one_below(mei: User, add_hit: Add, own_engines: EmbeddedBackend) -> None:
    first, second, third = (add_hit("山岚 登山包", score=score) for score in (0.9, 0.8, 0.7))
    drain(own_engines)
    assert [next_hit(mei, WORDS, hit, NOW) for hit in (first, second, third)] == [second, third, first]


def test_filters_count_what_the_words_find(mei: User, add_hit: Add, own_engines: EmbeddedBackend) -> None:
    add_hit("山岚 登山包", host="a.test")
    add_hit("山岚 帆布鞋", host="b.test")
    drain(own_engines)
    counted = count_values(mei, WORDS, NOW, 8)
    assert [(one.value, one.count) for one in counted["site"]] == [("a.test", 1)]
    assert [(one.label, one.count) for one in counted["right"]] == [("山岚", 1)]


def test_authorised_hits_count_nowhere_in_a_search(mei: User, add_hit: Add, own_engines: EmbeddedBackend) -> None:
    add_hit("山岚 登山包", queue="authorised")
    drain(own_engines)
    assert count_values(mei, WORDS, NOW, 8)["site"] == []


def test_filters_count_the_queue_under_the_other_choices(mei: User, add_hit: Add) -> None:
    add_hit(host="a.test", level="strong")
    add_hit(host="a.test", level="review")
    add_hit(host="b.test", level="review")
    add_hit(host="b.test", state="infringing")
    counted = count_values(mei, Filters("27", level="review", site="a.test"), NOW, 8)
    assert {name: [(one.value, one.count) for one in values] for name, values in counted.items()} == {
        "level": [("review", 1), ("strong", 1)],
        "site": [("a.test", 1), ("b.test", 1)],
        "seller": [("好物小店", 1)],
        "right": [(str(Hit.objects.all()[0].right_id), 1)],
    }


def test_no_more_values_are_counted_than_asked_for(mei: User, add_hit: Add) -> None:
    for number in range(4):
        add_hit(seller=f"shop {number}" if number else "")
    assert len(count_values(mei, Filters("27"), NOW, 2)["seller"]) == 2


def test_a_search_gives_up_after_some_pages_and_says_where_it_stood(
    mei: User, add_hit: Add, own_engines: EmbeddedBackend
) -> None:
    hits = [add_hit("山岚 登山包", score=1 - number / 100) for number in range(10)]
    drain(own_engines)
    _leave_queue(hits[:8])
    with patch("infringewatch.web.finding._MOST_ASKED", 2):
        found = find_hits(mei, WORDS, "", NOW, size=2)
        assert (found.hits, bool(found.next)) == ([], True)
