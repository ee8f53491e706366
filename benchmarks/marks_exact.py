"""Exact mentions: is the mark used there, or is it a word, a reference, talk, other goods?

    .venv/bin/python benchmarks/marks_exact.py [--show look]

F1 at the product's own `review` level, and the recall where precision is 95 %, on tests/matching/cases/exact.txt.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import screen_many
from infringewatch.model import Level
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.matching.devset import Case, make_rights, read_cases, read_exact_cases


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--show", default="", help="look: print what fails in that part")
    given = options.parse_args()
    cases = read_exact_cases()
    # The other set's marks make the list as long as a real one.
    own = {case.mark for case in cases}
    rights = make_rights([*cases, *(case for case in read_cases() if case.mark not in own)])
    compiled = compile_watchlist(rights)
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25))
    for part in ("look", "score"):
        chosen = [case for case in cases if case.part == part]
        found = screen_many([case.item for case in chosen], compiled, context, least=Level.IGNORE)
        scored = []
        for case, findings in zip(chosen, found, strict=True):
            mine = next((f for f in findings if f.name == case.mark), None)
            said = mine is not None and mine.level is not Level.IGNORE
            scored.append((mine.score if mine else 0.0, case.wanted, said, case))
            if given.show == part and said != case.wanted:
                print("MISS" if case.wanted else "FALSE", case.mark, "|", case.title, mine and round(mine.score, 2))
                for reason in mine.explanation if mine else ():
                    print("     ", reason.feature, round(reason.weight, 2), reason.detail)
        _tell(part, scored)


def _tell(part: str, scored: list[tuple[float, bool, bool, Case]]) -> None:
    hit = sum(wanted and said for _, wanted, said, _ in scored)
    wanted, said = sum(s[1] for s in scored), sum(s[2] for s in scored)
    precision, recall = hit / max(1, said), hit / max(1, wanted)
    best, right = 0.0, 0
    for rank, row in enumerate(sorted(scored, key=lambda row: -row[0]), 1):
        right += row[1]
        if right / rank >= 0.95:
            best = max(best, right / wanted)
    false = Counter(case.technique for _, wanted, said, case in scored if said and not wanted)
    print(
        f"{part:5} {len(scored)} mentions, {wanted} of them use the mark: F1 {2 * hit / max(1, said + wanted):.3f}, "
        f"precision {precision:.3f}, recall {recall:.3f}; recall at 95 % precision {best:.3f}; false: {dict(false)}"
    )


if __name__ == "__main__":
    main()
