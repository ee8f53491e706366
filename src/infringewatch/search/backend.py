"""What a search engine must do for us. The index is a copy: it may be thrown away and rebuilt from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from infringewatch.errors import ServiceUnavailable
from infringewatch.search.records import Facet, FacetCount, IndexStatus, Page, Query, SearchDocument, Tombstone, Written

LAYOUT = 1  # of documents and grams; raise it with every change of either: an older index asks for a rebuild
LONGEST_FACET = 50  # values of one facet that are counted


class SearchBackend(Protocol):
    """One search index behind one name. Every call raises ServiceUnavailable while the engine cannot be used.

    While a rebuild goes on there are two indices behind the name, and ``write`` serves both.
    """

    def write(self, changes: Sequence[SearchDocument | Tombstone]) -> Written:
        """Bring the index to these revisions. Doing it again, or later with older revisions, changes nothing.

        Makes the index where there is none. Raises ServiceUnavailable too where the index has another layout.
        """

    def refresh(self) -> None:
        """Let searches see all that was written before."""

    def search(self, query: Query) -> Page:
        """The hits that ``query`` asks for, riskiest first; an empty page where there is no index yet."""

    def facets(self, query: Query) -> Mapping[Facet, tuple[FacetCount, ...]]:
        """Counts per value, most frequent first, days latest first.

        A facet's own choice does not narrow its own counts, so that a second value can be chosen beside the first.
        """

    def begin_rebuild(self) -> str:
        """Make an empty second index and return its name. A rebuild begun before and never finished is dropped."""

    def fill(self, documents: Sequence[SearchDocument]) -> Written:
        """Write into the second index only."""

    def finish_rebuild(self, name: str) -> None:
        """Serve the second index in place of the first, in one step, and drop the first.

        Raises StaleState when another rebuild took its place; what is served is not touched.
        """

    def status(self) -> IndexStatus | None:
        """What is there, or ``None``."""


def wrong_layout(index: str) -> ServiceUnavailable:
    """The error for an index that another version of the program made."""
    return ServiceUnavailable(
        f"search index {index} has another layout than {LAYOUT}, which this version needs: run `infringewatch index rebuild`"
    )
