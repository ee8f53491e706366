"""Some works of a store as a store of their own."""

from __future__ import annotations

import pytest

from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.chosen import ChosenWorks
from infringewatch.prints.sqlite import SqlitePrints
from tests.prints.shared import HASHES, TEXT, PrintsTests


@pytest.fixture
def store() -> ChosenWorks:
    return ChosenWorks(SqlitePrints(":memory:"), {"W0", "W1", "W2"})


class TestChosen(PrintsTests):
    """The shared tests on the chosen works."""


def test_other_works_are_not_seen() -> None:
    everything = SqlitePrints(":memory:")
    everything.add("A", "甲", [WorkPart("", TEXT)])
    mine = everything.add("B", "乙", [WorkPart("", TEXT)])
    chosen = ChosenWorks(everything, {"B"})
    assert [work.key for work in chosen.works()] == ["B"]
    assert set(chosen.lookup(HASHES).works.tolist()) == {mine.number}
