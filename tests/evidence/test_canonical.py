from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infringewatch.evidence.canonical import canonical_json

TEXT = st.text(st.characters())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_it_means_what_was_given(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


def test_the_order_of_keys_changes_nothing() -> None:
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})


def test_letters_stay_readable_and_unseen_characters_are_escaped() -> None:
    assert canonical_json("山岚\u202e\ud800") == '"山岚\\u202e\\ud800"\n'.encode()


def test_it_refuses_what_is_no_number() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
