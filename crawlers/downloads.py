"""Books offered as files: EPUB, TXT and PDF to an item with their whole text. Sizes and time are bounded; fetches nothing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from crawlers.book_process import MAX_SECONDS, read_book, read_book_apart
from crawlers.pages.items.draft import Draft
from crawlers.pages.reading import PageKind, PageReading
from infringewatch.errors import InputError
from infringewatch.model import ItemKind
from infringewatch.normalise import canonical_url

_HEAD = 1024
_QUICK_TEXT = 256 << 10  # bytes: reading such a TXT takes less than starting a process
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
    ending = _book_ending(url, body, content_type)
    if not ending:
        return None
    try:
        with TemporaryDirectory() as folder:
            file = Path(folder, f"file{ending}")
            file.write_bytes(body)
            title, text = read_book(file)
    except InputError as error:
        return _unread(url, ending, error)
    return _reading_of(url, title, text, seen_at)


async def read_download_apart(
    url: str, body: bytes, content_type: str, seen_at: str, seconds: float = MAX_SECONDS
) -> PageReading | None:
    """As `read_download`, for what may take long: another process reads it, for ``seconds`` at most. ``None`` also for
    a short TXT, which is read in no time."""
    ending = _book_ending(url, body, content_type)
    if not ending or (ending == ".txt" and len(body) <= _QUICK_TEXT):
        return None
    try:
        title, text = await read_book_apart(body, ending, seconds)
    except InputError as error:
        return _unread(url, ending, error)
    return _reading_of(url, title, text, seen_at)


def _book_ending(url: str, body: bytes, content_type: str) -> str:
    return "" if urlsplit(url).path == "/robots.txt" else ending_of(url, body, content_type)


def _unread(url: str, ending: str, error: InputError) -> PageReading:
    return PageReading(url, url, PageKind.OTHER, lost=(f"a {ending} file: {str(error).partition(': ')[2]}",))


def _reading_of(url: str, title: str, text: str, seen_at: str) -> PageReading:
    if len(text) < _MIN_TEXT:
        return PageReading(url, url, PageKind.OTHER)
    name = canonical_url(url)
    draft = Draft()
    draft.offer("text", text, "file")
    draft.offer("title", title or _file_name(url), "file")
    item = draft.build(ItemKind.CHAPTER, name, name, seen_at)
    return PageReading(url, url, PageKind.CHAPTER, items=(item,), sources_used=("file",), title=title)


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2].rpartition(".")[0]
