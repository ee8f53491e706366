"""TXT, EPUB, HTML, PDF or a folder of chapters to text with parts. Sizes are bounded; no entity is ever expanded."""

from __future__ import annotations

import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.parsers import expat

from pypdf import PdfReader

from infringewatch.decoding import decode_bytes
from infringewatch.errors import InputError

__all__ = ["Document", "Part", "decode_bytes", "read_document"]

MAX_FILE_BYTES = 128 << 20
MAX_UNPACKED = 512 << 20
MAX_PARTS = 20_000
MAX_PAGE_CONTENT = 2 << 20  # bytes of a PDF page's unpacked drawing orders: a page of text has some five thousand
MAX_PDF_CONTENT = 32 << 20
_MAX_ENTRY = 64 << 20
_HEADING = re.compile(
    r"^[ \t\u3000]*(?:"
    r"(?:第[ \t]{0,2}[0-9０-９零〇一二两三四五六七八九十百千万]{1,9}[ \t]{0,2}[章节回卷部集篇幕](?![^\s:：、.．，,]{31})[^\r\n]{0,40})"
    r"|(?:(?:chapter|part|book)[ \t]+(?:\d{1,4}|[ivxlcdm]{1,8}|one|two|three|four|five|six|seven|eight|nine|ten)\b[^\r\n]{0,60})"
    r"|(?:楔子|序章|序言|尾声|后记|番外[^\r\n]{0,20}|prologue|epilogue)"
    r")[ \t\u3000]*\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_MARKED = re.compile(r"<!\[CDATA\[(.*?)\]\]>|<!\[[^>]{0,200}>?", re.DOTALL)
"""Marked sections: XHTML's hold text, Word's and old browsers' are notes to a program."""
_NUMBERS = re.compile(r"(\d+)")
_CONTAINER = "META-INF/container.xml"
_SKIPPED = frozenset({"script", "style", "noscript", "template", "svg"})
_BLOCKS = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "section", "article", "blockquote", "pre", "hr", "body"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "nav", "aside", "main", "dd", "dt", "figure"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter, page or file. ``start`` is where ``text`` begins in its file's text (code points).

    ``file`` is the file's path below its folder, where the document is a folder of several; else empty.
    """

    title: str
    text: str
    start: int
    file: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """``text`` is the parts' texts, end to end within a file, a line end between files. A TXT's is its decoded text without BOM, line ends untouched."""

    title: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        pieces: list[str] = []
        for before, part in zip((None, *self.parts), self.parts, strict=False):
            if before is not None and before.file != part.file:
                pieces.append("\n")
            pieces.append(part.text)
        return "".join(pieces)


def read_document(path: Path) -> Document:
    """Read a file by its ending (unknown ones as text), or a folder's files in the order of the numbers in their names.

    Raises InputError, naming the file, where it cannot be read, is too large or is not what its name says.
    """
    try:
        if path.is_dir():
            return Document(path.name, _read_folder(path))
        title, pieces = _read_file(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except AssertionError as error:  # how html.parser refuses a declaration that it does not know
        raise InputError(f"{path}: is no readable HTML ({error})") from error
    return Document(title, tuple(_number(pieces)))


_Pieces = list[tuple[str, str]]  # title and text of each part


def _number(pieces: _Pieces, file: str = "") -> Iterator[Part]:
    start = 0
    for title, text in pieces:
        yield Part(title, text, start, file)
        start += len(text)


def _read_file(path: Path) -> tuple[str, _Pieces]:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError(f"{path}: is larger than {MAX_FILE_BYTES >> 20} MB")
    read = _READERS.get(path.suffix.lower(), _read_text)
    return read(path)


def _read_folder(folder: Path) -> tuple[Part, ...]:
    inside = folder.resolve()
    files = sorted((file for file in folder.rglob("*") if file.is_file()), key=_natural)
    parts: list[Part] = []
    size = 0
    for file in files:
        if not file.resolve().is_relative_to(inside):
            raise InputError(f"{file}: leads out of its folder")
        size += file.stat().st_size
        if size > MAX_UNPACKED or len(parts) > MAX_PARTS:
            raise InputError(f"{folder}: holds more than {MAX_UNPACKED >> 20} MB or {MAX_PARTS:,} parts")
        title, pieces = _read_file(file)
        if len(pieces) == 1:
            pieces = [(pieces[0][0] or title or file.stem, pieces[0][1])]
        parts += _number(pieces, file.relative_to(folder).as_posix())
    return tuple(parts)


def _natural(path: Path) -> list[tuple[int, str]]:
    """Chapter 10 comes after chapter 9."""
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in _NUMBERS.split(path.as_posix())]


def _read_text(path: Path) -> tuple[str, _Pieces]:
    data = path.read_bytes()
    text, _encoding = decode_bytes(data)
    if "\0" in text[:4096]:
        raise InputError(f"{path}: is no text file")
    return path.stem, _split_chapters(text)


def _split_chapters(text: str) -> _Pieces:
    """At each heading line; what stands before the first is a part of its own."""
    found = list(_HEADING.finditer(text))[:MAX_PARTS]
    starts = [match.start() for match in found]
    titles = [match.group().strip() for match in found]
    if not starts or starts[0] > 0:
        starts, titles = [0, *starts], ["", *titles]
    return [(t, text[a:b]) for t, a, b in zip(titles, starts, [*starts[1:], len(text)], strict=True)]


# --- HTML


class _TextOfHtml(HTMLParser):
    """Collects what a reader sees, a line for each block; knows no entities but HTML's own characters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.heading = ""
        self._pieces: list[str] = []
        self._skipping = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED and not self._skipping:
            self._skipping = tag
        if tag in ("title", "h1", "h2"):
            self._inside = tag
        if tag in _BLOCKS:
            self._break()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """XHTML closes any element at once; the parser would wait for a `</script>` that never comes."""
        if tag in _BLOCKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipping:
            self._skipping = ""
        if tag == self._inside:
            self._inside = ""
        if tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if self._inside == "title":
            self.title += data
            return
        if self._inside:
            self.heading += data
        line = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._pieces.append(line.lstrip(" ") if not self._pieces or self._pieces[-1] == "\n" else line)

    def _break(self) -> None:
        if self._pieces and self._pieces[-1] != "\n":
            self._pieces.append("\n")

    @property
    def text(self) -> str:
        return "".join(self._pieces).strip()


def _read_html(path: Path) -> tuple[str, _Pieces]:
    title, text = _parse_html(path.read_bytes())
    return title or path.stem, [(title, text)]


def _parse_html(data: bytes) -> tuple[str, str]:
    declared = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", data[:4096])
    text, _ = decode_bytes(data, declared[1].decode("ascii") if declared else None)
    reader = _TextOfHtml()
    reader.feed(_MARKED.sub(r"\1", text))
    reader.close()
    return " ".join((reader.heading or reader.title).split())[:300], reader.text


# --- EPUB


def _read_epub(path: Path) -> tuple[str, _Pieces]:
    try:
        with zipfile.ZipFile(path) as book:
            if sum(entry.file_size for entry in book.infolist()) > MAX_UNPACKED or len(book.infolist()) > MAX_PARTS:
                raise InputError(f"{path}: unpacks to more than {MAX_UNPACKED >> 20} MB or {MAX_PARTS:,} files")
            title, names = _read_spine(book)
            chapters = [_parse_html(_entry(book, name)) for name in names]
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error) as error:
        raise InputError(f"{path}: is no readable EPUB ({error})") from error
    return title or path.stem, [(head, _ended(text)) for head, text in chapters if text]


def _read_spine(book: zipfile.ZipFile) -> tuple[str, list[str]]:
    """The book's title, and the names of its chapters in reading order."""
    container = _elements(_entry(book, _CONTAINER))
    package = next((attributes["full-path"] for tag, attributes, _ in container if tag == "rootfile"), "")
    elements = _elements(_entry(book, package))
    places = {attributes.get("id"): attributes.get("href", "") for tag, attributes, _ in elements if tag == "item"}
    order = [places.get(attributes.get("idref"), "") for tag, attributes, _ in elements if tag == "itemref"]
    title = next((text.strip() for tag, _, text in elements if tag == "title"), "")
    return title, [_resolve(package, href) for href in order if href]


def _resolve(package: str, href: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(package).parent / unquote(href.partition("#")[0])).parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)


def _entry(book: zipfile.ZipFile, name: str) -> bytes:
    if book.getinfo(name).file_size > _MAX_ENTRY:
        raise ValueError(f"{name} is larger than {_MAX_ENTRY >> 20} MB")
    return book.read(name)


_Element = tuple[str, dict[str, str], str]


def _elements(xml: bytes) -> list[_Element]:
    """Every element with its attributes and own text, in order. Refuses entity declarations outright."""
    found: list[_Element] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag.rpartition(":")[2], attributes, ""))

    def add_text(text: str) -> None:
        if found:
            tag, attributes, before = found[-1]
            found[-1] = (tag, attributes, before + text)

    def refuse(*_: object) -> None:
        raise ValueError("it declares entities")

    parser.StartElementHandler, parser.CharacterDataHandler, parser.EntityDeclHandler = start, add_text, refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return found


# --- PDF


def _read_pdf(path: Path) -> tuple[str, _Pieces]:
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it comments on every oddity of every page
    try:
        reader = PdfReader(path)
        if len(reader.pages) > MAX_PARTS:
            raise InputError(f"{path}: has more than {MAX_PARTS:,} pages")
        pieces = [(str(number), _ended(text)) for number, text in enumerate(_pdf_pages(reader, path), 1)]
        title = str((reader.metadata and reader.metadata.title) or path.stem)
    except InputError:
        raise
    except Exception as error:  # pypdf raises a dozen kinds of errors, its own and Python's, on a damaged file
        raise InputError(f"{path}: is no readable PDF ({error})") from error
    return title, pieces


def _pdf_pages(reader: PdfReader, path: Path) -> Iterator[str]:
    """The pages' texts. What a page draws is measured first: reading it takes a thousand times as long as unpacking it."""
    left = MAX_PDF_CONTENT
    for number, page in enumerate(reader.pages, 1):
        contents = page.get_contents()
        size = len(contents.get_data()) if contents is not None else 0
        left -= size
        if size > MAX_PAGE_CONTENT or left < 0:
            raise InputError(f"{path}: draws too much (page {number})")
        yield page.extract_text() if size else ""


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


_READERS: dict[str, Callable[[Path], tuple[str, _Pieces]]] = {
    ".html": _read_html,
    ".htm": _read_html,
    ".xhtml": _read_html,
    ".epub": _read_epub,
    ".pdf": _read_pdf,
}
