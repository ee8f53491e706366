"""The one door to warcio: raw exchanges to WARC 1.1 records and back, byte by byte as they were captured.

warcio's own reading and writing of HTTP headers recodes them; here a block is made once and never parsed by it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO, Protocol
from urllib.parse import quote, urlsplit
from uuid import UUID

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from infringewatch.errors import EvidenceError
from infringewatch.model import Capture

MEDIA_TYPE = "application/warc"
_CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_NO_REASON = "reason phrase of the status line"
_LINE_BREAKERS = re.compile(rb"[\r\n\0]+")
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
_HTTP1 = re.compile(r"HTTP/1\.\d")


class Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...
    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record as it stands in the file. ``block`` is everything after the record's own headers."""

    kind: str
    headers: tuple[tuple[str, str], ...]
    block: bytes

    def header(self, name: str) -> str:
        """The first header of that name, in whatever case, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def payload(self) -> bytes:
        """The body of an HTTP message, else the whole block."""
        if not self.header("Content-Type").startswith("application/http"):
            return self.block
        return self.block.partition(b"\r\n\r\n")[2]


def write_warc(out: Writable, captures: Sequence[Capture], *, software: str, created: datetime) -> None:
    """A whole WARC, one gzip member a record: warcinfo, then request, response and metadata of each exchange.

    The same captures give the same bytes, also the record ids. What the downloader lost stands in the metadata.
    """
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    about = _fields([("software", software), ("format", "WARC File Format 1.1"), ("conformsTo", _CONFORMS_TO)])
    # warcinfo holds no payload in the standard's sense, so it carries a block digest only
    info = _Record("warcinfo", "application/warc-fields", about, created)
    _write(writer, info, [])
    for capture in captures:
        _write_exchange(writer, capture, info.id)


def iter_records(stream: BinaryIO) -> Iterator[WarcRecord]:
    """The records of a WARC, each read whole. Raises EvidenceError where the file is no sound WARC."""
    empty = True
    try:
        for record in WARCIterator(stream, no_record_parse=True):
            empty = False
            yield WarcRecord(record.rec_type, tuple(record.rec_headers.headers), record.raw_stream.read())
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        raise EvidenceError(f"not a sound WARC file: {error}") from error
    if empty:  # what a broken first member looks like to warcio
        raise EvidenceError("not a sound WARC file: it holds no record")


def find_digest_faults(stream: BinaryIO) -> list[str]:
    """One sentence for each record whose block or payload is not what its digest says, or that has none."""
    faults: list[str] = []
    for record in iter_records(stream):
        parts = {"WARC-Block-Digest": record.block}
        if record.kind != "warcinfo":
            parts["WARC-Payload-Digest"] = record.payload
        for name, content in parts.items():
            if record.header(name).lower() != _digest(content):
                faults.append(f"record {record.header('WARC-Record-ID')}: {name} does not match")
    return faults


class _Record:
    """A record to be written; its id comes from what it holds, so that a second sealing writes the same bytes."""

    def __init__(self, kind: str, content_type: str, block: bytes, date: datetime, target: str = "") -> None:
        self.kind, self.content_type, self.block, self.target = kind, content_type, block, target
        self.date = date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        seed = "\n".join((kind, self.date, target)).encode() + b"\n" + block
        self.id = f"<urn:uuid:{UUID(bytes=hashlib.sha256(seed).digest()[:16], version=5)}>"


def _write_exchange(writer: WARCWriter, capture: Capture, warcinfo: str) -> None:
    url = quote(capture.url, safe=_URL_SAFE, errors="replace")  # no blank or line break may end the record's header
    shared = [("WARC-Warcinfo-ID", warcinfo)]
    address = [("WARC-IP-Address", capture.ip)] if _is_address(capture.ip) else []
    request = _Record("request", "application/http; msgtype=request", _request(capture), capture.requested_at, url)
    response = _Record("response", "application/http; msgtype=response", _response(capture), capture.requested_at, url)
    about = _Record("metadata", "application/warc-fields", _metadata(capture), capture.answered_at, url)
    _write(writer, request, [*shared, *address, ("WARC-Concurrent-To", response.id)], payload=b"")
    _write(writer, response, [*shared, *address, ("WARC-Concurrent-To", request.id)], payload=capture.body)
    _write(writer, about, [*shared, ("WARC-Concurrent-To", response.id)], payload=about.block)


def _write(
    writer: WARCWriter, record: _Record, headers: list[tuple[str, str]], *, payload: bytes | None = None
) -> None:
    named = [("WARC-Type", record.kind), ("WARC-Record-ID", record.id), ("WARC-Date", record.date), *headers]
    if record.target:
        named.append(("WARC-Target-URI", record.target))
    if payload is not None:
        named.append(("WARC-Payload-Digest", _digest(payload)))
    named.append(("WARC-Block-Digest", _digest(record.block)))
    rec_headers = StatusAndHeaders("", named, protocol="WARC/1.1")
    size = len(record.block)
    stream = BytesIO(record.block)
    writer.write_record(
        ArcWarcRecord("warc", record.kind, rec_headers, stream, None, record.content_type, size, payload_length=size)
    )


def _request(capture: Capture) -> bytes:
    parts = urlsplit(capture.url)
    target = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_URL_SAFE, errors="replace")
    return _message(f"{capture.method} {target} {_http1(capture)}", capture.request_headers, b"")


def _response(capture: Capture) -> bytes:
    return _message(f"{_http1(capture)} {capture.status} ", capture.response_headers, capture.body)


def _message(first_line: str, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> bytes:
    lines = [_one_line(first_line.encode())]
    lines += [_one_line(name) + b": " + _one_line(value) for name, value in headers]
    return b"\r\n".join([*lines, b"", body])


def _metadata(capture: Capture) -> bytes:
    """What belongs to the exchange and has no place in it."""
    millis = round((capture.answered_at - capture.requested_at).total_seconds() * 1000)
    rows = [("fetchTimeMs", str(millis)), ("answeredAt", capture.answered_at.isoformat())]
    rows += [("tls", capture.tls)] if capture.tls else []
    rows += [("protocol", capture.http_version)] if not _HTTP1.fullmatch(capture.http_version) else []
    rows += [("lost", lost) for lost in find_lost(capture)]
    return _fields(rows)


def find_lost(capture: Capture) -> tuple[str, ...]:
    """What the record cannot show of the exchange: the downloader's own list, and what this format leaves out."""
    broken = any(_LINE_BREAKERS.search(part) for pair in _all_headers(capture) for part in pair)
    return (*capture.lost, _NO_REASON, *(("line breaks inside a header, written as a blank",) if broken else ()))


def _all_headers(capture: Capture) -> tuple[tuple[bytes, bytes], ...]:
    return capture.request_headers + capture.response_headers


def _fields(rows: Sequence[tuple[str, str]]) -> bytes:
    return b"".join(_one_line(f"{name}: {value}".encode("utf-8", "replace")) + b"\r\n" for name, value in rows)


def _one_line(raw: bytes) -> bytes:
    """A header may not end its line and begin another: a hostile one could forge the rest of the message."""
    return _LINE_BREAKERS.sub(b" ", raw)


def _http1(capture: Capture) -> str:
    """Readers of WARC know HTTP/1 messages only; a later protocol is named in the metadata."""
    return capture.http_version if _HTTP1.fullmatch(capture.http_version) else "HTTP/1.1"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
