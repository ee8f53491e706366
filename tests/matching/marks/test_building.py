from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from infringewatch.matching.marks import building
from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.segment import MAX_TWINS
from infringewatch.matching.marks.streams import read_batch
from infringewatch.model import Right, RightKind

_CHARACTERS = "蓝鲸兔耐步小米白塔夏镇天林舟红木北"


def _rights(numbers: Sequence[int]) -> list[Right]:
    def name(n: int) -> str:
        return "".join(_CHARACTERS[n // 16**k % 16] for k in range(3))

    return [Right(RightKind.TRADEMARK, name(n), f"T{n}", holder=f"H{n}") for n in numbers]


def _found(marks: CompiledMarks, text: str) -> set[str]:
    rights = set()
    for columns in marks.candidates(read_batch([text])):
        for number in columns.forms.tolist():
            rights.add(marks.rights[marks.form(columns.segment, number).right].registration_no)
    return rights


def test_a_list_is_compiled_once_and_then_mapped(tmp_path: Path, monkeypatch: object) -> None:
    rights = _rights(range(40))
    compile_marks(rights, cache_dir=tmp_path)
    (folder,) = tmp_path.glob("marks-*/*/")
    before = (folder / "keys.npy").stat().st_mtime_ns
    marks = compile_marks(rights, cache_dir=tmp_path)
    assert isinstance(marks.segments[0].keys.base, np.memmap)
    assert (folder / "keys.npy").stat().st_mtime_ns == before


def test_what_is_mapped_finds_what_the_fresh_list_finds(tmp_path: Path) -> None:
    rights = _rights(range(40))
    for _ in range(2):
        marks = compile_marks(rights, cache_dir=tmp_path)
        assert _found(marks, rights[7].name) == _found(compile_marks(rights), rights[7].name)


def test_a_few_new_marks_get_a_segment_of_their_own(tmp_path: Path) -> None:
    compile_marks(_rights(range(100)), cache_dir=tmp_path)
    rights = _rights(range(104))
    marks = compile_marks(rights, cache_dir=tmp_path)
    assert [len(places) for places in marks.places_of] == [100, 4]
    for right in (rights[3], rights[102]):
        assert right.registration_no in _found(marks, right.name)


def test_a_mark_that_was_withdrawn_is_found_no_more(tmp_path: Path) -> None:
    rights = _rights(range(100))
    compile_marks(rights, cache_dir=tmp_path)
    marks = compile_marks([*rights[:50], *rights[51:]], cache_dir=tmp_path)
    assert len(marks.segments) == 1
    assert "T50" not in _found(marks, rights[50].name)
    assert "T51" in _found(marks, rights[51].name)


def test_another_order_of_the_list_needs_no_new_segment(tmp_path: Path) -> None:
    rights = _rights(range(50))
    compile_marks(rights, cache_dir=tmp_path)
    turned = rights[::-1]
    marks = compile_marks(turned, cache_dir=tmp_path)
    assert len(list(tmp_path.glob("marks-*/*/"))) == 1
    assert turned[0].registration_no in _found(marks, turned[0].name)


def test_a_list_with_many_changes_is_compiled_anew(tmp_path: Path) -> None:
    compile_marks(_rights(range(50)), cache_dir=tmp_path)
    assert len(compile_marks(_rights(range(40, 90)), cache_dir=tmp_path).segments) == 1


def test_old_segments_are_dropped(tmp_path: Path) -> None:
    for start in range(0, 500, 50):
        compile_marks(_rights(range(start, start + 20)), cache_dir=tmp_path)
    assert len(list(tmp_path.glob("marks-*/*/"))) == building._KEPT_SEGMENTS


def test_one_mark_of_two_holders_is_a_conflict_and_found_for_both() -> None:
    rights = [Right(RightKind.TRADEMARK, "蓝鲸", no, holder=no) for no in ("A", "B")]
    marks = compile_marks(rights)
    assert [(c.form, c.rights) for c in marks.conflicts] == [("蓝鲸", ("A", "B"))]
    assert _found(marks, "蓝鲸") == {"A", "B"}


def test_an_empty_list_finds_nothing(tmp_path: Path) -> None:
    for cache in (None, tmp_path):
        assert _found(compile_marks([], cache_dir=cache), "蓝鲸 running shoes") == set()


def test_twins_are_told_apart_in_the_cache(tmp_path: Path) -> None:
    rights = [Right(RightKind.TRADEMARK, "蓝鲸兔", no, holder="甲") for no in ("A", "B")]
    for _ in range(2):
        assert _found(compile_marks(rights, cache_dir=tmp_path), "蓝鲸兔") == {"A", "B"}


def test_a_name_that_the_list_has_very_often_is_found_for_the_first_of_it_only() -> None:
    rights = [Right(RightKind.TRADEMARK, "蓝鲸兔", f"T{n}", holder="甲") for n in range(MAX_TWINS + 50)]
    found = _found(compile_marks(rights), "蓝鲸兔")
    assert len(found) == MAX_TWINS and f"T{MAX_TWINS + 1}" not in found
