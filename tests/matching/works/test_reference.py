"""The fast way against the slow reference, on drawn texts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import align_passages
from infringewatch.matching.works.differences import STEP_KINDS
from infringewatch.matching.works.fingerprints import Parameters, make_prints
from infringewatch.matching.works.store import WorkPart
from infringewatch.prints.sqlite import SqlitePrints
from tests.matching.works.reference import align, find_seeds

_PLAIN = st.text(st.integers(0x4E00, 0x9F00).map(chr), min_size=0, max_size=80)
_UGLY = st.text(st.sampled_from(["，", " ", "\n", "\u200b", "*", "Ａ", "ﬁ", "㍿", "\U0001f600", "é"]), max_size=3)
_HAN_RUN = st.lists(st.integers(0x4E00, 0x9F00).map(chr), min_size=23, max_size=23, unique=True).map("".join)
_LETTER_RUN = st.permutations("abcdefghijklmnopqrstuvwxyz0123456").map("".join)


def _store_of(work: str) -> SqlitePrints:
    store = SqlitePrints(":memory:")
    store.add("W", "W", [WorkPart("", work)])
    return store


def _seeds(page: str, store: SqlitePrints) -> set[tuple[int, int]]:
    prints = make_prints(canonicalise(page).codes)
    hashes = np.unique(prints.hashes)
    found = store.lookup(hashes)
    return {
        (int(place), int(other))
        for query, other in zip(found.queries, found.positions, strict=True)
        for place in prints.positions[prints.hashes == hashes[query]]
    }


@settings(max_examples=40, deadline=None)
@given(run=st.one_of(_HAN_RUN, _LETTER_RUN), before=_PLAIN, after=_PLAIN, strewn=_UGLY)
def test_a_run_gives_a_seed_and_every_seed_is_one_of_the_reference(
    run: str, before: str, after: str, strewn: str
) -> None:
    page, work = before + strewn + run + after, after + run + strewn + before
    parameters = Parameters()
    size = parameters.wide_gram if run[0] > "z" else parameters.letter_gram
    found = _seeds(page, _store_of(work))
    folded = canonicalise(run).text
    at, other = (canonicalise(text).text.find(folded) for text in (page, work))
    inside = {(p, q) for p, q in found if at <= p <= at + len(folded) - size and p - at == q - other}
    assert inside
    assert inside <= find_seeds(page, work, size)


_COPIES = st.builds(
    lambda copied, own, swaps: (copied, own, sorted(set(swaps))),
    st.lists(st.integers(0x4E00, 0x9F00).map(chr), min_size=150, max_size=200, unique=True).map("".join),
    st.lists(st.integers(0x5000, 0x9E00).map(chr), min_size=80, max_size=80, unique=True).map("".join),
    st.lists(st.integers(20, 130), max_size=12),
)


def _change(text: str, swaps: list[int]) -> str:
    return "".join("囧" if at in swaps else character for at, character in enumerate(text))


@settings(max_examples=8, deadline=None)
@given(_COPIES)
def test_a_passage_ends_where_the_plain_alignment_ends(drawn: tuple[str, str, list[int]]) -> None:
    copied, own, swaps = drawn
    page, work = own + _change(copied, swaps), copied + "。" + own[::-1]
    expected = align(page, work)
    found = align_passages(canonicalise(page), _store_of(work), None)
    if not found:  # no print may be left between so many changes
        assert len(swaps) > 5
        return
    passage = found[0].passages[0].passage
    ends = passage.page_start, passage.page_end, passage.work_start, passage.work_end
    assert all(abs(a - b) <= 10 for a, b in zip(ends, expected, strict=True))


@settings(max_examples=40, deadline=None)
@given(
    copied=st.lists(st.integers(0x4E00, 0x9F00).map(chr), min_size=60, max_size=120, unique=True),
    own=_PLAIN,
    strewn=_UGLY,
)
def test_equal_steps_point_at_equal_text_in_both_raw_texts(copied: list[str], own: str, strewn: str) -> None:
    page_text, work_text = own + strewn.join(copied), strewn + "".join(copied) + own[::-1]
    page = canonicalise(page_text)
    for found in align_passages(page, _store_of(work_text), None):
        for aligned in found.passages:
            for kind, (p0, p1, q0, q1) in zip(aligned.comparison.kind, aligned.comparison.at.tolist(), strict=True):
                first = aligned.passage.work_start
                if STEP_KINDS[kind] in ("equal", "script"):
                    ours = [page_text[offset] for offset in page.offsets[p0:p1]]
                    theirs = [work_text[offset] for offset in aligned.work.offsets[q0 - first : q1 - first]]
                    assert [canonicalise(c).text for c in ours] == [canonicalise(c).text for c in theirs]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_every_canonical_character_comes_from_its_raw_place(text: str) -> None:
    page = canonicalise(text)
    assert (np.diff(page.offsets) >= 0).all()
    for code, offset in zip(page.codes, page.offsets, strict=True):
        assert chr(code) in canonicalise(text[offset]).text
