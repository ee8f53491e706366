"""What every store of prints must do: the tests of its kind. A test class takes them and gives a ``store`` fixture."""

from __future__ import annotations

import random

import numpy as np
import pytest

from infringewatch.errors import NotFound
from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.copied import align_passages
from infringewatch.matching.works.fingerprints import current_header, make_prints
from infringewatch.matching.works.store import FingerprintStore, WorkPart


def make_text(seed: int, length: int = 6000) -> str:
    """Paragraphs of Han characters that no other seed gives, with the punctuation that canonical text leaves out."""
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x5000, 0x9000)) + ("。\n" if at % 60 == 59 else "") for at in range(length))


TEXT = make_text(1)
HASHES = np.unique(make_prints(canonicalise(TEXT).codes).hashes)
PARTS = [WorkPart("第一章", TEXT[:2500], 0), WorkPart("", "。。\n", 2500), WorkPart("第二章", TEXT[2500:], 2503)]


class PrintsTests:
    """The shared tests. ``store`` is empty."""

    def test_it_finds_every_print_of_a_work(self, store: FingerprintStore) -> None:
        store.add("W1", "青禾记", [WorkPart("", TEXT)])
        assert set(store.lookup(HASHES).queries.tolist()) == set(range(len(HASHES)))

    def test_places_are_those_of_the_prints(self, store: FingerprintStore) -> None:
        work = store.add("W1", "青禾记", [WorkPart("", TEXT)])
        seeds = store.lookup(HASHES)
        prints = make_prints(canonicalise(TEXT).codes)
        expected = set(zip(prints.hashes.tolist(), prints.positions.tolist(), strict=True))
        assert set(zip(HASHES[seeds.queries].tolist(), seeds.positions.tolist(), strict=True)) == expected
        assert set(seeds.works.tolist()) == {work.number}

    def test_parts_keep_their_names_places_and_texts(self, store: FingerprintStore) -> None:
        work = store.add("W1", "青禾记", PARTS)
        first = len(canonicalise(TEXT[:2500]))
        assert [(p.name, p.start, p.length) for p in store.parts(work.number)] == [
            ("第一章", 0, first), ("", first, 0), ("第二章", first, work.length - first)
        ]  # fmt: skip
        assert [store.text("W1", number) for number in range(3)] == [part.text for part in PARTS]

    @pytest.mark.parametrize(("start", "end"), [(0, 10), (1000, 1100), (2400, 2600), (0, 10**6), (5990, 6000), (-5, 3)])
    def test_a_stretch_is_the_works_own_text_and_offsets(self, store: FingerprintStore, start: int, end: int) -> None:
        work = store.add("W1", "青禾记", [WorkPart("", TEXT)])
        got, wanted = store.stretch(work.number, start, end), canonicalise(TEXT).cut(max(start, 0), end)
        assert (got.text, got.offsets.tolist()) == (wanted.text, wanted.offsets.tolist())

    def test_a_copy_is_aligned(self, store: FingerprintStore) -> None:
        store.add("W0", "另一部", [WorkPart("", make_text(2))])
        store.add("W1", "青禾记", PARTS)
        (copied,) = align_passages(canonicalise(TEXT[2000:3500]), store, None)
        assert (copied.work.key, copied.share > 0.98, copied.identity) == ("W1", True, 1.0)

    def test_a_withdrawn_work_leaves_no_prints(self, store: FingerprintStore) -> None:
        store.add("W1", "青禾记", [WorkPart("", TEXT)])
        assert store.remove("W1")
        assert len(store.lookup(HASHES).queries) == 0
        assert list(store.works()) == []
        with pytest.raises(NotFound):
            store.text("W1", 0)

    def test_what_is_not_there_cannot_be_withdrawn(self, store: FingerprintStore) -> None:
        assert not store.remove("W9")

    def test_a_work_added_again_stands_once(self, store: FingerprintStore) -> None:
        first = store.add("W1", "青禾记", [WorkPart("", TEXT)])
        again = store.add("W1", "青禾记（修订）", [WorkPart("", TEXT[:3000])], content="c")
        assert [(work.title, work.content) for work in store.works()] == [("青禾记（修订）", "c")]
        assert again.number != first.number
        assert set(store.lookup(HASHES).works.tolist()) == {again.number}

    def test_two_works_with_the_same_text_are_both_found(self, store: FingerprintStore) -> None:
        numbers = {store.add(key, key, [WorkPart("", TEXT)]).number for key in ("W1", "W2")}
        assert set(store.lookup(HASHES).works.tolist()) == numbers

    def test_a_work_without_a_letter_is_kept(self, store: FingerprintStore) -> None:
        assert store.add("W1", "空", [WorkPart("", "。。")]).length == 0
        assert store.text("W1", 0) == "。。"

    def test_a_work_that_breaks_off_is_not_there(self, store: FingerprintStore) -> None:
        def broken() -> object:
            yield WorkPart("", TEXT)
            raise ValueError("the file ends here")

        with pytest.raises(ValueError, match="ends here"):
            store.add("W1", "青禾记", broken())  # type: ignore[arg-type]
        assert list(store.works()) == []
        assert len(store.lookup(HASHES).queries) == 0

    def test_the_header_names_parameters_and_table(self, store: FingerprintStore) -> None:
        assert store.header == current_header()

    def test_nothing_is_found_in_an_empty_store(self, store: FingerprintStore) -> None:
        assert len(store.lookup(HASHES).queries) == 0
