"""Encodings found out: marks, wrong labels, and none at all."""

from __future__ import annotations

import pytest

from infringewatch.decoding import decode_bytes

SIMPLIFIED = "他走到山门前，看见一个老人坐在石阶上，手里拿着一本旧书。"
TRADITIONAL = "他走到山門前，看見一個老人坐在石階上，手裡拿著一本舊書。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
def test_simplified_text_comes_back(encoding: str) -> None:
    assert decode_bytes(SIMPLIFIED.encode(encoding))[0] == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "utf-16"])
def test_traditional_text_comes_back(encoding: str) -> None:
    assert decode_bytes(TRADITIONAL.encode(encoding))[0] == TRADITIONAL


@pytest.mark.parametrize("text", ["耐克,商标", "云岫山房", "kind,name\n商标,青岚"])
def test_a_few_characters_are_enough_for_gb18030(text: str) -> None:
    assert decode_bytes(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize("text", ["kind,name", SIMPLIFIED + "\n"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known(text: str, encoding: str) -> None:
    assert decode_bytes(text.encode(encoding)) == (text, encoding)


def test_accents_of_western_text_are_known() -> None:
    assert decode_bytes("Café Müller, façade".encode("cp1252")) == ("Café Müller, façade", "cp1252")


def test_a_wrong_label_is_not_believed() -> None:
    assert decode_bytes(SIMPLIFIED.encode("gb18030"), "utf-8")[0] == SIMPLIFIED


def test_the_smaller_sets_name_means_the_larger() -> None:
    assert decode_bytes("镕".encode("gb18030"), "gb2312") == ("镕", "gb18030")


def test_one_damaged_byte_costs_one_character() -> None:
    damaged = SIMPLIFIED.encode("gb18030") * 20 + b"\xff"
    assert decode_bytes(damaged)[0] == SIMPLIFIED * 20 + "\ufffd"


def test_line_ends_are_left_alone() -> None:
    assert decode_bytes(b"a\r\nb\rc\n")[0] == "a\r\nb\rc\n"


@pytest.mark.parametrize("data", [b"", b"\xff", b"\x80\x81"])
def test_it_never_raises(data: bytes) -> None:
    assert isinstance(decode_bytes(data, "no-such-encoding")[0], str)
