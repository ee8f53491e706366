"""`infringewatch match`: items against a watch list, offline and in constant memory. No crawl, no server, no store."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import IO

import click
from tqdm import tqdm

from infringewatch.cli.background import read_background
from infringewatch.compiling import compile_watchlist
from infringewatch.errors import Fault, InfringeWatchError, SkipItem
from infringewatch.matching.context import Context
from infringewatch.matching.matcher import Compiled, screen_many
from infringewatch.model import MEASURES, Finding, Item, Level
from infringewatch.ruleset import load_ruleset
from infringewatch.settings import get_settings
from infringewatch.watchlist import read_watchlist

_BATCH = 2000
"""Large enough that the look-up's fixed cost is small, small enough that memory stays flat."""
_MAX_LINE = 64 << 20

_Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class _Screened:
    """What one batch gave: finding lines, faults, and how many items there were."""

    lines: tuple[str, ...]
    faults: tuple[Fault, ...]
    items: int


@dataclass(frozen=True, slots=True, eq=False)
class _Screener:
    """Everything that a worker needs; handed over by fork, so that the compiled list is in memory once."""

    compiled: Compiled
    context: Context
    level: Level
    file: str

    def __call__(self, lines: list[_Line]) -> _Screened:
        items, faults = [], []
        for number, line in lines:
            try:
                items.append(_read_item(line))
            except SkipItem as skip:
                field, _, reason = str(skip).partition(": ")
                faults.append(Fault(self.file, reason or field, number, field if reason else None))
        found = screen_many(items, self.compiled, self.context, least=self.level)
        return _Screened(tuple(_to_line(f) for findings in found for f in findings), tuple(faults), len(items))


@click.command()
@click.option(
    "--watchlist", "watchlist_path", type=click.Path(path_type=Path), required=True, help="CSV, XLSX or JSON."
)
@click.option("--items", "items_path", type=click.Path(path_type=Path), required=True, help="JSON Lines; - for stdin.")
@click.option("--out", "out_path", type=click.Path(path_type=Path), required=True, help="Findings; - for stdout.")
@click.option("--level", type=click.Choice([str(level) for level in Level]), default="review", show_default=True)
@click.option(
    "--background", type=click.Path(path_type=Path), help="Texts that everyone quotes: folder, TXT or JSON Lines."
)
@click.option("--measure", type=click.Choice(MEASURES), help="Judge works under this measure.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day on which rights and licences are looked at.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True)
def match(
    watchlist_path: Path,
    items_path: Path,
    out_path: Path,
    level: str,
    background: Path | None,
    measure: str | None,
    as_of: datetime | None,
    jobs: int,
) -> None:
    """Match items against a watch list, offline."""
    day = as_of.date() if as_of else datetime.now(UTC).date()
    compiled, list_faults = _compile(watchlist_path, day)
    context = Context(
        load_ruleset(get_settings().rules_dir), measure, day, read_background(background) if background else None
    )
    screener = _Screener(compiled, context, Level(level), str(items_path))
    faults = bool(list_faults)
    try:
        with _open_in(items_path) as items, _open_out(out_path) as out:
            for screened in _screen(screener, _batches(items), jobs):
                out.writelines(screened.lines)
                for fault in screened.faults:
                    click.echo(str(fault), err=True)
                    faults = True
    except OSError as error:
        raise InfringeWatchError(f"{error.filename or out_path}: {error.strerror or error}") from error
    sys.exit(1 if faults else 0)


def _compile(path: Path, day: date) -> tuple[Compiled, tuple[Fault, ...]]:
    read = read_watchlist(path)
    for fault in read.faults:
        click.echo(str(fault), err=True)
    compiled = compile_watchlist(read.rights, cache_dir=get_settings().cache_dir)
    for conflict in compiled.marks.conflicts:
        click.echo(f"note: “{conflict.form}” is registered for {', '.join(conflict.holders)}", err=True)
    return compiled, tuple(read.faults)


def _screen(screener: _Screener, batches: Iterable[list[_Line]], jobs: int) -> Iterator[_Screened]:
    """Results in the order of the input. With several jobs at most two batches a worker wait, so memory stays flat."""
    progress = tqdm(unit=" items", disable=not sys.stderr.isatty(), file=sys.stderr)
    with progress:
        for screened in _in_workers(screener, batches, jobs) if jobs > 1 else map(screener, batches):
            progress.update(screened.items)
            yield screened


_shared: _Screener | None = None


def _in_workers(screener: _Screener, batches: Iterable[list[_Line]], jobs: int) -> Iterator[_Screened]:
    global _shared
    _shared = screener
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        waiting: deque[multiprocessing.pool.AsyncResult[_Screened]] = deque()
        for batch in batches:
            waiting.append(pool.apply_async(_screen_shared, (batch,)))
            if len(waiting) >= 2 * jobs:
                yield waiting.popleft().get()
        while waiting:
            yield waiting.popleft().get()


def _screen_shared(lines: list[_Line]) -> _Screened:
    if _shared is None:
        raise RuntimeError("a worker was started without its list")
    return _shared(lines)


def _batches(items: IO[bytes]) -> Iterator[list[_Line]]:
    numbered = (
        (number, line) for number, line in enumerate(iter(lambda: items.readline(_MAX_LINE), b""), 1) if line.strip()
    )
    while batch := list(islice(numbered, _BATCH)):
        yield batch


def _read_item(line: bytes) -> Item:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SkipItem(f"line: not valid JSON in UTF-8 ({error})") from error
    return Item.from_record(record)


def _to_line(finding: Finding) -> str:
    text = json.dumps(finding.to_record(), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def _open_in(path: Path) -> IO[bytes]:
    return sys.stdin.buffer if str(path) == "-" else path.open("rb")


def _open_out(path: Path) -> IO[str]:
    return sys.stdout if str(path) == "-" else path.open("w", encoding="utf-8")
