"""Bytes to text when nobody said, or somebody said wrongly, how they are encoded. Pure; never raises."""

from __future__ import annotations

import codecs

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950", "iso8859-1": "cp1252", "ascii": "utf-8"}
"""What a label means in practice: people write the smaller set's name and use the larger."""
_SAMPLE = 200_000
_COMMON = frozenset(
    "的一是不了在人有我他这個个们們来來到时時大地为為子中你说說生国國年着著就那和要她出也得里裡后後自以会會家可下而过過天去能"
    "对對小多然于於心学學么麼之都好看起发發当當没沒成只如事把还還用第样樣道想作种種开開"
)
_LATIN_SURE = 0.4


def decode_bytes(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text without BOM, line ends untouched, and the encoding that gave it.

    In this order: a byte order mark; ``declared`` where it fits without an error; UTF-8; UTF-16 without a mark;
    then GB18030, Big5 or Windows-1252, whichever gives the more usual characters. Damaged bytes become U+FFFD.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace"), encoding.removesuffix("-sig")
    for encoding in filter(None, (_known(declared), _utf16_of_letters(data), "utf-8")):
        try:
            return data.decode(encoding), encoding
        except UnicodeError:  # the next one may fit
            continue
    encoding = _guess(data)
    return data.decode(encoding, "replace"), encoding


def _known(declared: str | None) -> str:
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(name, name)


def _utf16_of_letters(data: bytes) -> str:
    """The byte order of UTF-16 without a mark that is mostly ASCII, which is valid UTF-8 as well."""
    sample = data[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 <= len(sample):  # a fifth of the characters
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    scores = {encoding: _likeness(sample, encoding) for encoding in _candidates(data)}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _LATIN_SURE else _latin_or(best, sample)


def _candidates(data: bytes) -> tuple[str, ...]:
    wide = ("utf-16-le", "utf-16-be") if b"\0" in data[:_SAMPLE] and len(data) % 2 == 0 else ()
    return ("gb18030", "cp950", *wide)


def _latin_or(best: str, sample: bytes) -> str:
    """Few bytes above ASCII, each mostly alone between letters, are accents; Chinese comes in pairs."""
    high = sum(byte > 0x7F for byte in sample)
    return "cp1252" if high * 3 < len(sample) else best


def _likeness(sample: bytes, encoding: str) -> float:
    """How usual the characters are that ``encoding`` reads, from below 0 (mistakes) to about 1.5."""
    text = [character for character in sample.decode(encoding, "replace") if character > "\x7f"]
    if not text:
        return 0.0
    first_level = sum(_is_first_level(character, encoding) for character in text)
    common = sum(character in _COMMON for character in text)
    wrong = text.count("\ufffd")
    return (first_level + common - 4 * wrong) / len(text)


def _is_first_level(character: str, encoding: str) -> bool:
    """Whether the character is punctuation or stands in the set's first level (the everyday characters)."""
    try:
        code = character.encode("cp950" if encoding == "cp950" else "gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xA1 <= code[0] <= (0xC6 if encoding == "cp950" else 0xD7)
