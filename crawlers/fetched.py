"""What a spider hands to the pipeline: one page as it was fetched, and how its job ends."""

from __future__ import annotations

from dataclasses import dataclass

from infringewatch.frontier import Ending
from infringewatch.model import PageResult


@dataclass(frozen=True, slots=True)
class Fetched:
    """``page`` is ``None`` where there is nothing to record (a probe, a try that will be repeated).
    ``capture`` is the key of the capture request that the page answers; 0 for all other pages. ``size`` in bytes."""

    ending: Ending
    page: PageResult | None = None
    capture: int = 0
    size: int = 0
