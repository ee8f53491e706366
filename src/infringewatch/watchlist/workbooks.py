"""The first sheet of an XLSX workbook, row by row in constant memory: values only, read a fifth as dear as by openpyxl.

Expat expands no entity without bounds and asks for nothing outside; what a workbook may unpack to is bounded before.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from xml.parsers import expat

Value = str | int | float | bool | date | None
_CHUNK = 1 << 18
_LETTERS = re.compile("[A-Z]+")
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # ECMA-376, 18.8.30
_NOT_LETTERS_OF_A_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\[(?!h|m|s)[^\]]*\]', re.I)
_DATE_LETTERS = re.compile("[dmyhs]", re.I)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension [^>]*ref=\"[A-Z]+\d+:[A-Z]+(\d+)\"")
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - a workbook knows no zone


@dataclass(frozen=True, slots=True)
class Sheet:
    """``total`` is the number of rows that the sheet says it has, 0 where it says nothing."""

    rows: Iterator[tuple[int, list[Value]]]
    total: int


def open_sheet(archive: zipfile.ZipFile, most_columns: int) -> Sheet:
    """The first sheet: (row number, its values up to ``most_columns``), rows without a cell left out.

    Raises ValueError, KeyError, ExpatError or BadZipFile, here or while rows are read, where it is no sound workbook.
    """
    book = _find_part(archive, "", "officeDocument")
    about = _Book(bool(_find(archive, book, "workbookPr", "date1904") & {"1", "true"}))
    strings = _parts(archive, book, "sharedStrings")
    if strings:
        about.strings = _read_strings(archive, strings[0])
    styles = _parts(archive, book, "styles")
    if styles:
        about.dates = _read_date_styles(archive, styles[0])
    name = _first_sheet(archive, book)
    with archive.open(name) as part:
        found = _DIMENSION.search(part.read(4096))
    return Sheet(_iter_rows(archive, name, about, most_columns), int(found[1]) if found else 0)


@dataclass(slots=True)
class _Book:
    is_1904: bool
    strings: list[str] = field(default_factory=list)
    dates: frozenset[str] = frozenset()

    def value_of(self, kind: str, style: str, text: str) -> Value:
        if kind == "s":
            return self.strings[int(text)]
        if kind in ("str", "inlineStr", "e"):
            return text
        if kind == "b":
            return text.strip() == "1"
        if kind == "d":
            return text.strip()[:10]
        if not text.strip():
            return None
        try:
            if style in self.dates:
                return (_EPOCHS[self.is_1904] + timedelta(days=float(text))).date()
            return int(text) if text.isdecimal() else float(text)
        except (ValueError, OverflowError):
            return text  # whoever reads the column says what is wrong with it


def _iter_rows(
    archive: zipfile.ZipFile, name: str, book: _Book, most_columns: int
) -> Iterator[tuple[int, list[Value]]]:
    reading = _RowReader(book, most_columns)
    for _ in _parse(archive, name, reading.start, reading.end, reading.text):
        yield from reading.rows
        reading.rows.clear()


class _RowReader:
    """Collects whole rows while expat goes through a sheet."""

    def __init__(self, book: _Book, most_columns: int) -> None:
        self.rows: list[tuple[int, list[Value]]] = []
        self._book = book
        self._most = most_columns
        self._number = 0
        self._cells: list[Value] = []
        self._place = 0
        self._kind = self._style = ""
        self._text: list[str] = []
        self._takes_text = False
        self._in_reading = 0  # inside <rPh>, which says how a word is pronounced

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r", "")
            self._place = _column(reference) if reference else self._place + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._text.clear()
        elif name in ("v", "t"):
            self._takes_text = not self._in_reading
        elif name == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._cells, self._place = [], 0
        elif name == "rPh":
            self._in_reading += 1

    def text(self, data: str) -> None:
        if self._takes_text:
            self._text.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._takes_text = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.rows.append((self._number, self._cells))
        elif name == "rPh":
            self._in_reading -= 1

    def _end_cell(self) -> None:
        if not self._text or not 0 < self._place <= self._most:
            return
        self._cells.extend([None] * (self._place - 1 - len(self._cells)))
        value = self._book.value_of(self._kind, self._style, "".join(self._text))
        self._cells[self._place - 1 :] = [value]


def _column(reference: str) -> int:
    """1 for A1, 27 for AA7."""
    letters = _LETTERS.match(reference)
    number = 0
    for letter in letters[0] if letters else "":
        number = number * 26 + ord(letter) - 64
    return number


def _read_strings(archive: zipfile.ZipFile, name: str) -> list[str]:
    """The texts that cells point to; runs of rich text are joined, how a word is pronounced is left out."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"t": False, "rPh": False}

    def start(tag: str, _attributes: dict[str, str]) -> None:
        if tag in state:
            state[tag] = True

    def end(tag: str) -> None:
        if tag in state:
            state[tag] = False
        elif tag == "si":
            found.append("".join(pieces))
            pieces.clear()

    def text(data: str) -> None:
        if state["t"] and not state["rPh"]:
            pieces.append(data)

    for _ in _parse(archive, name, start, end, text):
        pass
    return found


def _read_date_styles(archive: zipfile.ZipFile, name: str) -> frozenset[str]:
    """The numbers of the cell styles that show a number as a day."""
    own: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "xf" and "cellXfs" in inside:
            styles.append(attributes.get("numFmtId", "0"))

    def end(_tag: str) -> None:
        inside.pop()

    for _ in _parse(archive, name, start, end, lambda _text: None):
        pass
    return frozenset(str(number) for number, shape in enumerate(styles) if _is_date_format(shape, own))


def _is_date_format(shape: str, own: dict[str, str]) -> bool:
    if shape in own:
        return bool(_DATE_LETTERS.search(_NOT_LETTERS_OF_A_FORMAT.sub("", own[shape].split(";")[0])))
    return shape.isdecimal() and int(shape) in _DATE_FORMATS


def _first_sheet(archive: zipfile.ZipFile, book: str) -> str:
    """The part of the first sheet in the order in which they are shown; charts have none."""
    sheets = set(_parts(archive, book, "worksheet"))
    targets = _relations(archive, book)
    for identity in _find_all(archive, book, "sheet", "id"):
        if targets.get(identity, ("", ""))[1] in sheets:
            return targets[identity][1]
    raise ValueError("it has no sheet")


def _find_part(archive: zipfile.ZipFile, source: str, kind: str) -> str:
    parts = _parts(archive, source, kind)
    if not parts:
        raise ValueError(f"it has no {kind}")
    return parts[0]


def _parts(archive: zipfile.ZipFile, source: str, kind: str) -> list[str]:
    """The parts of that kind which ``source`` names; the last word of a relation's type is the same in both dialects."""
    return [name for relation, name in _relations(archive, source).values() if relation == kind]


def _relations(archive: zipfile.ZipFile, source: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(source)
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    for _ in _parse(archive, posixpath.join(folder, "_rels", f"{name}.rels"), start, lambda _: None, lambda _: None):
        pass
    return found


def _find(archive: zipfile.ZipFile, name: str, tag: str, attribute: str) -> set[str]:
    return set(_find_all(archive, name, tag, attribute))


def _find_all(archive: zipfile.ZipFile, name: str, tag: str, attribute: str) -> list[str]:
    found: list[str] = []

    def start(met: str, attributes: dict[str, str]) -> None:
        if met == tag:
            found.extend(value for key, value in attributes.items() if key.rpartition(":")[2] == attribute)

    for _ in _parse(archive, name, start, lambda _: None, lambda _: None):
        pass
    return found


def _parse(
    archive: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Go through one part; yields after each piece of it. Names reach the callbacks without their prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    bare = _BareNames()
    parser.StartElementHandler = lambda tag, attributes: start(bare[tag], attributes)
    parser.EndElementHandler = lambda tag: end(bare[tag])
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse_entity
    with archive.open(name) as part:
        for piece in iter(partial(part.read, _CHUNK), b""):
            parser.Parse(piece, False)
            yield
    parser.Parse(b"", True)
    yield


class _BareNames(dict[str, str]):
    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(":")[2]
        return self[name]


def _refuse_entity(*_declaration: object) -> None:
    raise ValueError("it declares entities of its own")
