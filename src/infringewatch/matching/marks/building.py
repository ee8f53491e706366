"""Compiles a list, or takes it from the cache: the same list is mapped, a list with few changes gets a small segment
beside the big one that is there already."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from infringewatch.matching.marks.forms import Conflict, find_conflicts
from infringewatch.matching.marks.index import CompiledMarks
from infringewatch.matching.marks.segment import Segment, build_segment, load_segment
from infringewatch.matching.marks.tables import get_tables
from infringewatch.model import Right

KEYS_VERSION = 4
"""Raise with every change of forms, keys or their hashing: older cached segments are then left alone."""
_FEW = 0.1
_KEPT_SEGMENTS = 6

Prints = NDArray[np.uint64]


def compile_marks(rights: Sequence[Right], *, cache_dir: Path | None = None) -> CompiledMarks:
    """The compiled form of ``rights`` (marks and titles of works alike)."""
    prints = np.array([_print_of(right) for right in rights], dtype=np.uint64)
    if cache_dir is None:
        return _join(rights, [(build_segment(rights), np.arange(len(rights), dtype=np.int32))])
    folder = cache_dir / f"marks-{get_tables().version}-{KEYS_VERSION}"
    base = _find_base(folder, prints)
    if base is None:
        segment = _cached(folder, rights, prints)
        return _join(rights, [(segment, np.arange(len(rights), dtype=np.int32))])
    segment, known = base
    places, new = _place(known, prints)
    parts = [(segment, places)]
    if len(new):
        added = [rights[int(number)] for number in new]
        parts.append((_cached(folder, added, prints[new]), new.astype(np.int32)))
    return _join(rights, parts)


def _join(rights: Sequence[Right], parts: list[tuple[Segment, NDArray[np.int32]]]) -> CompiledMarks:
    segments, places = tuple(p[0] for p in parts), tuple(p[1] for p in parts)
    return CompiledMarks(rights, segments, places, _conflicts(rights, segments, places))


def _conflicts(
    rights: Sequence[Right], segments: tuple[Segment, ...], places: tuple[NDArray[np.int32], ...]
) -> tuple[Conflict, ...]:
    """Only forms whose letters hash alike are looked at one by one: of a million few do."""
    hashes = np.concatenate([segment.letter_hashes() for segment in segments])
    order = np.argsort(hashes, kind="stable")
    alike = hashes[order][1:] == hashes[order][:-1]
    chosen = np.unique(np.concatenate([order[1:][alike], order[:-1][alike]]))
    first = np.cumsum([0, *(len(segment) for segment in segments)])
    which = np.searchsorted(first, chosen, side="right") - 1
    rows: list[tuple[int, int, bytes]] = []
    for number, form in zip(which.tolist(), (chosen - first[which]).tolist(), strict=True):
        segment, right = segments[number], int(places[number][segments[number].right[form]])
        if right >= 0:
            rows.append((right, int(segment.kinds[form]), segment.letters_of(form).tobytes()))
    return find_conflicts(rights, sorted(rows, key=lambda row: row[0]))


def _print_of(right: Right) -> int:
    """A print of what the forms of a right are made from."""
    text = "\x1f".join((str(right.is_work), right.name, *right.aliases))
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _find_base(folder: Path, prints: Prints) -> tuple[Segment, Prints] | None:
    """The newest cached segment that holds nearly all of the list, and not much that the list has no more."""
    stored = sorted(folder.glob("*/prints.npy"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in stored:
        known = np.load(path)
        shared = int(np.isin(prints, known).sum())
        if shared and len(prints) - shared <= _FEW * len(prints) and len(known) - shared <= _FEW * len(known):
            os.utime(path)
            return load_segment(path.parent), known
    return None


def _place(known: Prints, prints: Prints) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Where each right of a stored segment stands in the new list (-1: nowhere), and which of the list are new.

    Twins (two rights that are written alike) are matched one to one, in order.
    """
    places = np.full(len(known), -1, dtype=np.int32)
    order, wanted = np.argsort(known, kind="stable"), np.argsort(prints, kind="stable")
    a, b = known[order], prints[wanted]
    nth_a = np.arange(len(a)) - np.searchsorted(a, a)
    spot = np.searchsorted(b, a) + nth_a
    found = (spot < len(b)) & (b[np.minimum(spot, len(b) - 1)] == a)
    places[order[found]] = wanted[spot[found]]
    return places, np.setdiff1d(np.arange(len(prints)), places)


def _cached(folder: Path, rights: Sequence[Right], prints: Prints) -> Segment:
    """The segment of exactly these rights; built and put in place whole, so that two processes may race for it."""
    place = folder / hashlib.blake2b(prints.tobytes(), digest_size=12).hexdigest()
    if not (place / "prints.npy").exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder, prefix=".new-"))
        try:
            build_segment(rights).save(made)
            np.save(made / "prints.npy", prints)
            made.rename(place)
        except OSError:
            if not (place / "prints.npy").exists():
                raise
        finally:
            shutil.rmtree(made, ignore_errors=True)
        _drop_old(folder)
    return load_segment(place)


def _drop_old(folder: Path) -> None:
    stored = sorted(folder.glob("*/prints.npy"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in stored[_KEPT_SEGMENTS:]:
        shutil.rmtree(path.parent, ignore_errors=True)
