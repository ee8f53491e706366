"""Generate ``src/infringewatch/folding.tsv``: characters that ``normalise.fold`` replaces after NFKC and case folding.

    python -m venv /tmp/gen && /tmp/gen/bin/pip install opencc==1.4.2 disarm==0.17.2
    /tmp/gen/bin/python tools/tables/folding.py

Traditional, Taiwan, Hong Kong and Japanese forms to simplified from OpenCC (Apache-2.0); letters and digits of other
scripts that print like an ASCII one from Unicode TR39 as packed by disarm (MIT; data Unicode-3.0); accents off
Latin letters from Python's Unicode data.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import disarm
import opencc

TARGET = Path(__file__).parents[2] / "src/infringewatch/folding.tsv"
_HAN = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0x20000, 0x2A6E0)]
_EXTRA = {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n", "ħ": "h", "ƒ": "f"}
# TR39 says otherwise or nothing; these print alike in the fonts that shops use (drawn up by eye).
_BY_EYE = {"в": "b", "н": "h", "т": "t", "м": "m", "к": "k", "г": "r", "и": "u", "з": "3", "б": "6", "ч": "4", "β": "b"}
_BY_EYE |= {
    "η": "n",
    "κ": "k",
    "τ": "t",
    "ω": "w",
    "μ": "u",
    "ε": "e",
    "π": "n",
    "θ": "0",
    "λ": "a",
    "є": "e",
    "я": "r",
}


def main() -> None:
    converters = [opencc.OpenCC(name) for name in ("jp2t", "tw2s", "hk2s", "t2s")]
    rows = {chr(code): han for code in _HAN if (han := _simplify(chr(code), converters)) != chr(code)}
    for code in range(0x80, 0x1F000):
        character = chr(code)
        if character not in rows and (letter := _ascii_twin(character)):
            rows[character] = letter
    TARGET.write_text("".join(f"{a}\t{b}\n" for a, b in sorted(rows.items())), encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} rows, {TARGET.stat().st_size} bytes")


def _simplify(character: str, converters: list[opencc.OpenCC]) -> str:
    text = character
    for converter in converters:
        text = converter.convert(text)
    return text if len(text) == 1 else character


def _ascii_twin(character: str) -> str:
    """The ASCII letters or digit that this folded letter stands for; empty where there is none."""
    if unicodedata.category(character)[0] not in "LN":
        return ""
    folded = unicodedata.normalize("NFKC", character).casefold()
    if folded != character or folded.isascii():
        return ""  # fold has done it already, or will meet the folded form
    if character in _EXTRA:
        return _EXTRA[character]
    if character in _BY_EYE:
        return _BY_EYE[character]
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    twin = bare if bare.isascii() else disarm.normalize_confusables(bare).casefold()
    return twin if twin.isascii() and twin.isalnum() and len(twin) == 1 and not _is_wide(character) else ""


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


if __name__ == "__main__":
    main()
