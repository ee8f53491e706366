"""A watch list to what matching reads: marks and titles to sorted keys, texts to prints. No store, no network."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from infringewatch.documents import read_document
from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.matcher import Compiled
from infringewatch.matching.works.fingerprints import current_header
from infringewatch.matching.works.screening import TextScreen
from infringewatch.matching.works.store import FingerprintStore, WorkPart
from infringewatch.model import Right, RightKind
from infringewatch.prints.chosen import ChosenWorks
from infringewatch.prints.sqlite import SqlitePrints


def compile_watchlist(
    rights: Sequence[Right],
    *,
    cache_dir: Path | None = None,
    library: Mapping[str, Right] | None = None,
    prints: FingerprintStore | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Compiled:
    """The compiled list. ``cache_dir`` keeps what was compiled, by content, for the next process.

    Prints of the works' texts are made into a file for this very list; where they stand in ``prints`` already,
    ``library`` says under which key each right has its own.

    Raises InputError where a work's text cannot be read.
    """
    kept = _with_products_under_marks(rights)
    marks = compile_marks(kept, cache_dir=cache_dir)
    texts = [right for right in kept if right.text_path is not None]
    if prints is not None and library is not None:
        screen_text = TextScreen(ChosenWorks(prints, library.keys()), library) if library else None
    else:
        store = _compile_texts(texts, cache_dir) if texts else None
        screen_text = TextScreen(store, {r.registration_no: r for r in texts}) if store else None
    if progress is not None:
        progress(len(kept), len(kept))
    return Compiled(kept, marks, screen_text)


def _compile_texts(works: Sequence[Right], cache_dir: Path | None) -> SqlitePrints:
    """The prints of these works: one file for this very set, made beside and put in place whole."""
    contents = {right.registration_no: _hash(right.text_path) for right in works if right.text_path is not None}
    digest = hashlib.sha256(repr((sorted(contents.items()), current_header())).encode()).hexdigest()[:24]
    folder = cache_dir or Path(tempfile.mkdtemp(prefix="infringewatch-prints-"))
    target = folder / f"works-{digest}.sqlite3"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{target.name}.{os.getpid()}"
        store = SqlitePrints(part)
        for right in works:
            assert right.text_path is not None
            store.add(
                right.registration_no, right.name, iter_parts(right.text_path), content=contents[right.registration_no]
            )
        store.close()
        part.replace(target)
    return SqlitePrints(target)


def iter_parts(path: Path) -> Iterator[WorkPart]:
    """The chapters of a registered text, with where they begin in their file."""
    for part in read_document(path).parts:
        yield WorkPart(part.title, part.text, part.start, part.file)


def _hash(path: Path) -> str:
    files = sorted(inner for inner in path.rglob("*") if inner.is_file()) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            digest.update(f"{file.name}\0{hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


_LONG_NUMBER = 6  # a shorter article number stands in too many titles by chance


def _with_products_under_marks(rights: Sequence[Right]) -> tuple[Right, ...]:
    """A product is no right of its own: it lends its mark a name and a price. What is found by it falls under the
    mark (its number, classes, fame, days and permissions) and names the product."""
    marks = {right.registration_no: right for right in rights if right.kind is not RightKind.PRODUCT}
    return tuple(_under(right, marks.get(right.mark)) if right.kind is RightKind.PRODUCT else right for right in rights)


def _under(product: Right, mark: Right | None) -> Right:
    if mark is None:
        return product
    return replace(
        product,
        registration_no=mark.registration_no,
        aliases=(*product.aliases, *(no for no in product.article_nos if len(no) >= _LONG_NUMBER)),
        nice_classes=product.nice_classes or mark.nice_classes,
        famous=mark.famous,
        allow=(*product.allow, *mark.allow),
        valid_from=product.valid_from or mark.valid_from,
        valid_until=product.valid_until or mark.valid_until,
        reference_price=product.reference_price or mark.reference_price,
        currency=product.currency or mark.currency,
    )
