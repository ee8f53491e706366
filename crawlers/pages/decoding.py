"""Bytes of a page to text: the declared charset is heard, tried, and not believed without proof.

Never raises for bad bytes: what cannot be decoded becomes U+FFFD.
"""

from __future__ import annotations

import codecs
import re

from resiliparse.parse.encoding import detect_encoding

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,80}?encoding)\s*=\s*["']?\s*([\w.:-]{3,20})""", re.I)
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 65536
# A browser reads these labels as the wider encoding beside them.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252", "ascii": "cp1252"}
_WESTERN = frozenset({"cp1252", "cp1250", "cp1254", "cp1257", "cp1258", "latin-1", "iso8859-1"})
_DOUBLE_BYTE = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe])+|[\x80-\xff]+")
# Level 1 of GB 2312: the 3,755 characters that almost all running Chinese is made of.
_COMMON_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")


def decode_page(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """``(text, encoding)`` of a page. ``declared`` is the charset of the HTTP header, if there was one.

    Order of trust: byte order mark; UTF-8 that really is UTF-8; a declared charset (header, then ``<meta>``)
    that decodes cleanly; what the bytes look like.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    encoding = _find_encoding(body, declared)
    return body.decode(encoding, "replace"), encoding


def declared_charset(body: bytes) -> str | None:
    """The charset that the page's own ``<meta>`` or XML declaration names."""
    found = _META.search(body[:_HEAD_BYTES])
    return found[1].decode("ascii") if found else None


def _find_encoding(body: bytes, declared: str | None) -> str:
    sample = body[:_SAMPLE_BYTES]
    if b"\x1b" in sample and (named := _known(declared) or _known(declared_charset(body))):
        return named  # ISO-2022: pure ASCII bytes that only a declaration explains
    if sample.isascii() and body.isascii():
        return "utf-8"
    if _is_nearly_utf8(body):
        return "utf-8"
    for named in (_known(declared), _known(declared_charset(body))):
        if named and named != "utf-8" and named not in _WESTERN and _decodes(sample, named):
            return named
    return _guess(sample)


def _known(label: str | None) -> str | None:
    if not label:
        return None
    label = _WIDER.get(label.strip().lower(), label.strip().lower())
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return None


def _is_nearly_utf8(body: bytes) -> bool:
    """Whether the bytes above ASCII are UTF-8, but for a broken one here and there."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        right = len(text) - len(text.encode("ascii", "ignore")) - wrong
        return wrong * 20 < right
    return True


def _decodes(sample: bytes, encoding: str) -> bool:
    """Whether at most one character in a hundred is wrong (the sample may end inside a character)."""
    try:
        text = sample.decode(encoding, "replace")
    except (LookupError, UnicodeError):  # codecs that are no text encodings
        return False
    above = sum(1 for character in text if character > "\x7f")
    return text.count("\ufffd") <= 1 + above // 100


def _guess(sample: bytes) -> str:
    above = b"".join(_DOUBLE_BYTE.findall(sample))
    found = _known(detect_encoding(above + b" " + sample)) or "cp1252"
    if found in _WESTERN and above and 2 * len(_COMMON_GB.findall(above)) > 0.8 * len(above):
        return "gb18030"  # too short for the detector, but nearly all of it are common Chinese characters
    return found if found != "utf-8" else "cp1252"
