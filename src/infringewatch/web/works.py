"""The registered work's own text, for showing a copied passage beside its original."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from infringewatch.documents import Document, read_document
from infringewatch.errors import InputError
from infringewatch.settings import get_settings
from infringewatch.store.models import Right


def passage_of(right: Right, start: int, end: int, part: str) -> str:
    """The right's text that a span names; empty where the work has no text, or it cannot be read any more."""
    name = right.data.get("text_path")
    if not name:
        return ""
    try:
        document = _read(get_settings().library_dir / Path(name).name)
    except InputError:
        return ""
    return _text_of(document, part)[start:end]


def _text_of(document: Document, part: str) -> str:
    """The text of the file ``part`` of a folder; of the whole document where it is one file."""
    pieces = [piece for piece in document.parts if piece.file == part] if part else []
    return "".join(piece.text for piece in pieces or document.parts)


@lru_cache(maxsize=8)
def _read(path: Path) -> Document:
    """Library files are named by their content, so that a text that was read stays right."""
    return read_document(path)
