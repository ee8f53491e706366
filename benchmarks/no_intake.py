"""flows.intake without the intake: a run is opened and closed as ever, its pages are dropped."""

from __future__ import annotations

from collections.abc import Sequence

from infringewatch.flows.intake import OpenRun, Taken, close_run, open_campaign_run, open_run
from infringewatch.model import PageResult

__all__ = ["close_run", "open_campaign_run", "open_run", "take_capture", "take_in"]


def take_in(run: OpenRun, pages: Sequence[PageResult]) -> Taken:
    return Taken(sum(len(page.items) for page in pages), 0, 0)


def take_capture(run: OpenRun, target: object, page: PageResult) -> bool:
    return True
