"""Books offered as files: EPUB, TXT and PDF to an item with their whole text. Sizes are bounded; fetches nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from crawlers.pages.items.draft import Draft
from crawlers.pages.reading import PageKind, PageReading
from infringewatch.documents import read_document
from infringewatch.errors import InputError
from infringewatch.model import ItemKind
from infringewatch.normalise import canonical_url

# What inflates to more than this is no book but a bomb; a long novel has some six megabytes.
MAX_UNPACKED = 64 << 20
_HEAD = 1024
_MIN_TEXT = 200  # characters: licences and notes that lie beside a book are shorter


def ending_of(url: str, body: bytes, content_type: str) -> str:
    """``.epub``, ``.pdf`` or ``.txt`` where the answer is such a file, by its bytes first; else empty."""
    head = body[:_HEAD]
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith(b"PK\x03\x04"):
        return ".epub" if b"application/epub+zip" in head[:120] or "epub" in content_type.lower() else ""
    declared = content_type.partition(";")[0].strip().lower()
    is_text = declared == "text/plain" or (urlsplit(url).path.lower().endswith(".txt") and "html" not in declared)
    return ".txt" if is_text and head.strip() and not head.lstrip().startswith(b"<") else ""


def read_download(url: str, body: bytes, content_type: str, seen_at: str) -> PageReading | None:
    """The reading of a book's file; ``None`` for anything else. A file that cannot be read has no item, and says why."""
    ending = ending_of(url, body, content_type)
    if not ending or urlsplit(url).path == "/robots.txt":
        return None
    name = canonical_url(url)
    try:
        title, text = _text_of(body, ending)
    except InputError as error:
        return PageReading(url, url, PageKind.OTHER, lost=(f"a {ending} file: {str(error).partition(': ')[2]}",))
    if len(text) < _MIN_TEXT:
        return PageReading(url, url, PageKind.OTHER)
    draft = Draft()
    draft.offer("text", text, "file")
    draft.offer("title", title or _file_name(url), "file")
    item = draft.build(ItemKind.CHAPTER, name, name, seen_at)
    return PageReading(url, url, PageKind.CHAPTER, items=(item,), sources_used=("file",), title=title)


def _text_of(body: bytes, ending: str) -> tuple[str, str]:
    with TemporaryDirectory() as folder:
        file = Path(folder, f"file{ending}")
        file.write_bytes(body)
        if ending == ".epub" and _unpacked_size(file) > MAX_UNPACKED:
            raise InputError(f"{file}: unpacks to more than {MAX_UNPACKED >> 20} MB")
        document = read_document(file)
    return "" if document.title == file.stem else document.title, document.text


def _unpacked_size(file: Path) -> int:
    try:
        with zipfile.ZipFile(file) as packed:
            return sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(f"{file}: is no whole EPUB") from error


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2].rpartition(".")[0]
