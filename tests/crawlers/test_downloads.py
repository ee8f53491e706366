"""Books offered as files are read whole; what only looks like one is left alone."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile

import pytest

from crawlers.downloads import read_download, read_download_apart

_STORY = "雨落了整整一夜，小镇的石板路上没有一个行人。老人推开门，看见远处的灯一盏一盏地灭下去。" * 12
_URL = "http://books.example/download/3/file"


def _epub(*chapters: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        items = "".join(
            f'<item id="p{n}" href="p{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
        )
        spine = "".join(f'<itemref idref="p{n}"/>' for n in range(len(chapters)))
        book.writestr(
            "c.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>夜雨</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for number, text in enumerate(chapters):
            book.writestr(f"p{number}.xhtml", f"<html><body><p>{text}</p></body></html>")
    return target.getvalue()


def _text(body: bytes, content_type: str) -> str:
    reading = read_download(_URL, body, content_type, "")
    assert reading is not None
    return reading.items[0].text if reading.items else ""


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_text_without_charset_comes_out_right(encoding: str) -> None:
    assert _text(_STORY.encode(encoding), "text/plain") == _STORY


def test_a_wrong_charset_is_not_believed() -> None:
    assert _text(_STORY.encode("gb18030"), "text/plain; charset=iso-8859-1") == _STORY


def test_all_chapters_of_an_epub_are_read() -> None:
    text = _text(_epub(_STORY, "第二章" + _STORY), "application/octet-stream")
    assert _STORY in text
    assert "第二章" in text


def test_a_damaged_epub_has_no_item_and_says_so() -> None:
    reading = read_download(_URL, _epub(_STORY)[:200], "application/epub+zip", "")
    assert reading is not None
    assert reading.items == ()
    assert ".epub" in reading.lost[0]


def test_an_epub_that_unpacks_without_end_is_refused() -> None:
    reading = read_download(_URL, _epub("a" * (70 << 20)), "application/epub+zip", "")
    assert reading is not None
    assert "unpacks to more than" in reading.lost[0]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<html><p>a page", "text/plain"),
        (b"<html><p>a page", "text/html"),
        (b"PK\x03\x04 some other archive", "application/zip"),
    ],
)
def test_what_is_no_book_is_left_to_others(body: bytes, content_type: str) -> None:
    assert read_download(_URL, body, content_type, "") is None


def test_a_short_note_is_no_book() -> None:
    reading = read_download("http://books.example/licence.txt", b"all rights reserved", "text/plain", "")
    assert reading is not None
    assert reading.items == ()


def _apart(body: bytes, **options: float) -> tuple[str, tuple[str, ...], float]:
    """Text, losses, and the longest time in which nothing else had its turn."""

    async def read() -> tuple[str, tuple[str, ...], float]:
        reading = asyncio.ensure_future(read_download_apart(_URL, body, "application/epub+zip", "", **options))
        longest, last = 0.0, time.monotonic()
        while not reading.done():
            await asyncio.sleep(0.005)
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        found = await reading
        assert found is not None
        return found.items[0].text if found.items else "", found.lost, longest

    return asyncio.run(read())


def test_a_book_that_takes_long_holds_nothing_up() -> None:
    book = _epub(*[f"<b>{_STORY}</b>" * 40] * 80)
    started = time.monotonic()
    text, _, longest = _apart(book)
    assert text == _text(book, "application/epub+zip")
    assert longest < (time.monotonic() - started) / 4


def test_a_book_that_takes_too_long_is_given_up_and_says_so() -> None:
    text, lost, _ = _apart(_epub(_STORY), seconds=0.01)
    assert text == ""
    assert lost == ("a .epub file: takes longer than 0.01 seconds to read",)


def test_a_damaged_book_read_apart_says_what_is_wrong() -> None:
    assert _apart(_epub(_STORY)[:200])[1] == ("a .epub file: is no whole EPUB",)


def test_a_short_text_is_read_in_place() -> None:
    assert asyncio.run(read_download_apart(_URL, _STORY.encode(), "text/plain", "")) is None
