"""Generate ``matching/tables/canonical_text.npz``: what each code point becomes in canonical text.

    .venv/bin/pip install opencc==1.4.2 && .venv/bin/python tools/tables/canonical_text.py

NFKC, lower case, marks off letters, look-alike scripts to Latin, traditional and Japanese forms to simplified;
everything but letters and digits is dropped. The Han relations come from OpenCC (Apache-2.0), the rest from
Python's own Unicode data and the short list below. Run again only to change the table: indexes refuse another one.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import opencc

TARGET = Path(__file__).parents[2] / "src/infringewatch/matching/tables/canonical_text.npz"
_EXPANDED = 0x110000  # values from here on are rows of ``expansions``

# Letters of other scripts that print like a Latin one (drawn up by eye; lower case, after NFKC and case folding).
_LOOK_ALIKE = str.maketrans(
    "аеорсхуіѕјһԁԛԝкмтвнгьѵүӏ" + "αορνικτυχγηρ" + "օոսհցզ" + "ıɑɡʟɩ",
    "aeopcxyisjhdqwkmtbhrbvyl" + "aopviktuxynp" + "onuhgq" + "iagli",
)


def main() -> None:
    converters = [opencc.OpenCC(name) for name in ("jp2t", "tw2s", "hk2s", "t2s")]
    values = np.zeros(0x110000, dtype=np.uint32)
    expansions: list[str] = []
    for code in range(0x110000):
        text = _canonical(chr(code), converters)
        if len(text) == 1:
            values[code] = ord(text)
        elif text:
            values[code] = _EXPANDED + len(expansions)
            expansions.append(text)
    steps = np.where(values == 0, 0, values - np.arange(0x110000, dtype=np.uint32) + 1)  # mostly 1: small when packed
    np.savez_compressed(TARGET, steps=steps.astype(np.uint32), expansions=np.array(expansions))
    print(f"{TARGET.name}: {np.count_nonzero(values)} kept, {len(expansions)} expand, {TARGET.stat().st_size} bytes")


def _canonical(character: str, converters: list[opencc.OpenCC]) -> str:
    if 0xD800 <= ord(character) < 0xE000:
        return ""
    text = unicodedata.normalize("NFKC", character).casefold()
    text = unicodedata.normalize("NFKD", text) if not _is_hangul(text) else text
    text = "".join(c for c in text if unicodedata.category(c)[0] in "LN" and unicodedata.category(c) != "Lm")
    text = "".join(_digit(c) for c in text).translate(_LOOK_ALIKE)
    if len(text) == 1 and unicodedata.name(text, "").startswith(("CJK", "KANGXI")):
        text = _simplified(text, converters)
    return text


def _simplified(character: str, converters: list[opencc.OpenCC]) -> str:
    """Converted until nothing changes: 麼 becomes 么 and 么 becomes 幺, and a copy in either script must read the same."""
    before = ""
    while character != before:
        before = character
        for converter in converters:
            changed = converter.convert(character)
            character = changed if len(changed) == 1 else character
    return character


def _is_hangul(text: str) -> bool:
    return any("가" <= c <= "힣" for c in text)  # NFKD would take syllables apart


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


if __name__ == "__main__":
    main()
