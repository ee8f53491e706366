"""The registered work's own text, for showing a copied passage beside its original."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from infringewatch.documents import Document, read_document
from infringewatch.errors import InputError
from infringewatch.matching.works.canonical import canonicalise
from infringewatch.matching.works.store import PartInfo, find_chapters
from infringewatch.settings import get_settings
from infringewatch.store.models import Right


def passage_of(right: Right, start: int, end: int, part: str) -> str:
    """The right's text that a span names; empty where the work has no text, or it cannot be read any more."""
    document = _open(right.data.get("text_path"))
    return text_of(document, part)[start:end] if document else ""


def work_as_judged(right: Right, day: datetime) -> Document | None:
    """The work's text as it was registered on ``day``, so that offsets of a finding of that day are right;
    ``None`` where it has none, or it cannot be read any more."""
    versions = right.versions.filter(list_version__imported_at__lte=day, data__isnull=False)
    version = versions.order_by("-list_version__number").first()
    data = version.data if version is not None and version.data else right.data
    return _open(data.get("text_path"))


def chapters_of(document: Document) -> list[str]:
    """The names of the work's chapters in their order, numbered as findings number them; nameless ones by number."""
    parts = [PartInfo(p.title, p.file, 0, 0 if p.title else len(canonicalise(p.text))) for p in document.parts]
    return [parts[at].name or str(number) for number, at in enumerate(find_chapters(parts), 1)]


def text_of(document: Document, part: str) -> str:
    """The text of the file ``part`` of a folder; of the whole document where it is one file."""
    pieces = [piece for piece in document.parts if piece.file == part] if part else []
    return "".join(piece.text for piece in pieces or document.parts)


def _open(name: str | None) -> Document | None:
    if not name:
        return None
    try:
        return _read(get_settings().library_dir / Path(name).name)
    except InputError:
        return None


@lru_cache(maxsize=8)
def _read(path: Path) -> Document:
    """Library files are named by their content, so that a text that was read stays right."""
    return read_document(path)
