"""A watch list to what matching reads: marks and titles to sorted keys, texts to prints. No store, no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.matcher import Compiled, TextScreen
from infringewatch.model import Right


def compile_watchlist(
    rights: Sequence[Right],
    *,
    cache_dir: Path | None = None,
    screen_text: TextScreen | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Compiled:
    """The compiled list. ``cache_dir`` keeps what was compiled, by content, for the next process; ``screen_text`` knows
    the works' texts."""
    kept = tuple(rights)
    marks = compile_marks(kept, cache_dir=cache_dir)
    if progress is not None:
        progress(len(kept), len(kept))
    return Compiled(kept, marks, screen_text)
