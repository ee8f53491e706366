"""How well pages are read: field F1 on labelled product pages, text F1 on labelled articles, CPU per 10 KB.

    python benchmarks/extraction.py FOLDER [--cheap] [--errors FIELD] [--half a|b]

FOLDER holds labels.jsonl with id, kind (product | article), url, path (HTML, gzipped or not) and label: for
a field the list of right answers, for an article its body. Price is right when equal as a decimal, other
fields when equal as strings; text is compared by shingles of four words, precision and recall averaged over
pages. --half splits the pages by host, so that what was tuned on one half can be measured on the other.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawlers.extract import read_saved_body
from crawlers.pages import read_page
from infringewatch.model import Item

FIELDS = ("price", "brand", "sku", "gtin", "availability")
_WORD = re.compile(r"\w+")


@dataclass
class Score:
    """Counts of one field; ``errors`` are lines for a reader."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, expected: list[str], found: str, *, decimal: bool, where: str) -> None:
        if not found:
            self.missed += bool(expected)
        elif is_right(expected, found, decimal=decimal):
            self.right += 1
            return
        else:
            self.wrong += 1
            self.missed += bool(expected)
        if found or expected:
            self.errors.append(f"{expected} <> {found!r} {where}")

    def line(self) -> str:
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return f"P {precision:.3f}  R {recall:.3f}  F1 {f1(precision, recall):.3f}  (n={self.right + self.missed})"


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def is_right(expected: list[str], found: str, *, decimal: bool) -> bool:
    if not decimal:
        return found in expected
    try:
        return Decimal(found) in {Decimal(value) for value in expected}
    except InvalidOperation:
        return False


def shingle_overlap(expected: str, found: str) -> tuple[float, float]:
    """Precision and recall of ``found`` by shingles of four words, with their counts."""
    want, have = _shingles(expected), _shingles(found)
    common = sum((want & have).values())
    return common / max(1, sum(have.values())), common / max(1, sum(want.values()))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def in_half(url: str, half: str) -> bool:
    host = ".".join(urlsplit(url).netloc.split(".")[-2:])
    return not half or (sha256(host.encode()).digest()[0] % 2 == 0) == (half == "a")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cheap", action="store_true", help="read as a crawl does, without the dear main text")
    parser.add_argument("--errors", default="", help="print what went wrong for this field (or text)")
    parser.add_argument("--half", default="", choices=("", "a", "b"))
    options = parser.parse_args()
    scores = {name: Score() for name in FIELDS}
    texts: list[tuple[float, float]] = []
    size, seconds = 0, {"product": 0.0, "article": 0.0}
    sizes = Counter[str]()
    for line in (options.folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if not in_half(row["url"], options.half):
            continue
        body = read_saved_body(options.folder / row["path"])
        begun = time.process_time()
        reading = read_page(row["url"], body, thorough=not options.cheap)
        seconds[row["kind"]] += time.process_time() - begun
        sizes[row["kind"]] += len(body)
        size += len(body)
        item = reading.items[0] if reading.items else None
        where = f"{row['id'][:14]} {reading.page_kind} {row['url'][:70]}"
        if row["kind"] == "article":
            texts.append(shingle_overlap(row["label"]["articleBody"], item.text if item else ""))
            if options.errors == "text" and min(texts[-1]) < 0.9:
                print(f"P {texts[-1][0]:.2f} R {texts[-1][1]:.2f} {where} {dict(item.sources) if item else ''}")
            continue
        for name, score in scores.items():
            found = value_of(item, name)
            source = item.sources.get(name, "") if item else ""
            score.add(row["label"].get(name, []), found, decimal=name == "price", where=f"[{source}] {where}")
    for name, score in scores.items():
        print(f"{name:<13}{score.line()}")
        if options.errors == name:
            print("\n".join(score.errors))
    if texts:
        precision, recall = (sum(pair[side] for pair in texts) / len(texts) for side in (0, 1))
        print(f"{'text':<13}P {precision:.3f}  R {recall:.3f}  F1 {f1(precision, recall):.3f}  (n={len(texts)})")
    for kind, taken in seconds.items():
        print(f"CPU {kind}: {taken * 1e3 / max(1, sizes[kind] / 1e4):.2f} ms per 10 KB")


def value_of(item: Item | None, name: str) -> str:
    value = getattr(item, name) if item is not None else None
    return "" if value is None else str(value)


if __name__ == "__main__":
    main()
