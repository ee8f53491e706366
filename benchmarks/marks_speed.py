"""Speed, size and alarms of the mark matcher against long lists of made-up marks, rapidfuzz brute force beside it.

    .venv/bin/python benchmarks/marks_speed.py --titles FILE [--marks 1000 100000 1000000] [--sample 4000]

Titles come one a line from a file of real ones (none is shipped); marks are drawn from common characters with a fixed
seed. CPU seconds of one process, everything included: folding, look-up, alignment, words around, weighing.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.marks.tables import FOLDER
from infringewatch.matching.matcher import Compiled, screen_many
from infringewatch.model import Item, ItemKind, Queue, Right, RightKind
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

_BATCH = 2000


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--titles", type=Path, required=True)
    options.add_argument("--marks", type=int, nargs="+", default=[1000, 10_000, 100_000])
    options.add_argument("--sample", type=int, default=4000)
    given = options.parse_args()
    titles = given.titles.read_text(encoding="utf-8").splitlines()
    titles = titles[:: max(1, len(titles) // given.sample)][: given.sample]
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))
    for count in given.marks:
        _measure(make_marks(count), titles, context)


def make_marks(count: int, seed: int = 1) -> list[Right]:
    """Three of four are Chinese (two to five characters), the others pronounceable Latin words of 4 to 10 letters."""
    draw = random.Random(seed)
    with np.load(FOLDER / "stream.npz") as stored:
        common = sorted(zip(stored["counts"].tolist(), stored["codes"].tolist(), strict=True), reverse=True)[:3000]
    pool, weights = [chr(code) for _, code in common], [number**0.5 for number, _ in common]
    return [
        Right(RightKind.TRADEMARK, _make_name(draw, pool, weights), str(n), nice_classes=(draw.randint(1, 45),))
        for n in range(count)
    ]


def _make_name(draw: random.Random, pool: list[str], weights: list[float]) -> str:
    if draw.random() < 0.75:
        return "".join(draw.choices(pool, weights, k=draw.choices([2, 3, 4, 5], [3, 4, 4, 1])[0]))
    vowels, consonants = "aeiou", "bcdfghklmnprstvwxyz"
    return "".join(draw.choice(vowels if k % 2 else consonants) for k in range(draw.randint(4, 10)))


def _measure(rights: list[Right], titles: list[str], context: Context) -> None:
    with tempfile.TemporaryDirectory() as cache:
        start = time.process_time()
        compile_watchlist(rights, cache_dir=Path(cache))
        built = time.process_time() - start
        start = time.process_time()
        compiled = compile_watchlist(rights, cache_dir=Path(cache))
        opened = time.process_time() - start
        size = sum(getattr(s, f.name).nbytes for s in compiled.marks.segments for f in fields(s)) / len(rights)
        print(
            f"{len(rights):>9,} marks: built in {built:.1f} s, opened in {opened:.1f} s, {size:.0f} bytes a mark",
            end="; ",
        )
        _screen(compiled, titles, context)
    _brute(rights, titles)


def _screen(compiled: Compiled, titles: list[str], context: Context) -> None:
    items = [Item(id=str(n), kind=ItemKind.LISTING, title=title) for n, title in enumerate(titles)]
    screen_many(items[:_BATCH], compiled, context)  # tables and words are read now
    alarms: Counter[bool] = Counter()
    start = time.process_time()
    for begin in range(0, len(items), _BATCH):
        for found in screen_many(items[begin : begin + _BATCH], compiled, context):
            alarms.update({f.queue is Queue.IMITATION for f in found})
    seconds = time.process_time() - start
    per = 1000 / len(titles)
    print(
        f"{len(titles) / seconds:,.0f} titles/s; per 1,000 titles {alarms[True] * per:.1f} imitations, "
        f"{alarms[False] * per:.1f} exact mentions"
    )


def _brute(rights: list[Right], titles: list[str]) -> None:
    names = [right.name for right in rights]
    few = titles[: max(3, 2_000_000 // len(names) // 10)]
    start = time.process_time()
    for title in few:
        process.extract(title, names, scorer=fuzz.partial_ratio, score_cutoff=80, limit=None)
    print(f"{'':>9}  rapidfuzz partial_ratio, brute force: {len(few) / (time.process_time() - start):,.1f} titles/s")


if __name__ == "__main__":
    main()
