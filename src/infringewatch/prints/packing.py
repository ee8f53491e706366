"""How every store of prints cuts a long text into prints, and packs texts."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from infringewatch.matching.works.canonical import Codes
from infringewatch.matching.works.fingerprints import Prints, make_prints

_PRINTS_AT_ONCE = 1 << 20
_OVERLAP = 64  # more than a gram and a window, so that a cut changes no print


def iter_prints(codes: Codes) -> Iterator[Prints]:
    """The prints of a long text, a piece at a time: the same as made at once, in bounded memory."""
    for start in range(0, len(codes), _PRINTS_AT_ONCE):
        end = start + _PRINTS_AT_ONCE
        before = max(start - _OVERLAP, 0)
        prints = make_prints(codes[before : end + _OVERLAP])
        places = prints.positions + before
        kept = (places >= start) & (places < end)
        yield Prints(prints.hashes[kept], places[kept])


def pack(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 3)


def unpack(packed: bytes) -> str:
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")
