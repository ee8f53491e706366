"""Alarms and recall of the mark matcher as the list grows, at the product's own `review` level.

    .venv/bin/python benchmarks/marks_alarms.py --titles FILE [--marks 1000 10000 100000 1000000] [--sample 20000]

Alarms: findings of made-up marks in real titles (one a line; none is shipped), all of which are chance. Recall: marks of
the same list, disguised by one technique, in a title beside a word for goods of their class, and without one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.marks.tables import get_tables
from infringewatch.matching.matcher import Compiled, screen_many
from infringewatch.model import Item, ItemKind, Queue, Right
from infringewatch.ruleset import Ruleset, load_ruleset
from infringewatch.settings import get_settings

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.marks_speed import make_marks

_BATCH = 2000
_TRIED = 600


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--titles", type=Path, required=True)
    options.add_argument("--marks", type=int, nargs="+", default=[1000, 10_000, 100_000, 1_000_000])
    options.add_argument("--sample", type=int, default=20000)
    given = options.parse_args()
    titles = given.titles.read_text(encoding="utf-8").splitlines()
    titles = titles[:: max(1, len(titles) // given.sample)][: given.sample]
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))
    for count in given.marks:
        rights = make_marks(count)
        with tempfile.TemporaryDirectory() as cache:
            compiled = compile_watchlist(rights, cache_dir=Path(cache))
            print(f"{count:>9,} marks:", _alarms(titles, compiled, context))
            for beside in (True, False):
                print(f"{'':>9}  recall {'beside' if beside else 'without'} goods:", _recall(compiled, context, beside))


def _alarms(titles: Sequence[str], compiled: Compiled, context: Context) -> str:
    items = [Item(id=str(n), kind=ItemKind.LISTING, title=title) for n, title in enumerate(titles)]
    likenesses = mentions = 0
    for begin in range(0, len(items), _BATCH):
        for found in screen_many(items[begin : begin + _BATCH], compiled, context):
            queues = {f.queue for f in found}
            likenesses += Queue.IMITATION in queues
            mentions += bool(queues - {Queue.IMITATION})
    per = 1000 / len(titles)
    return f"alarms per 1,000 titles: likenesses {likenesses * per:.2f}, the mark itself {mentions * per:.2f}"


def _recall(compiled: Compiled, context: Context, beside: bool) -> str:
    draw = random.Random(7)
    goods = _goods_words(context.ruleset)
    tried = [
        (right, way, Item(id="i", kind=ItemKind.LISTING, title=title))
        for right in draw.sample(compiled.rights, min(_TRIED, len(compiled.rights)))
        if right.nice_classes[0] in goods
        for way, name in _disguises(right.name, draw)
        for title in [f"{name} {draw.choice(goods[right.nice_classes[0]])}" if beside else f"新款 {name} 2件"]
    ]
    wanted, hit = Counter[str](), Counter[str]()
    found = screen_many([item for _, _, item in tried], compiled, context)
    for (right, way, _), findings in zip(tried, found, strict=True):
        for key in ("all", way, _size(right)):
            wanted[key] += 1
            hit[key] += any(f.right == right.registration_no for f in findings)
    return ", ".join(f"{key} {hit[key] / wanted[key]:.2f}" for key in sorted(wanted))


def _size(right: Right) -> str:
    return f"Latin {len(right.name) // 3 * 3}+" if right.name.isascii() else f"Han {len(right.name)}"


def _goods_words(ruleset: Ruleset) -> dict[int, list[str]]:
    words: dict[int, list[str]] = defaultdict(list)
    for term in ruleset.lexicons["goods_classes"].terms:
        if term.nice_class and term.strength >= 1.0 and len(term.text) > 1:
            words[term.nice_class].append(term.text)
    return words


def _disguises(name: str, draw: random.Random) -> Iterator[tuple[str, str]]:
    spot = draw.randrange(len(name))
    yield "exact", name
    yield "invisible", f"{name[:1]}\u200b{name[1:]}"
    yield "separator", f"{name[:1]}-{name[1:]}"
    changed = (_latin_changes if name.isascii() else _han_changes)(name, spot, draw)
    yield from ((way, f"{name[:spot]}{new}{name[spot + 1 :]}") for way, new in changed)


def _latin_changes(name: str, spot: int, draw: random.Random) -> Iterator[tuple[str, str]]:
    yield "letter", draw.choice("bcdfghklmnprstvw")
    yield "doubled", name[spot] * 2
    if new := {"o": "0", "i": "1", "e": "3", "a": "4", "s": "5"}.get(name[spot]):
        yield "leet", new


def _han_changes(name: str, spot: int, draw: random.Random) -> Iterator[tuple[str, str]]:
    tables = get_tables()
    code = ord(name[spot])
    if near := tables.neighbours.get(code, ())[:4]:
        yield "look alike", chr(draw.choice(near)[0])
    alike = [c for c in _common_characters() if tables.syllable[0, c] == tables.syllable[0, code] and c != code]
    if alike:
        yield "same sound", chr(draw.choice(alike))


def _common_characters() -> list[int]:
    bits = get_tables().exact_bits[0x4E00:0x9FA6]
    return [0x4E00 + int(n) for n in bits.argsort(kind="stable")[:3000]]


if __name__ == "__main__":
    main()
