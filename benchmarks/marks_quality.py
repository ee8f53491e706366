"""Quality of the mark matcher at the product's own `review` level.

    .venv/bin/python benchmarks/marks_quality.py [--show look] [--titles FILE …] [--marks FILE]

Scores the labelled titles of tests/matching/cases (recall by technique, precision, exact mentions apart), with
rapidfuzz ``partial_ratio >= 80`` beside it, and counts alarms in files of real titles (one a line; none is shipped).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import screen_many
from infringewatch.model import Finding, Item, ItemKind, Level, Right, RightKind
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.matching.devset import Case, make_rights, read_cases

_TECHNIQUES_OF_EXACT = {"exact", "affix"}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--show", default="", help="look: print what fails in that part")
    options.add_argument("--titles", nargs="*", type=Path, default=[])
    options.add_argument("--marks", type=Path, help="more marks, one a line: name|classes")
    options.add_argument("--sample", type=int, default=20000)
    options.add_argument("--alarms", type=int, default=0, help="print this many alarms")
    options.add_argument("--no-class", action="store_true")
    given = options.parse_args()
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))
    cases = read_cases()
    rights = make_rights(cases) + (_read_marks(given.marks) if given.marks else [])
    compiled = compile_watchlist(rights)
    for part in ("look", "score"):
        _score([case for case in cases if case.part == part], part, compiled, context, given.show == part)
    for path in given.titles:
        _count_alarms(path, compiled, context, given.sample, given.alarms)


def _read_marks(path: Path) -> list[Right]:
    rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines() if "|" in line]
    return [
        Right(RightKind.TRADEMARK, name.strip(), f"X{n}", nice_classes=tuple(int(c) for c in classes.split(";")))
        for n, (name, classes) in enumerate(rows)
    ]


def _score(cases: list[Case], part: str, compiled: object, context: Context, show: bool) -> None:
    found = screen_many([case.item for case in cases], compiled, context, least=Level.IGNORE)  # type: ignore[arg-type]
    wanted, hit = Counter[str](), Counter[str]()
    false, brute_hit, brute_false = 0, 0, 0
    for case, findings in zip(cases, found, strict=True):
        mine = [f for f in findings if f.name == case.mark]
        said = bool(mine) and mine[0].level != Level.IGNORE
        brute = fuzz.partial_ratio(case.mark, case.title) >= 80
        if case.wanted:
            wanted[case.technique] += 1
            hit[case.technique] += said
            brute_hit += brute
        else:
            false += said
            brute_false += brute
        if show and said != case.wanted:
            print("MISS" if case.wanted else "FALSE", case.technique, case.mark, "|", case.title, *map(_tell, mine))
    for name, group in (("disguised", set(wanted) - {"exact"}), ("exact", {"exact"})):
        total, right = sum(wanted[t] for t in group), sum(hit[t] for t in group)
        print(f"{part:5} {name:9} recall {right}/{total} = {right / max(1, total):.3f}")
    total, right = sum(wanted.values()), sum(hit.values())
    negatives = len(cases) - total
    print(
        f"{part:5} all       recall {right / total:.3f} precision {right / max(1, right + false):.3f} false {false}/{negatives}"
    )
    print(
        f"{part:5} partial_ratio>=80 recall {brute_hit / total:.3f} precision {brute_hit / max(1, brute_hit + brute_false):.3f}"
    )
    print(f"{part:5} by technique:", ", ".join(f"{t} {hit[t]}/{wanted[t]}" for t in sorted(wanted)))


def _tell(finding: Finding) -> str:
    reasons = ", ".join(f"{r.feature} {r.weight:+.2f}" for r in finding.explanation)
    return f"\n     {finding.score:.2f} {[(p.text, p.right_text, p.relation) for p in finding.alignment]} {reasons}"


def _count_alarms(path: Path, compiled: object, context: Context, sample: int, show: int) -> None:
    titles = path.read_text(encoding="utf-8").splitlines()
    titles = titles[:: max(1, len(titles) // sample)][:sample]
    items = [Item(id=str(n), kind=ItemKind.LISTING, title=title) for n, title in enumerate(titles)]
    start = time.process_time()
    alarms, exact = 0, 0
    for begin in range(0, len(items), 400):
        for item, findings in zip(items[begin:], screen_many(items[begin : begin + 400], compiled, context)):  # type: ignore[arg-type]  # noqa: B905
            said = [f for f in findings if f.level != Level.IGNORE]
            imitations = [f for f in said if f.queue == "imitation"]
            alarms += bool(imitations)
            exact += bool(said) and not imitations
            if imitations and show:
                show -= 1
                print("ALARM", imitations[0].name, "|", item.title[:80], _tell(imitations[0]))
    seconds = time.process_time() - start
    per = 1000 / max(1, len(titles))
    print(
        f"{path.name}: {len(titles)} titles, imitations {alarms * per:.2f}, exact mentions {exact * per:.2f} per 1,000; "
        f"{len(titles) / seconds:.0f} titles/s"
    )


if __name__ == "__main__":
    main()
