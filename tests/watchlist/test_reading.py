"""What a watch list's rows become, and how each fault is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from infringewatch.errors import WatchListError
from infringewatch.model import RightKind, WorkType
from infringewatch.watchlist import read_watchlist
from infringewatch.watchlist.reading import WatchListFile

Write = Callable[..., Path]
HEADER = "kind,name,registration_no"
GOOD = f"{HEADER}\ntrademark,Velorin,TM-1\n"


def faults_of(path: Path) -> list[tuple[int | None, str | None]]:
    return [(fault.line, fault.field) for fault in read_watchlist(path).faults]


def read_one(write_list: Write, columns: str, cells: str) -> WatchListFile:
    return read_watchlist(write_list(f"{HEADER},{columns}\ntrademark,Velorin,TM-1,{cells}\n"))


def test_a_good_row_becomes_a_right(write_list: Write) -> None:
    columns = "nice_classes,aliases,famous,reference_price,currency,valid_from,valid_until,article_nos"
    right = read_one(write_list, columns, '"25;18;25",Velo;维洛林,yes,"1,299.50",cny,2020/1/2,2030-01-01,A1;A2').rights[
        0
    ]
    assert right.kind is RightKind.TRADEMARK
    assert (right.nice_classes, right.aliases, right.article_nos) == ((25, 18), ("Velo", "维洛林"), ("A1", "A2"))
    assert (right.famous, right.reference_price, right.currency) == (True, Decimal("1299.50"), "CNY")
    assert (right.valid_from, right.valid_until) == (date(2020, 1, 2), date(2030, 1, 1))


def test_an_empty_holder_inherits_the_default(write_list: Write) -> None:
    assert read_watchlist(write_list(GOOD), default_holder="Velorin AG").rights[0].holder == "Velorin AG"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_it_finds_the_encoding_out(write_list: Write, encoding: str) -> None:
    path = write_list(f"{HEADER},notes\n商标,云岫山房,注2024-1,登记在册的文字商标\n", encoding=encoding)
    right = read_watchlist(path).rights[0]
    assert (right.name, right.notes) == ("云岫山房", "登记在册的文字商标")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_matter(write_list: Write, end: str) -> None:
    assert len(read_watchlist(write_list(GOOD.replace("\n", end))).rights) == 1


def test_full_width_and_chinese_headers_are_known(write_list: Write) -> None:
    read = read_watchlist(write_list("ｋｉｎｄ,Ｎａｍｅ,注册号,权利人\n商标,云岫,1,云岫公司\n"))
    assert (read.rights[0].holder, read.unknown_columns) == ("云岫公司", ())


def test_traditional_headers_and_words_are_known(write_list: Write) -> None:
    read = read_watchlist(write_list("種類,名稱,註冊號,著作權人\n商標,雲岫,1,雲岫公司\n", encoding="big5"))
    assert (read.faults, read.rights[0].name, read.rights[0].holder) == ((), "雲岫", "雲岫公司")


@pytest.mark.parametrize("kind", ["著作权", "著作權", "copyright", "Copyright "])
def test_a_kind_is_known_in_each_script(write_list: Write, kind: str) -> None:
    assert read_watchlist(write_list(f"{HEADER}\n{kind},雲岫,1\n")).rights[0].kind == "copyright"


def test_semicolons_between_columns_are_understood(write_list: Write) -> None:
    assert len(read_watchlist(write_list(GOOD.replace(",", ";"))).rights) == 1


def test_unknown_columns_are_reported(write_list: Write) -> None:
    assert read_one(write_list, "colour,famos", "red,yes").unknown_columns == ("colour", "famos")


def test_a_cell_without_a_heading_is_a_fault(write_list: Write) -> None:
    assert faults_of(write_list(f"{HEADER}\ntrademark,Velorin,TM-1,surplus\n")) == [(2, None)]


@pytest.mark.parametrize("missing", HEADER.split(","))
def test_a_missing_column_is_one_fault_of_the_header(write_list: Write, missing: str) -> None:
    assert faults_of(write_list(GOOD.replace(missing, "other"))) == [(1, missing)]


def test_a_column_that_stands_twice_is_a_fault_of_the_header(write_list: Write) -> None:
    assert faults_of(write_list(f"{HEADER},名称\ntrademark,a,1,b\n")) == [(1, "name")]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("work_type", "novel"),
        ("nice_classes", "46"),
        ("nice_classes", "25-28"),
        ("nice_classes", "0"),
        ("valid_from", "31.12.2025"),
        ("valid_until", "2025-02-30"),
        ("reference_price", "about 5"),
        ("reference_price", "-5"),
        ("reference_price", "NaN"),
        ("reference_price", "1e9"),
        ("currency", "RMB"),
        ("famous", "perhaps"),
        ("licensed_hosts", "http://reader.example"),
        ("licensed_hosts", "reader.example:99999"),
        ("licensed_hosts", "*.*.example"),
        ("licensed_hosts", "reader.example@2026-01-01"),
        ("licensed_hosts", "reader.example@2026-02-01..2026-01-01"),
        ("licensed_hosts", "reader.example;reader.example@2026-01-01.."),
        ("licensed_hosts", "reader example"),
        ("text_path", "missing.txt"),
        ("image_paths", "../outside.png"),
        ("logo_paths", "/etc/passwd"),
        ("video_path", "C:\\film.mp4"),
    ],
)
def test_a_faulty_cell_names_row_and_column(write_list: Write, column: str, cell: str) -> None:
    read = read_one(write_list, column, f'"{cell}"')
    assert [(fault.line, fault.field) for fault in read.faults] == [(2, column)]
    assert read.rights == ()


@pytest.mark.parametrize(
    "cell",
    [
        "reader.example",
        "reader.example:8080",
        "*.reader.example",
        "书城.example/official/",
        "127.0.0.1:8000/a/b",
        "reader.example@2026-01-01..2026-12-31",
        "reader.example/x/@..2026-12-31",
        "reader.example@2026-01-01..",
    ],
)
def test_a_licensed_host_may_have_port_path_and_dates(write_list: Write, cell: str) -> None:
    row = read_one(write_list, "licensed_hosts", cell).rights[0].allow[0]
    assert row.id == f"TM-1/licensed_hosts/{cell.partition('@')[0]}"


def test_a_licence_keeps_its_dates(write_list: Write) -> None:
    row = read_one(write_list, "licensed_hosts", "reader.example@2026-01-01..2026-12-31").rights[0].allow[0]
    assert (row.valid_from, row.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))


def test_authorised_sellers_become_allow_rows(write_list: Write) -> None:
    rows = read_one(write_list, "authorised_sellers", "Velorin Store；维洛林旗舰店").rights[0].allow
    assert [row.id for row in rows] == ["TM-1/authorised_sellers/Velorin Store", "TM-1/authorised_sellers/维洛林旗舰店"]


def test_every_fault_of_a_row_is_named(write_list: Write) -> None:
    path = write_list(f"{HEADER},famous,currency\nbrand,,,perhaps,RMB\n")
    assert [field for _, field in faults_of(path)] == ["name", "registration_no", "kind", "famous", "currency"]


def test_a_duplicate_names_the_row_that_came_first(write_list: Write) -> None:
    read = read_watchlist(write_list(f"{HEADER}\ntrademark,a,Ｔ１\ntrademark,b,T1\ntrademark,c,T2\n"))
    assert [(f.line, f.field, "row 2" in f.reason) for f in read.faults] == [(3, "registration_no", True)]
    assert [right.name for right in read.rights] == ["a", "c"]


def test_a_right_may_not_end_before_it_begins(write_list: Write) -> None:
    read = read_one(write_list, "valid_from,valid_until", "2026-01-01,2025-01-01")
    assert [fault.field for fault in read.faults] == ["valid_until"]


@pytest.mark.parametrize("mark", ["", "TM-9", "C-1"])
def test_a_product_needs_a_trademark_of_the_list(write_list: Write, mark: str) -> None:
    path = write_list(f"{HEADER},mark\ncopyright,A Book,C-1,\nproduct,Velorin Run,P-1,{mark}\n")
    assert faults_of(path) == [(3, "mark")]


def test_a_product_falls_with_its_faulty_trademark(write_list: Write) -> None:
    path = write_list(f"{HEADER},mark,famous\nproduct,Run,P-1,TM-1,\ntrademark,Velorin,TM-1,,perhaps\n")
    assert faults_of(path) == [(2, "mark"), (3, "famous")]


def test_rows_are_counted_as_a_spreadsheet_shows_them(write_list: Write) -> None:
    path = write_list(f'{HEADER},notes\ntrademark,a,1,"two\nlines"\n\ntrademark,b,,\n')
    assert faults_of(path) == [(4, "registration_no")]


def test_a_quotation_mark_that_is_never_closed_hides_nothing(write_list: Write) -> None:
    path = write_list(f'{HEADER}\ntrademark,a,1\ntrademark,"b,2\ntrademark,c,3\n')
    assert faults_of(path) == [(3, None)]


def test_a_character_that_cannot_be_stored_is_a_fault(write_list: Write) -> None:
    path = write_list('[{"kind": "trademark", "name": "a\\ud800", "registration_no": "1"}]', "list.json")
    assert faults_of(path) == [(2, "name")]


def test_a_symbolic_link_must_not_lead_out(write_list: Write, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "in" / "text.txt").symlink_to(tmp_path / "secret.txt")
    path = write_list(f"{HEADER},text_path\ncopyright,A Book,C-1,text.txt\n", "in/list.csv")
    assert faults_of(path) == [(2, "text_path")]


def test_paths_are_resolved_beside_the_list(write_list: Write, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("x")
    path = write_list(f"{HEADER},text_path,work_type\ncopyright,A Book,C-1,texts\\a.txt,literature\n")
    right = read_watchlist(path).rights[0]
    assert (right.text_path, right.work_type) == ((tmp_path / "texts" / "a.txt").resolve(), WorkType.LITERATURE)


def test_progress_tells_rows_done_and_in_all(write_list: Write) -> None:
    told: list[tuple[int, int]] = []
    content = HEADER + "\n" + "".join(f"trademark,mark {n},{n}\n" for n in range(2500))
    read_watchlist(write_list(content), progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2501), (2000, 2501)]


@pytest.mark.parametrize(
    ("name", "content"),
    [("list.csv", ""), ("list.xlsx", "no zip"), ("list.json", "{"), ("list.json", '{"a": 1}'), ("list.doc", "x")],
)
def test_a_file_that_is_no_list_is_refused(write_list: Write, name: str, content: str) -> None:
    with pytest.raises(WatchListError, match=name):
        read_watchlist(write_list(content, name))


def test_a_missing_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WatchListError, match="No such file"):
        read_watchlist(tmp_path / "none.csv")
