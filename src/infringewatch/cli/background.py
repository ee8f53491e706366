"""Reads the texts that everyone quotes, as `match --background` names them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from infringewatch.errors import Fault, InputError
from infringewatch.matching.works.background import TextBackground

_TEXTS = (".txt", ".jsonl")


def read_background(path: Path) -> TextBackground:
    """A folder (its TXT and JSON Lines files, also in folders below), one TXT, or JSON Lines with ``text``.

    Raises InputError where there is no such file, or a line is no JSON object with a text.
    """
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in _TEXTS) if path.is_dir() else [path]
    return TextBackground(text for file in files for text in _iter_texts(file))


def _iter_texts(file: Path) -> Iterator[str]:
    try:
        content = _decode(file.read_bytes())
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
    if file.suffix.lower() != ".jsonl":
        yield content
        return
    for number, line in enumerate(content.splitlines(), 1):
        if line.strip():
            yield _text_of(line, file, number)


def _text_of(line: str, file: Path, number: int) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            "the background cannot be read", [Fault(str(file), "no JSON object with text", number)]
        ) from error
    return str(text)


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")
