"""Canonical text: the same whichever script it was written in."""

from __future__ import annotations

import numpy as np
import pytest

from infringewatch.matching.works.canonical import canonicalise, text_of


@pytest.mark.parametrize(
    ("traditional", "simplified"), [("什麼", "什么"), ("怎麽", "怎么"), ("滬劇", "沪剧"), ("蕓", "芸")]
)
def test_both_scripts_read_the_same(traditional: str, simplified: str) -> None:
    assert canonicalise(traditional).text == canonicalise(simplified).text


def test_canonical_text_of_canonical_text_is_itself() -> None:
    characters = [code for code in range(0x20, 0x2FA20) if not 0xD800 <= code < 0xE000]
    once = canonicalise(text_of(np.array(characters, dtype=np.uint32))).codes
    assert np.array_equal(canonicalise(text_of(once)).codes, once)
