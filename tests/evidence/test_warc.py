from __future__ import annotations

import gzip
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from infringewatch.errors import EvidenceError
from infringewatch.evidence.warc import WarcRecord, find_digest_faults, iter_records, write_warc
from infringewatch.model import Capture
from tests.evidence.samples import NOW, make_capture

NAMES = st.text("abcXYZ-_0", min_size=1).map(str.encode)
VALUES = st.binary(max_size=60).filter(lambda raw: not set(raw) & set(b"\r\n\0"))
HEADERS = st.lists(st.tuples(NAMES, VALUES), max_size=6).map(tuple)


def write(*captures: Capture) -> bytes:
    out = BytesIO()
    write_warc(out, captures, software="InfringeWatch test", created=NOW)
    return out.getvalue()


def read(*captures: Capture) -> list[WarcRecord]:
    return list(iter_records(BytesIO(write(*captures))))


@given(HEADERS, st.binary(max_size=3000))
def test_headers_and_body_come_back_byte_by_byte(headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
    response = read(make_capture(response_headers=headers, body=body))[2]
    head, _, payload = response.block.partition(b"\r\n\r\n")
    lines = [b": ".join(pair) for pair in headers]
    assert (head.split(b"\r\n")[1:], payload) == (lines, body)


def test_redirects_stand_before_the_answer() -> None:
    records = read(make_capture("http://shop.test/go", status=302), make_capture("http://shop.test/item/1"))
    assert [record.header("WARC-Target-URI") for record in records if record.kind == "response"] == [
        "http://shop.test/go",
        "http://shop.test/item/1",
    ]


def test_request_and_response_name_each_other() -> None:
    _, request, response, _ = read(make_capture())
    assert request.header("WARC-Concurrent-To") == response.header("WARC-Record-ID")
    assert response.header("WARC-Concurrent-To") == request.header("WARC-Record-ID")


def test_the_address_that_answered_is_recorded() -> None:
    assert read(make_capture(ip="::1"))[2].header("WARC-IP-Address") == "::1"


def test_what_is_no_address_is_not_recorded_as_one() -> None:
    assert read(make_capture(ip="proxy\r\nWARC-Type: forged"))[2].header("WARC-IP-Address") == ""


def test_what_the_downloader_lost_is_said() -> None:
    assert b"lost: header case\r\n" in read(make_capture())[3].block


def test_a_later_protocol_is_named_beside_a_readable_message() -> None:
    _, _, response, about = read(make_capture(http_version="HTTP/2"))
    assert response.block.startswith(b"HTTP/1.1 200 ")
    assert b"protocol: HTTP/2\r\n" in about.block


def test_a_header_cannot_end_its_line_and_forge_another() -> None:
    response = read(make_capture(response_headers=((b"X", b"1\r\n\r\n<h1>forged"),), body=b"true"))[2]
    assert response.payload == b"true"


@pytest.mark.parametrize(
    "url", ["http://shop.test/a b\r\nWARC-Type: x", "http://shop.test/\ud800", "http://店.test/商品"]
)
def test_an_address_cannot_break_its_record(url: str) -> None:
    response = read(make_capture(url))[2]
    assert response.kind == "response"
    assert response.header("WARC-Target-URI").isascii()


def test_the_same_captures_give_the_same_bytes() -> None:
    assert write(make_capture()) == write(make_capture())


def test_each_record_is_a_gzip_member_of_its_own() -> None:
    assert write(make_capture()).count(b"\x1f\x8b\x08") >= 4


def test_an_outside_reader_agrees_with_every_digest() -> None:
    reader = ArchiveIterator(BytesIO(write(make_capture(), make_capture(body=b""))), check_digests="raise")
    for record in reader:
        record.raw_stream.read()
    assert reader.err_count == 0


def test_digests_are_sha_256() -> None:
    response = read(make_capture())[2]
    assert response.header("WARC-Payload-Digest").startswith("sha256:")
    assert response.header("WARC-Block-Digest").startswith("sha256:")


def test_sound_records_have_no_faults() -> None:
    assert find_digest_faults(BytesIO(write(make_capture()))) == []


def test_a_changed_body_is_found_by_its_digests() -> None:
    forged = gzip.decompress(write(make_capture(body=b"genuine"))).replace(b"genuine", b"forged!")
    assert len(find_digest_faults(BytesIO(forged))) == 2


@pytest.mark.parametrize("content", [b"no warc at all", b"\x1f\x8b\x08\0broken"])
def test_what_is_no_warc_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError, match="not a sound WARC"):
        list(iter_records(BytesIO(content)))
