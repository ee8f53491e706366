"""Each mistake of a YAML file has its line and key."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import pytest

from infringewatch.errors import Fault
from infringewatch.ruleset.tables import Table, compose_table


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def compose(text: str) -> tuple[Table, list[Fault]]:
    faults: list[Fault] = []
    table = compose_table(text, "a.yaml", faults)
    assert table is not None
    return table, faults


@pytest.mark.parametrize(
    ("text", "read", "value"),
    [
        ("a: 1:1", lambda t: t.text("a"), "1:1"),
        ("a: no", lambda t: t.text("a"), "no"),
        ("a: 027", lambda t: t.text("a"), "027"),
        ("a: x", lambda t: t.texts("a"), ("x",)),
        ("a: [x, 1:1]", lambda t: t.texts("a"), ("x", "1:1")),
        ("a: 0.5", lambda t: t.number("a", low=0, high=1), 0.5),
        ("a: 10_000", lambda t: t.integer("a", low=0, high=99_999), 10_000),
        ("a: yes", lambda t: t.flag("a"), True),
        ("a: blue", lambda t: t.choice("a", Colour), Colour.BLUE),
        ("b: 1", lambda t: t.choice("a", Colour, Colour.RED), Colour.RED),
        ("a: {b: {c: 1}}", lambda t: t.table("a").table("b").integer("c", low=0, high=9), 1),
    ],
)
def test_values_are_taken_as_they_are_written(text: str, read: Callable[[Table], object], value: object) -> None:
    table, faults = compose(text)
    assert (read(table), faults) == (value, [])


@pytest.mark.parametrize(
    "read",
    [
        lambda t: t.integer("a", low=0, high=9),
        lambda t: t.number("a", low=0, high=1),
        lambda t: t.flag("a"),
        lambda t: t.day("a"),
        lambda t: t.choice("a", Colour),
        lambda t: t.word("a", ("x", "y")),
        lambda t: t.table("a"),
        lambda t: t.tables("a"),
        lambda t: t.text("a", pattern="[a-z]+"),
        lambda t: t.regexes("a"),
        lambda t: t.text("zzz", required=True),
    ],
)
def test_a_wrong_value_is_one_fault(read: Callable[[Table], object]) -> None:
    table, faults = compose("\na: '5('\n")
    read(table)
    assert len(faults) == 1


def test_a_fault_names_line_and_dotted_key() -> None:
    table, faults = compose("a:\n  - b: 1\n  - b: x\n")
    for inner in table.tables("a"):
        inner.integer("b", low=0, high=9)
    assert [(fault.line, fault.field) for fault in faults] == [(3, "a.1.b")]


def test_an_unknown_key_is_a_fault_with_a_suggestion() -> None:
    table, faults = compose("rate: 1\nrat: 2\n")
    table.number("rate", low=0, high=9)
    table.close()
    assert [str(fault) for fault in faults] == ["a.yaml:2: rat: unknown key (did you mean 'rate'?)"]


def test_a_key_that_stands_twice_is_a_fault() -> None:
    assert [(fault.line, fault.field) for fault in compose("a: 1\na: 2\n")[1]] == [(2, "a")]


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_no_number_is_not_a_number(number: str) -> None:
    table, faults = compose(f"a: {number}")
    table.number("a", low=-1, high=1)
    assert len(faults) == 1


@pytest.mark.parametrize(
    "text", ["", "- a", "a: [", "a: *b", "a: 1\n---\nb: 1", "\t- x", "[" * 5000, "a: !!python/x 1: 2"]
)
def test_what_is_no_table_is_one_fault(text: str) -> None:
    faults: list[Fault] = []
    assert compose_table(text, "a.yaml", faults) is None
    assert len(faults) == 1
