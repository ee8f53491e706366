"""Generate ``matching/tables/syllables.tsv``: each Han character with its toneless readings, the usual one first.

    /tmp/gen/bin/pip install pypinyin==0.55.0 && apt-get install unicode-data
    /tmp/gen/bin/python tools/tables/syllables.py [FOLDER of Unihan_*.txt.bz2]

The usual reading is pypinyin's (MIT). A second or third one is kept only where Unihan's kHanyuPinlu (Unicode-3.0)
counts it in at least one use of twenty: rare readings would make every second mark sound like something else.
"""

from __future__ import annotations

import bz2
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pypinyin

TARGET = Path(__file__).parents[2] / "src/infringewatch/matching/tables/syllables.tsv"
_UNIHAN = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")


def main() -> None:
    counts = _read_counts()
    rows = []
    for code in range(0x4E00, 0xA000):
        character = chr(code)
        first = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, errors="ignore")
        if not first:
            continue
        usual = _plain(first[0][0])
        counted = counts.get(character, Counter())
        total = sum(counted.values())
        readings = [usual] + [r for r, n in counted.most_common() if r != usual and n * 20 >= total]
        rows.append(f"{character}\t{' '.join(readings[:3])}\n")
    TARGET.write_text("".join(rows), encoding="utf-8")
    print(f"{TARGET.name}: {len(rows)} rows, {TARGET.stat().st_size} bytes")


def _read_counts() -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with bz2.open(_UNIHAN / "Unihan_Readings.txt.bz2", "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[1] == "kHanyuPinlu":
                for reading, number in re.findall(r"(\S+?)\((\d+)\)", parts[2]):
                    counts[chr(int(parts[0][2:], 16))][_plain(reading)] += int(number)
    return counts


def _plain(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    bare = bare.replace("u\u0308", "v")
    return "".join(c for c in bare if c.isascii() and c.isalpha()).lower()


if __name__ == "__main__":
    main()
