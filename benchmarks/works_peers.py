"""The same development set by datasketch's MinHash LSH and copydetect's winnowing, in an environment of their own.

Called by works_quality.py with a dump of works and cases. Each method is given the cut-off at which at most 1 % of the
negatives pass (so it is judged more kindly than a product, whose cut-off is fixed before).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from copydetect.utils import hashed_kgrams, winnow  # type: ignore[import-not-found]
from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found]

_BLOCK, _STEP = 500, 250


def main() -> None:
    devset = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    works = {key: _plain(text) for key, text in devset["works"].items()}
    for name, make in (("datasketch MinHash LSH", _min_hash), ("copydetect winnowing", _winnowing)):
        score = make(works)
        started = time.process_time()
        scores = [score(_plain(case["text"])) for case in devset["cases"]]
        milliseconds = (time.process_time() - started) / len(scores) * 1000
        _print(name, scores, [case["positive"] for case in devset["cases"]], milliseconds)


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _size(text: str) -> int:
    return 8 if sum(c > "\u2e80" for c in text[:2000]) > len(text[:2000]) / 2 else 18


def _min_hash(works: dict[str, str]) -> Callable[[str], float]:
    """The best containment of a page's block in a block of a work, by the signatures of those that LSH names."""
    index = MinHashLSH(threshold=0.2, num_perm=128)
    signatures = {}
    for key, text in works.items():
        for at in range(0, len(text), _STEP):
            name = f"{key}:{at}"
            signatures[name] = _signature(text[at : at + _BLOCK])
            index.insert(name, signatures[name])

    def score(page: str) -> float:
        best = 0.0
        for at in range(0, max(len(page) - _STEP, 1), _STEP):
            signature = _signature(page[at : at + _BLOCK])
            best = max([best, *(signature.jaccard(signatures[name]) for name in index.query(signature))])
        return best

    return score


def _signature(text: str) -> MinHash:
    size = 4 if _size(text) == 8 else 9
    made = MinHash(num_perm=128)
    made.update_batch([text[at : at + size].encode() for at in range(max(len(text) - size + 1, 1))])
    return made


def _winnowing(works: dict[str, str]) -> Callable[[str], float]:
    known = {
        size: {int(h) for text in works.values() for h in winnow(hashed_kgrams(text, size), 16)[0]} for size in (8, 18)
    }

    def score(page: str) -> float:
        size = _size(page)
        if len(page) < size:
            return 0.0
        prints = {int(h) for h in winnow(hashed_kgrams(page, size), 16)[0]}
        return len(prints & known[size]) / max(len(prints), 1)

    return score


def _print(name: str, scores: list[float], positive: list[bool], milliseconds: float) -> None:
    negatives = sorted((s for s, p in zip(scores, positive, strict=True) if not p), reverse=True)
    cut = negatives[len(negatives) // 100]
    right = sum(s > cut for s, p in zip(scores, positive, strict=True) if p)
    wrong = sum(s > cut for s in negatives)
    recall, precision = right / sum(positive), right / max(right + wrong, 1)
    f1 = 2 * recall * precision / max(recall + precision, 1e-9)
    print(f"{name}: recall {recall:.4f} precision {precision:.4f} F1 {f1:.4f} at the cut-off {cut:.3f}", end=" ")
    print(f"CPU {milliseconds:.1f} ms/page")


if __name__ == "__main__":
    main()
