"""How much a run may take: pages, seconds, bytes. Pure."""

from __future__ import annotations

from infringewatch.frontier import Progress
from infringewatch.ruleset import Budgets


def spent_budget(budgets: Budgets, own: Progress, others: Progress) -> str:
    """Which budget is used up, by this process and all others of the run; empty while none is.

    The seconds are those of this process: a run that is resumed has its time again.
    """
    if budgets.pages and own.pages + others.pages >= budgets.pages:
        return f"budget: {budgets.pages} pages"
    if budgets.seconds and own.seconds >= budgets.seconds:
        return f"budget: {budgets.seconds} seconds"
    if budgets.bytes and own.size + others.size >= budgets.bytes:
        return f"budget: {budgets.bytes} bytes"
    return ""


def page_room(budgets: Budgets, own: Progress, others: Progress, in_flight: int) -> bool:
    """Whether another page may be asked for without passing the budget, should all those in flight count."""
    return not budgets.pages or own.pages + others.pages + in_flight < budgets.pages
