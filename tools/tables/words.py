"""Generate ``matching/tables/words.tsv.gz``: how often ordinary words are met, the background of the length law.

    /tmp/gen/bin/pip install jieba==0.42.1 symspellpy==6.10.1 && /tmp/gen/bin/python tools/tables/words.py

Chinese words from jieba's dictionary (MIT), English ones from symspellpy's (MIT; counts of Google Books, CC BY 3.0,
joined with SCOWL). Counts are per 10 million words of their language, at least 1.
"""

from __future__ import annotations

import gzip
import re
from importlib.metadata import distribution
from pathlib import Path

TARGET = Path(__file__).parents[2] / "src/infringewatch/matching/tables/words.tsv.gz"
_SCALE = 10_000_000


def main() -> None:
    rows = [*_scaled(_read_chinese()), *_scaled(_read_english())]
    text = "".join(f"{word}\t{count}\n" for word, count in rows)
    with TARGET.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode())
    print(f"{TARGET.name}: {len(rows)} rows, {TARGET.stat().st_size} bytes")


def _read_chinese() -> dict[str, int]:
    path = distribution("jieba").locate_file("jieba/dict.txt")
    lines = (line.split(" ") for line in Path(str(path)).read_text(encoding="utf-8").splitlines())
    found = {word: int(count) for word, count, _ in lines if re.fullmatch("[\u4e00-\u9fff]{1,4}", word)}
    return {word: count for word, count in found.items() if count >= 5 or len(word) == 1}


def _read_english() -> dict[str, int]:
    path = distribution("symspellpy").locate_file("symspellpy/frequency_dictionary_en_82_765.txt")
    lines = (line.split() for line in Path(str(path)).read_text(encoding="utf-8-sig").splitlines())
    return {word: int(count) for word, count in lines if re.fullmatch("[a-z]+", word)}


def _scaled(words: dict[str, int]) -> list[tuple[str, int]]:
    total = sum(words.values())
    return [(word, max(1, round(count * _SCALE / total))) for word, count in sorted(words.items())]


if __name__ == "__main__":
    main()
