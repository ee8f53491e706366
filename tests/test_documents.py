"""Documents to text with parts, and hostile ones refused by name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from infringewatch import documents
from infringewatch.documents import read_document
from infringewatch.errors import InputError

NOVEL = "书名\r\n第一章 山门\r\n他走到山门前。\r\n第二章 老人\r\n老人不语。\r\n"
CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = (
    '<package xmlns:dc="x"><metadata><dc:title>The Gate</dc:title></metadata><manifest><item id="b" href="b%201.xhtml"/>'
    '<item id="a" href="../text/a.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
)


def make_epub(path: Path, package: str = PACKAGE, **more: str) -> Path:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("OEBPS/book.opf", package)
        book.writestr("text/a.xhtml", "<h1>One</h1><p>He came to the <b>ga</b>te.</p>")
        book.writestr("OEBPS/b 1.xhtml", "<h1>Two</h1><script>x()</script><p>The old man &amp; the dog.</p>")
        for name, content in more.items():
            book.writestr(name, content)
    return path


def test_a_text_is_split_at_its_chapter_headings(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(NOVEL.encode("gb18030"))
    parts = read_document(tmp_path / "a.txt").parts
    assert [part.title for part in parts] == ["", "第一章 山门", "第二章 老人"]


def test_parts_stand_in_the_decoded_text_where_they_say(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf" + NOVEL.encode())
    document = read_document(tmp_path / "a.txt")
    assert document.text == NOVEL
    assert all(NOVEL[part.start :].startswith(part.text) for part in document.parts)


def test_english_headings_are_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("CHAPTER I.\nIt was.\n\nChapter 2: The Dog\nIt ran.\nChapter and verse he knew.\n")
    assert [part.title for part in read_document(tmp_path / "a.txt").parts] == ["CHAPTER I.", "Chapter 2: The Dog"]


def test_an_epub_is_read_in_the_order_of_its_spine(tmp_path: Path) -> None:
    document = read_document(make_epub(tmp_path / "a.epub"))
    assert document.title == "The Gate"
    assert [(part.title, part.text) for part in document.parts] == [
        ("One", "One\nHe came to the gate.\n"),
        ("Two", "Two\nThe old man & the dog.\n"),
    ]


def test_an_epub_that_declares_entities_is_refused(tmp_path: Path) -> None:
    package = '<!DOCTYPE p [<!ENTITY a "aaaa">]>' + PACKAGE
    with pytest.raises(InputError, match=r"a\.epub: .*declares entities"):
        read_document(make_epub(tmp_path / "a.epub", package))


def test_an_epub_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_UNPACKED", 1000)
    with pytest.raises(InputError, match="unpacks to more"):
        read_document(make_epub(tmp_path / "a.epub", big="0" * 2000))


def test_an_epub_without_a_chapter_it_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.epub: is no readable EPUB"):
        read_document(make_epub(tmp_path / "a.epub", PACKAGE.replace("a.xhtml", "c.xhtml")))


@pytest.mark.parametrize("name", ["a.epub", "a.pdf"])
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 %PDF damaged")
    with pytest.raises(InputError, match=name):
        read_document(tmp_path / name)


def test_html_keeps_words_whole_and_believes_a_right_label(tmp_path: Path) -> None:
    html = '<meta charset="gbk"><title>书</title><p>他走<em>到</em>山门<br/>前。<script/></p><p>老人</p>'
    (tmp_path / "a.html").write_bytes(html.encode("gbk"))
    assert read_document(tmp_path / "a.html").text == "他走到山门\n前。\n老人"


def test_marked_sections_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<![CDATA[one]]> <![if IE]>two<![endif]> <![broken <p>three</p>")
    assert read_document(tmp_path / "a.html").text == "one two three"


def test_a_million_open_tags_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 200_000 + "end")
    assert read_document(tmp_path / "a.html").text == "end"


def test_a_folders_chapters_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    book = tmp_path / "book"
    book.mkdir()
    for number in (10, 9, 1):
        (book / f"ch{number}.txt").write_text(f"text {number}")
    assert [part.title for part in read_document(book).parts] == ["ch1", "ch9", "ch10"]


def test_parts_of_a_folder_stand_in_their_own_file(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "1.txt").write_text("one")
    (tmp_path / "book" / "2.txt").write_bytes(NOVEL.encode())
    parts = read_document(tmp_path / "book").parts
    assert [(part.file, part.start) for part in parts[:3]] == [("1.txt", 0), ("2.txt", 0), ("2.txt", 4)]
    assert all(NOVEL[part.start :].startswith(part.text) for part in parts[1:])


def test_a_link_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "1.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(InputError, match="leads out"):
        read_document(tmp_path / "book")


def test_a_pdf_has_a_part_for_each_page(tmp_path: Path) -> None:
    writer = PdfWriter()
    for _ in range(2):
        writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    assert [part.title for part in read_document(tmp_path / "a.pdf").parts] == ["1", "2"]


def test_the_text_of_a_pdf_is_read(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf 50 700 Td (He came to the gate.) Tj ET")
    assert read_document(tmp_path / "a.pdf").text == "He came to the gate.\n"


def test_a_pdf_whose_page_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf (x) Tj ET\n" * 100_000)
    with pytest.raises(InputError, match="draws too much"):
        read_document(tmp_path / "a.pdf")


def write_pdf(path: Path, drawing: bytes) -> None:
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    content = DecodedStreamObject()
    content.set_data(drawing)
    font = {NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")}
    fonts = DictionaryObject(
        {NameObject("/F1"): DictionaryObject(font | {NameObject("/BaseFont"): NameObject("/Helvetica")})}
    )
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    writer.write(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.txt").write_text("0" * 11)
    with pytest.raises(InputError, match="larger"):
        read_document(tmp_path / "a.txt")


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.txt"):
        read_document(tmp_path / "none.txt")
