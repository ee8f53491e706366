"""Fingerprints and texts of registered works in Elasticsearch, for installations of many machines.

One document a stretch of about 1,000 canonical characters, with its prints as keywords that are only looked up. What
is looked up comes back as places, and the same alignment code goes on from there. A work is seen when its entry in the
directory is written, after all of its stretches: a half-written one is never found.
"""

from __future__ import annotations

import base64
import hashlib
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from infringewatch.elastic import BulkAction, Elastic
from infringewatch.errors import InfringeWatchError, NotFound, StaleState
from infringewatch.matching.works.canonical import Canonical, Codes, canonicalise, join
from infringewatch.matching.works.fingerprints import Hashes, Header, Prints, current_header
from infringewatch.matching.works.store import MOST_POSTINGS, PartInfo, Seeds, WorkInfo, WorkPart
from infringewatch.prints.packing import iter_prints, pack, unpack

_LENGTH = 1024  # canonical characters of a stretch
_AT_ONCE = 256  # stretches written in one request
_DROPPED_AT_ONCE = 5000
_CLAUSES = 512  # prints asked for in one query
_MOST_FOUND = 1000  # stretches that one query gives back, those with the most prints first
_MOST_WORKS = 10_000  # read in one request
_FRESH = 2.0  # seconds for which the directory is believed
_CACHED = 512
_HEADER = "header"

_BLOCK_MAPPINGS: Mapping[str, Any] = {
    "dynamic": "strict",
    "_source": {"excludes": ["fp"]},
    "properties": {
        "work": {"type": "long"},
        "fp": {"type": "keyword", "doc_values": False, "index_options": "docs", "norms": False},
        "start": {"type": "integer", "index": False, "doc_values": False},
        "raw_start": {"type": "integer", "index": False, "doc_values": False},
        "packed": {"type": "binary"},
        "hashes": {"type": "binary"},
        "places": {"type": "binary"},
    },
}
_WORK_MAPPINGS: Mapping[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "number": {"type": "long"},
        "key": {"type": "keyword"},
        "title": {"type": "keyword", "index": False, "doc_values": False},
        "length": {"type": "long", "index": False},
        "content": {"type": "keyword", "index": False, "doc_values": False},
        "blocks": {"type": "integer", "index": False},
        "parts": {"type": "object", "enabled": False},
        "header": {"type": "object", "enabled": False},
    },
}
_SETTINGS = {"auto_expand_replicas": "0-1"}


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of a work: ``number`` counts them, ``start`` is its first canonical character in the work."""

    number: int
    part: int
    start: int
    raw_start: int
    text: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where a work's parts and stretches begin."""

    parts: tuple[PartInfo, ...]
    starts: tuple[int, ...]
    owners: tuple[int, ...]


class ElasticPrints:
    """A store of prints in the indices ``<prefix>-prints`` and ``<prefix>-works``, made where they are missing.

    Raises PrintsMismatch when they were made with other parameters or another table, ServiceUnavailable where the
    server is away. What another machine writes is seen within two seconds.
    """

    def __init__(self, elastic: Elastic, prefix: str) -> None:
        self._elastic = elastic
        self._blocks, self._directory = f"{prefix}-prints", f"{prefix}-works"
        self._header = current_header()
        self._known: list[WorkInfo] = []
        self._read_at = -_FRESH
        self._block = lru_cache(_CACHED)(self._read_block)
        self._layout = lru_cache(_CACHED)(self._read_layout)
        self._open()

    @property
    def header(self) -> Header:
        return self._header

    def add(self, key: str, title: str, parts: Iterable[WorkPart], *, content: str = "") -> WorkInfo:
        number = uuid4().int >> 75  # 53 bits: exact in JSON too, and never given twice
        blocks, infos, codes = _cut_work(parts)
        self._write_blocks(number, blocks, codes)
        entry = {
            "number": number,
            "key": key,
            "title": title,
            "length": len(codes),
            "content": content,
            "blocks": len(blocks),
            "parts": {
                "infos": [[info.name, info.file, info.start, info.length] for info in infos],
                "starts": _encode([block.start for block in blocks]),
                "owners": _encode([block.part for block in blocks]),
            },
        }
        before = self._entry(key)
        with self._elastic.speaking() as client:
            client.index(index=self._directory, id=_id(key), document=entry, refresh=True)
        if before is not None:
            self._drop_blocks(before)
        self._read_at = -_FRESH
        return WorkInfo(number, key, title, len(codes), content)

    def remove(self, key: str) -> bool:
        entry = self._entry(key)
        if entry is None:
            return False
        with self._elastic.speaking() as client:
            client.options(ignore_status=404).delete(index=self._directory, id=_id(key), refresh=True)
        self._drop_blocks(entry)
        self._read_at = -_FRESH
        return True

    def works(self) -> Sequence[WorkInfo]:
        if time.monotonic() - self._read_at >= _FRESH:
            found = sorted(self._iter_works(), key=lambda work: work.number)
            if found != self._known:  # the same list until something changes
                self._known = found
            self._read_at = time.monotonic()
        return self._known

    def parts(self, number: int) -> Sequence[PartInfo]:
        return self._layout(number).parts

    def lookup(self, hashes: Hashes) -> Seeds:
        wanted = hashes.astype(np.int64)
        found = [self._find(wanted[at : at + _CLAUSES]) for at in range(0, len(wanted), _CLAUSES)]
        none = np.zeros(0, dtype=np.int64)
        values, works, places = (np.concatenate([none, *(piece[i] for piece in found)]) for i in range(3))
        queries = np.searchsorted(wanted, values)
        counts = np.bincount(queries, minlength=len(hashes) + 1)
        numbers = np.array([work.number for work in self.works()], dtype=np.int64)
        kept = (counts[queries] <= MOST_POSTINGS) & np.isin(works, numbers)
        return Seeds(queries[kept], works[kept], places[kept])

    def stretch(self, number: int, start: int, end: int) -> Canonical:
        layout, start = self._layout(number), max(start, 0)
        first = max(bisect_right(layout.starts, start) - 1, 0)
        pieces = []
        for at in range(first, len(layout.starts)):
            if layout.starts[at] >= end:
                break
            begun = layout.starts[at]
            pieces.append(self._block(number, at).cut(max(start - begun, 0), end - begun))
        return join(pieces)

    def text(self, key: str, part: int) -> str:
        entry = self._entry(key)
        if entry is not None:
            owners = self._layout(entry["number"]).owners
            texts = [self._source(entry["number"], at) for at, owner in enumerate(owners) if owner == part]
            if texts:
                return "".join(unpack(base64.b64decode(source["packed"])) for source in texts)
        raise NotFound(f"no part {part} of the work {key!r} is registered")

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _open(self) -> None:
        self._elastic.create_index(self._blocks, mappings=_BLOCK_MAPPINGS, settings=_SETTINGS)
        self._elastic.create_index(self._directory, mappings=_WORK_MAPPINGS, settings=_SETTINGS)
        try:
            with self._elastic.speaking() as client:
                document = {"header": self._header.to_record()}
                client.create(index=self._directory, id=_HEADER, document=document, refresh=True)
        except StaleState:  # somebody wrote it before us
            with self._elastic.speaking() as client:
                found = client.get(index=self._directory, id=_HEADER)["_source"]["header"]
            self._header.refuse_other(found, f"{self._directory} at {self._elastic.address}")

    def _entry(self, key: str) -> Mapping[str, Any] | None:
        with self._elastic.speaking() as client:
            found = client.options(ignore_status=404).get(index=self._directory, id=_id(key), source_excludes=["parts"])
        return found["_source"] if found.get("found") else None

    def _iter_works(self) -> Iterator[WorkInfo]:
        after: list[Any] | None = None
        while True:
            with self._elastic.speaking() as client:
                page = client.search(
                    index=self._directory,
                    query={"exists": {"field": "key"}},
                    source_excludes=["parts"],
                    sort=["key"],
                    size=_MOST_WORKS,
                    search_after=after,
                )["hits"]["hits"]
            for hit in page:
                row = hit["_source"]
                yield WorkInfo(row["number"], row["key"], row["title"], row["length"], row["content"])
            if len(page) < _MOST_WORKS:
                return
            after = page[-1]["sort"]

    def _read_layout(self, number: int) -> _Layout:
        with self._elastic.speaking() as client:
            answer = client.search(
                index=self._directory, query={"term": {"number": number}}, source_includes=["parts"], size=1
            )
        hits = answer["hits"]["hits"]
        if not hits:
            raise NotFound(f"the work {number} was withdrawn")
        parts = hits[0]["_source"]["parts"]
        infos = tuple(PartInfo(*row) for row in parts["infos"])
        return _Layout(infos, tuple(_decode(parts["starts"]).tolist()), tuple(_decode(parts["owners"]).tolist()))

    def _read_block(self, number: int, at: int) -> Canonical:
        source = self._source(number, at)
        return canonicalise(unpack(base64.b64decode(source["packed"])), start=source["raw_start"])

    def _source(self, number: int, at: int) -> Mapping[str, Any]:
        with self._elastic.speaking() as client:
            found = client.get(index=self._blocks, id=f"{number}-{at}", source_includes=["packed", "raw_start"])
        source: Mapping[str, Any] = found["_source"]
        return source

    def _find(self, wanted: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """Hash, work and place of each posting of ``wanted``, from the stretches that have the most of them."""
        with self._elastic.speaking() as client:
            answer = client.search(
                index=self._blocks, query=build_query(wanted.tolist()), size=_MOST_FOUND,
                source_includes=["work", "start", "hashes", "places"], track_total_hits=False,
            )  # fmt: skip
        found = []
        for hit in answer["hits"]["hits"]:
            source = hit["_source"]
            hashes, places = _decode(source["hashes"]), _decode(source["places"])
            kept = np.isin(hashes, wanted)
            works = np.full(int(kept.sum()), source["work"], dtype=np.int64)
            found.append((hashes[kept], works, places[kept] + source["start"]))
        none = np.zeros(0, dtype=np.int64)
        return tuple(np.concatenate([none, *(piece[i] for piece in found)]) for i in range(3))

    def _write_blocks(self, number: int, blocks: Sequence[_Block], codes: Codes) -> None:
        prints = list(iter_prints(codes))
        joined = Prints(
            np.concatenate([np.zeros(0, dtype=np.uint64), *(piece.hashes for piece in prints)]),
            np.concatenate([np.zeros(0, dtype=np.int64), *(piece.positions for piece in prints)]),
        )
        cuts = np.searchsorted(joined.positions, [*(block.start for block in blocks), len(codes)])
        for at in range(0, len(blocks), _AT_ONCE):
            some = blocks[at : at + _AT_ONCE]
            actions = [BulkAction(f"{number}-{block.number}", _document(number, block, joined, cuts)) for block in some]
            faults = self._elastic.bulk(self._blocks, actions).faults
            if faults:
                raise InfringeWatchError(f"{self._blocks}: {faults[0].reason}")
        with self._elastic.speaking() as client:
            client.indices.refresh(index=self._blocks)

    def _drop_blocks(self, entry: Mapping[str, Any]) -> None:
        keys = [f"{entry['number']}-{at}" for at in range(entry["blocks"])]
        for at in range(0, len(keys), _DROPPED_AT_ONCE):
            self._elastic.bulk(self._blocks, [BulkAction(key, None) for key in keys[at : at + _DROPPED_AT_ONCE]])
        with self._elastic.speaking() as client:
            client.indices.refresh(index=self._blocks)


def build_query(hashes: Iterable[int]) -> dict[str, Any]:
    """Each print that a stretch has counts one: a stretch's score is how many of ``hashes`` it has."""
    return {"bool": {"should": [{"constant_score": {"filter": {"term": {"fp": _word(value)}}}} for value in hashes]}}


def _cut_work(parts: Iterable[WorkPart]) -> tuple[list[_Block], list[PartInfo], Codes]:
    """Stretches that begin at raw characters, the parts they belong to, and the canonical text of the whole."""
    blocks: list[_Block] = []
    infos: list[PartInfo] = []
    pieces: list[Codes] = [canonicalise("").codes]
    total = 0
    for number, part in enumerate(parts):
        whole = canonicalise(part.text)
        cuts = np.unique([0, *whole.offsets[_LENGTH::_LENGTH].tolist()])
        begins = np.searchsorted(whole.offsets, cuts)
        for begin, raw, raw_end in zip(
            begins.tolist(), cuts.tolist(), [*cuts[1:].tolist(), len(part.text)], strict=True
        ):
            blocks.append(_Block(len(blocks), number, total + begin, part.start + raw, part.text[raw:raw_end]))
        infos.append(PartInfo(part.name, part.file, total, len(whole)))
        pieces.append(whole.codes)
        total += len(whole)
    return blocks, infos, np.concatenate(pieces)


def _document(number: int, block: _Block, prints: Prints, cuts: NDArray[np.int64]) -> dict[str, Any]:
    mine = slice(int(cuts[block.number]), int(cuts[block.number + 1]))
    hashes = prints.hashes[mine].astype(np.int64)
    return {
        "work": number,
        "fp": [_word(value) for value in hashes.tolist()],
        "start": block.start,
        "raw_start": block.raw_start,
        "packed": base64.b64encode(pack(block.text)).decode("ascii"),
        "hashes": _encode(hashes),
        "places": _encode(prints.positions[mine] - block.start),
    }


def _id(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _word(value: int) -> str:
    return format(value, "x")


def _encode(values: Sequence[int] | NDArray[np.int64]) -> str:
    return base64.b64encode(np.asarray(values, dtype="<i8").tobytes()).decode("ascii")


def _decode(text: str) -> NDArray[np.int64]:
    return np.frombuffer(base64.b64decode(text), dtype="<i8").astype(np.int64)
