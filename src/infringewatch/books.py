"""Which book a chapter's address belongs to, where the address itself makes that plain. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_CHAPTER_KEYS = frozenset({"cid", "chapter", "chapterid", "chapter_id", "zjid"})
_BOOK_KEYS = frozenset({"bid", "bookid", "book_id", "novelid", "novel_id", "aid", "articleid", "article_id"})
_BOOK_WORDS = frozenset({"book", "books", "novel", "novels", "xiaoshuo", "shu", "read", "reader"})
_CHAPTER_FILE = re.compile(r"(?:[a-z]{1,8}[-_]?)?\d+(?:[-_]\d+)*(?:\.[a-z]{2,5})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"\d{1,2}")


def book_folder(url: str) -> str:
    """What the addresses of one book's chapters have in common: their folder with ``/`` at its end, or the query that
    names the book. Two chapters with the same one are of one book.

    Empty where the address does not say: the last segment is no number, or the folder's name is neither a number (and
    no day of an archive) nor stands under a word for books. There need be no page at the folder.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query)
    names = {key.lower() for key, _ in pairs}
    if names & _BOOK_KEYS and names & _CHAPTER_KEYS:
        kept = sorted((key, value) for key, value in pairs if key.lower() in _BOOK_KEYS)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))
    *folders, file = parts.path.strip("/").split("/")
    if pairs or not _CHAPTER_FILE.fullmatch(file) or not _names_a_book(folders):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, f"/{'/'.join(folders)}/", "", ""))


def book_addresses(folder: str) -> list[str]:
    """The addresses at which the book of ``folder`` usually has its page."""
    if "?" in folder:
        return [folder]
    bare = folder.rstrip("/")
    return [folder, bare, f"{bare}.html", f"{bare}.htm", f"{folder}index.html"]


def _names_a_book(folders: Sequence[str]) -> bool:
    if not folders or _is_day(folders):
        return False
    return any(map(str.isdigit, folders[-1])) or (len(folders) > 1 and folders[-2].lower() in _BOOK_WORDS)


def _is_day(folders: Sequence[str]) -> bool:
    """``2026/11/25``, ``2026/11`` or ``2026``: an archive of articles."""
    years = [at for at, segment in enumerate(folders) if _YEAR.fullmatch(segment)]
    return bool(years) and all(_DAY.fullmatch(segment) for segment in folders[years[-1] + 1 :])
