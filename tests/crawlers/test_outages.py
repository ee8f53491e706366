from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from crawlers.outages import GIVE_UP_AFTER, Outages
from crawlers.session import Session


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outages(clock: Clock) -> Outages:
    known: dict[Any, str] = {}
    frontier = SimpleNamespace(
        remember=lambda run, host, fact, value: known.update({(run, host, fact): value}),
        recall=lambda run, host, fact: known.get((run, host, fact), ""),
    )
    session = cast(Session, SimpleNamespace(run=SimpleNamespace(id=1), frontier=frontier))
    outages = Outages(session, 2.0, clock)
    outages.note_answer("shop.example")
    return outages


def test_two_failures_may_be_the_pages_own_fault(outages: Outages) -> None:
    assert [outages.note_failure("shop.example") for _ in range(2)] == [0, 0]


def test_the_third_in_a_row_pauses_the_host(outages: Outages) -> None:
    assert [outages.note_failure("shop.example") for _ in range(3)][-1] == 2.0


def test_requests_that_fail_together_are_one_outage(outages: Outages) -> None:
    for _ in range(GIVE_UP_AFTER + 4):
        outages.note_failure("shop.example")
    assert not outages.is_over("shop.example")


def test_what_fails_after_each_pause_gives_the_host_up(outages: Outages, clock: Clock) -> None:
    for _ in range(GIVE_UP_AFTER):
        clock.now += outages.note_failure("shop.example")
    assert outages.is_over("shop.example")


def test_an_answer_ends_the_outage(outages: Outages) -> None:
    for _ in range(4):
        outages.note_failure("shop.example")
    outages.note_answer("shop.example")
    assert outages.note_failure("shop.example") == 0
