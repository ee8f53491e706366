"""Quality of copied-text matching at the product's own `review` level, by technique.

    .venv/bin/python -m benchmarks.works_quality look|score [--pages 6] [--background] [--show KIND] [--peers PYTHON]

A page counts as found when a finding of `review` or above names a work of its truth; a negative is a false positive
when it has any such finding that is not `authorised`. Passages are scored by plagdet (Potthast et al. 2010), at page
and work side together. ``--peers`` names an interpreter that has datasketch and copydetect: their figures beside it.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from benchmarks.works_cases import Case, DevSet, Truth, make_devset
from infringewatch.compiling import compile_watchlist
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import screen_many
from infringewatch.matching.works.background import TextBackground
from infringewatch.model import AllowRow, Finding, Item, ItemKind, Level, Right, RightKind
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings

_STRENGTHS = (1, 2, 3)
_NOT_FOR_PEERS = {"licensed copy", "shared poem", "common source", "quoted source"}
"""They know neither licences nor what everyone quotes, so they are judged without it."""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("part", choices=("look", "score"))
    options.add_argument("--pages", type=int, default=6)
    options.add_argument("--background", action="store_true")
    options.add_argument("--show", default="", help="print the cases of this kind that fail")
    options.add_argument("--peers", default="")
    given = options.parse_args()
    devset = make_devset(given.part, given.pages)
    with tempfile.TemporaryDirectory() as folder:
        found, seconds = _screen(devset, Path(folder), given.background)
        _report(devset.cases, found, given.show)
        print(f"CPU {seconds / len(devset.cases) * 1000:.1f} ms/page over {len(devset.cases)} pages")
        if given.peers:
            _run_peers(given.peers, devset, Path(folder))


def _screen(devset: DevSet, folder: Path, background: bool) -> tuple[dict[str, list[Finding]], float]:
    rights = []
    for key, text in devset.works.items():
        path = folder / f"{key}.txt"
        path.write_bytes(text.encode("utf-8"))
        allow = (AllowRow(f"{key}/licensed_hosts/licensed.example", "licensed_hosts", "licensed.example"),)
        rights.append(Right(RightKind.COPYRIGHT, devset.titles[key], key, text_path=path, allow=allow))
    compiled = compile_watchlist(rights, cache_dir=folder)
    quoted = TextBackground(devset.background) if background else None
    context = Context(load_ruleset(get_settings().rules_dir), None, date(2026, 11, 25), quoted)
    items = [Item(c.id, ItemKind.CHAPTER, url=f"https://{c.host}/{n}", text=c.text) for n, c in enumerate(devset.cases)]
    started = time.process_time()
    found = screen_many(items, compiled, context, least=Level.REVIEW)
    return {c.id: f for c, f in zip(devset.cases, found, strict=True)}, time.process_time() - started


def _report(cases: Sequence[Case], found: dict[str, list[Finding]], show: str) -> None:
    groups: dict[tuple[str, int], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.kind, case.strength].append(case)
    hits = {case.id: _is_found(case, found[case.id]) for case in cases}
    positives = [c for c in cases if c.strength]
    negatives = [c for c in cases if not c.strength]
    print(f"{'disguise':<14} recall at 1 2 3     plagdet at 1 2 3    granularity")
    for kind in dict.fromkeys(c.kind for c in positives):
        recall = [sum(hits[c.id] for c in groups[kind, s]) / len(groups[kind, s]) for s in _STRENGTHS]
        scores = [plagdet([(c, found[c.id]) for c in groups[kind, s]]) for s in _STRENGTHS]
        print(
            f"{kind:<14} {' '.join(f'{r:.3f}' for r in recall)}   {' '.join(f'{s.plagdet:.3f}' for s in scores)}   "
            f"{max(s.granularity for s in scores):.3f}  (p {scores[2].precision:.3f} r {scores[2].recall:.3f} at 3)"
        )
    for kind in dict.fromkeys(c.kind for c in negatives):
        alarms = [c for c in groups[kind, 0] if hits[c.id]]
        print(f"{kind:<18} false positives {len(alarms)} of {len(groups[kind, 0])}")
    for case in cases:
        if show in (case.kind, "all") and hits[case.id] != bool(case.strength):
            print("FAILS", case.id, [(f.right, f.level, f.explanation[0].detail) for f in found[case.id]])
    right = sum(hits[c.id] for c in positives)
    wrong = sum(hits[c.id] for c in negatives)
    whole = plagdet([(c, found[c.id]) for c in positives])
    print(f"all: {summary(right, len(positives), wrong, len(negatives))}")
    print(f"plagdet {whole.plagdet:.4f} (precision {whole.precision:.4f}, recall {whole.recall:.4f})")
    print(f"granularity {whole.granularity:.4f}")


def summary(right: int, positives: int, wrong: int, negatives: int) -> str:
    recall, precision = right / positives, right / max(right + wrong, 1)
    f1 = 2 * recall * precision / max(recall + precision, 1e-9)
    return f"recall {recall:.4f} precision {precision:.4f} F1 {f1:.4f} false-positive rate {wrong / negatives:.4f}"


def _is_found(case: Case, findings: Sequence[Finding]) -> bool:
    wanted = {truth.work for truth in case.truth}
    return any(not f.suppressed_by and (not case.strength or f.right in wanted) for f in findings)


class Plagdet:
    """Character-level precision and recall over truths and detections, and detections per found truth."""

    def __init__(self, precision: float, recall: float, granularity: float) -> None:
        self.precision, self.recall, self.granularity = precision, recall, granularity
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        self.plagdet = f1 / math.log2(1 + granularity)


def plagdet(pairs: Iterable[tuple[Case, Sequence[Finding]]]) -> Plagdet:
    precisions, recalls, detections = [], [], []
    for case, findings in pairs:
        spans = [
            Truth(s.start, s.end, f.right, s.right_start, s.right_end)
            for f in findings
            for s in f.spans
            if s.field == "text"
        ]
        for truth in case.truth:
            meeting = [s for s in spans if _meet(s, truth)]
            recalls.append(_share(truth, meeting))
            if meeting:
                detections.append(len(meeting))
        precisions += [_share(s, [t for t in case.truth if _meet(s, t)]) for s in spans]
    return Plagdet(_mean(precisions), _mean(recalls), _mean(detections) or 1.0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _meet(a: Truth, b: Truth) -> bool:
    return (
        a.work == b.work
        and min(a.end, b.end) > max(a.start, b.start)
        and min(a.work_end, b.work_end) > max(a.work_start, b.work_start)
    )


def _share(of: Truth, by: Sequence[Truth]) -> float:
    """The part of ``of``'s characters, on both sides, that the others cover."""
    page = _covered(of.start, of.end, [(t.start, t.end) for t in by])
    work = _covered(of.work_start, of.work_end, [(t.work_start, t.work_end) for t in by])
    return (page + work) / (of.end - of.start + of.work_end - of.work_start)


def _covered(start: int, end: int, ranges: Sequence[tuple[int, int]]) -> int:
    return len({place for a, b in ranges for place in range(max(a, start), min(b, end))})


def _run_peers(python: str, devset: DevSet, folder: Path) -> None:
    dump = folder / "devset.json"
    cases = [
        {"text": c.text, "positive": bool(c.strength), "works": [t.work for t in c.truth], "kind": c.kind}
        for c in devset.cases
        if c.kind not in _NOT_FOR_PEERS
    ]
    dump.write_text(json.dumps({"works": devset.works, "cases": cases}), encoding="utf-8")
    peers = Path(__file__).with_name("works_peers.py")
    subprocess.run([python, str(peers), str(dump)], check=True)


if __name__ == "__main__":
    main()
