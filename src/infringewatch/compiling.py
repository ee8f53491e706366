"""A watch list to what matching reads: marks and titles to sorted keys, texts to prints. No store, no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.matcher import Compiled, TextScreen
from infringewatch.model import Right, RightKind


def compile_watchlist(
    rights: Sequence[Right],
    *,
    cache_dir: Path | None = None,
    screen_text: TextScreen | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Compiled:
    """The compiled list. ``cache_dir`` keeps what was compiled, by content, for the next process; ``screen_text`` knows
    the works' texts."""
    kept = _with_products_under_marks(rights)
    marks = compile_marks(kept, cache_dir=cache_dir)
    if progress is not None:
        progress(len(kept), len(kept))
    return Compiled(kept, marks, screen_text)


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
