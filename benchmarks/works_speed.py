"""CPU and disk of copied-text matching at a size of millions of characters.

    .venv/bin/python -m benchmarks.works_speed [--millions 160] [--pages 200] [--store FILE]

Works of a million characters each are made by a walk over the character pairs of real novels (so phrases repeat as in
real text), beside the real ones. Pages of 3,000 characters: copies under disguises of the development set, and text of
none. A store that is there already is used as it is.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.works_cases import Case, make_devset
from infringewatch.matching.context import Context
from infringewatch.matching.works.screening import screen_text
from infringewatch.matching.works.store import WorkPart
from infringewatch.model import Item, ItemKind, Right, RightKind
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

_MILLION = 1_000_000
_WALKS = 1000


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--millions", type=int, default=160)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--store", type=Path)
    given = options.parse_args()
    devset = make_devset("look", 3)
    real = devset.works["sanguo"] + "".join(case.text for case in devset.cases if case.kind == "same genre")
    with tempfile.TemporaryDirectory() as folder:
        file = given.store or Path(folder) / "prints.sqlite3"
        made = file.exists()
        store = SqlitePrints(file)
        walk = _walk(real)
        if not made:
            _build(store, devset.works, walk, given.millions)
        _print_sizes(store, file)
        _change(store, next(walk))
        _add_long(Path(folder) / "long.sqlite3", walk)
        rights = {key: Right(RightKind.COPYRIGHT, key, key) for key in devset.works}
        _screen(store, rights, devset.cases, given.pages, [next(walk)[:3100] for _ in range(10)])


def _walk(text: str) -> Iterator[str]:
    """Texts of a million characters: from each pair of characters to what follows it somewhere in ``text``."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    pairs = codes[:-2] << 32 | codes[1:-1]
    order = np.argsort(pairs, kind="stable")
    first = np.searchsorted(pairs[order], pairs, "left")
    count = np.searchsorted(pairs[order], pairs, "right") - first
    draw = np.random.default_rng(7)
    while True:
        at = draw.integers(0, len(pairs) - 1, _WALKS)
        made = np.empty((_WALKS, _MILLION // _WALKS), dtype="<u4")
        for step in range(made.shape[1]):
            made[:, step] = codes[at]
            same = first[at] + (draw.random(_WALKS) * count[at]).astype(np.int64)
            at = (order[same] + 1) % len(pairs)
        yield made.tobytes().decode("utf-32-le")


def _build(store: SqlitePrints, works: dict[str, str], walk: Iterator[str], millions: int) -> None:
    started = time.process_time()
    for key, text in works.items():
        store.add(key, key, [WorkPart("", text)])
    for number in range(millions):
        store.add(f"made{number}", "", [WorkPart("", next(walk))])
    print(f"built {millions} million characters in {time.process_time() - started:.0f} s CPU, making them included")


def _print_sizes(store: SqlitePrints, file: Path) -> None:
    characters = sum(work.length for work in store.works())
    whole = file.stat().st_size
    prints = store.prints_size()
    print(f"{characters / 1e6:.0f} million canonical characters, {len(store.works())} works")
    print(
        f"prints {prints / characters:.2f} MB, packed text {(whole - prints) / characters:.2f} MB a million characters"
    )


def _change(store: SqlitePrints, text: str) -> None:
    started = time.process_time()
    work = store.add("added", "", [WorkPart("", text)])
    added = time.process_time()
    store.remove("added")
    per = _MILLION / work.length
    print(f"add a million characters {(added - started) * per:.2f} s CPU", end=", ")
    print(f"withdraw {(time.process_time() - added) * per:.2f} s CPU")


def _add_long(file: Path, walk: Iterator[str]) -> None:
    parts = [WorkPart(str(number), next(walk)) for number in range(20)]
    store = SqlitePrints(file)
    started = time.process_time()
    store.add("long", "", parts)
    added = time.process_time()
    store.remove("long")
    print(
        f"a work of 20 million characters: add {added - started:.1f} s, withdraw {time.process_time() - added:.1f} s CPU"
    )


def _screen(
    store: SqlitePrints, rights: dict[str, Right], cases: tuple[Case, ...], pages: int, made: list[str]
) -> None:
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))
    chinese = [case for case in cases if case.language == "zh"]
    groups = {
        "copied, all disguises": [c.text for c in chinese if c.strength][:pages],
        "copied, plain": [c.text for c in chinese if c.kind in ("script", "chrome") and c.strength < 3],
        "not copied": [c.text for c in chinese if c.kind in ("same author", "same genre")],
        "not copied, made": made,
    }
    for name, texts in groups.items():
        items = [Item(str(n), ItemKind.CHAPTER, text=text) for n, text in enumerate(texts)]
        for item in items[:3]:
            screen_text(item, store, rights, context)
        first = [_milliseconds(item, store, rights, context) for item in items]
        again = [min(_milliseconds(item, store, rights, context) for _ in range(3)) for item in items]
        print(
            f"{name}: {np.mean(first):.2f} ms CPU a page of 3,000 characters (median {np.median(first):.2f}, "
            f"worst {max(first):.2f}; seen before, best of three: {np.mean(again):.2f}; {len(items)} pages)"
        )


def _milliseconds(item: Item, store: SqlitePrints, rights: dict[str, Right], context: Context) -> float:
    started = time.process_time()
    screen_text(item, store, rights, context)
    return (time.process_time() - started) * 1000 * 3000 / len(item.text)


if __name__ == "__main__":
    main()
