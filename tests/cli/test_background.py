from __future__ import annotations

import json
from pathlib import Path

import pytest

from infringewatch.cli.background import read_background
from infringewatch.errors import InputError
from infringewatch.matching.works.canonical import canonicalise

_POEM = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_folder_of_texts_is_read_in_any_common_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "poems").mkdir()
    (tmp_path / "poems" / "one.txt").write_bytes(_POEM.encode(encoding))
    assert read_background(tmp_path).covered(canonicalise(_POEM).codes).all()


def test_json_lines_are_read_by_their_text(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(json.dumps({"text": _POEM}) + "\n\n", encoding="utf-8")
    assert read_background(file).covered(canonicalise(_POEM).codes).all()


def test_a_line_without_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "a"}\n{"title": "b"}\n', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_background(file)
    assert raised.value.faults[0].line == 2


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_background(tmp_path / "none.txt")
