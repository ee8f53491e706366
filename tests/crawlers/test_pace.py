"""The pace of a host: slower after "come back later", and back again."""

from __future__ import annotations

from crawlers.pace import Pace


def test_a_host_that_asked_for_it_is_asked_more_slowly() -> None:
    pace = Pace(base=1.0, concurrency=2)
    pace.slow_down()
    assert pace.delay == 2.0
    assert pace.is_slowed


def test_a_host_without_a_pause_gets_one() -> None:
    pace = Pace(base=0.0, concurrency=2)
    pace.slow_down()
    assert pace.delay > 0


def test_it_never_becomes_slower_than_ten_seconds() -> None:
    pace = Pace(base=0.0, concurrency=2)
    for _ in range(20):
        pace.slow_down()
    assert pace.delay == 10.0


def test_a_longer_wish_of_robots_txt_stands() -> None:
    pace = Pace(base=30.0, concurrency=1)
    pace.slow_down()
    assert pace.delay == 30.0


def test_good_answers_bring_the_old_pace_back_and_not_more() -> None:
    pace = Pace(base=0.5, concurrency=2)
    pace.slow_down()
    for _ in range(500):
        pace.note_answer()
    assert pace.delay == 0.5
    assert not pace.is_slowed
