from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infringewatch.normalise import canonical_url, fold, fold_text, host_of, storable_text


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("ＮＩＫＥ", "nike"),
        ("аdidаs", "adidas"),
        ("Café", "cafe"),
        ("Straße", "strasse"),
        ("國產", "国产"),
        ("耐\u200b克", "耐克"),
        ("a\u0301\u0302", "a"),
        ("\u202eabc\u202c", "abc"),
        ("①②", "12"),
        ("ﬁ", "fi"),
        ("\ud800a\x00", "a"),
        ("ㅤa\u2800", "a"),
        ("", ""),
        ("カロ", "カロ"),
    ],
)
def test_what_looks_the_same_folds_to_the_same(raw: str, folded: str) -> None:
    assert fold_text(raw) == folded


@given(st.text(st.characters(exclude_categories=())))
def test_every_folded_character_comes_from_a_place_in_the_raw_text(raw: str) -> None:
    folded = fold(raw)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= place < len(raw) for place in folded.offsets)


@given(st.text())
def test_folded_text_can_be_stored_and_folds_to_itself(raw: str) -> None:
    text = fold_text(raw)
    text.encode("utf-8")
    assert fold_text(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_storable_text_keeps_offsets(raw: str) -> None:
    kept = storable_text(raw)
    kept.encode("utf-8")
    assert len(kept) == len(raw)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Shop.Example:80/a/../b?b=2&a=1&utm_source=x#top", "http://shop.example/b?a=1&b=2"),
        ("https://例子.example/", "https://xn--fsqu00a.example/"),
        ("https://shop.example", "https://shop.example/"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ("https://shop.example/%e5%b0%8f", "https://shop.example/%E5%B0%8F"),
    ],
)
def test_one_address_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_a_host_is_named_without_port() -> None:
    assert (host_of("https://Shop.Example:8080/x"), host_of("nonsense")) == ("shop.example", "")
