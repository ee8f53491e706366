"""Scores a finished demo run against the truth file. The only reader of the truth besides the tests."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infringewatch.demo.content import read_content
from infringewatch.demo.sites import site_addresses


@dataclass(frozen=True, slots=True)
class Seen:
    """One hit of the run, as scoring needs it."""

    url: str
    right: str
    queue: str
    level: str
    score: float
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class DemoScore:
    """``found``, ``missed``, ``false_alarms``: (address, right). Authorised pages that were queued are false alarms."""

    found: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]
    false_alarms: tuple[tuple[str, str], ...]
    authorised: int
    authorised_expected: int

    @property
    def precision(self) -> float:
        raised = len(self.found) + len(self.false_alarms)
        return len(self.found) / raised if raised else 1.0

    @property
    def recall(self) -> float:
        planted = len(self.found) + len(self.missed)
        return len(self.found) / planted if planted else 1.0


def load_truth() -> dict[tuple[str, str], str]:
    """(address, right) -> ``hit`` or ``authorised``; whatever is not named is innocent."""
    truth: dict[tuple[str, str], str] = {}
    content, addresses = read_content("truth"), site_addresses()
    book: Mapping[str, Any] = content.pop("licensed_book")
    truth[f"http://{addresses[book['site']]}{book['path']}", book["right"]] = "authorised"
    for name, part in content.items():
        address = addresses[part.get("site", name)]
        for verdict in ("hit", "authorised"):
            for right, pages in part.get(verdict, {}).items():
                for number in pages:
                    truth[f"http://{address}{part['path'].format(id=number)}", right] = verdict
    return truth


def score(hits: Iterable[Seen], truth: Mapping[tuple[str, str], str]) -> DemoScore:
    """Compare what the queue holds with the truth."""
    hits = list(hits)
    queued = {(hit.url, hit.right) for hit in hits if hit.queue != "authorised"}
    allowed = {(hit.url, hit.right) for hit in hits if hit.queue == "authorised"}
    planted = {key for key, verdict in truth.items() if verdict == "hit"}
    permitted = {key for key, verdict in truth.items() if verdict == "authorised"}
    return DemoScore(
        found=tuple(sorted(queued & planted)),
        missed=tuple(sorted(planted - queued)),
        false_alarms=tuple(sorted(queued - planted)),
        authorised=len(allowed & permitted),
        authorised_expected=len(permitted),
    )


def render_table(hits: Sequence[Seen], width: int = 118) -> str:
    """The hits as columns, aligned also where characters are two columns wide."""
    lines = [_row("level", "score", "queue", "title", "why", width)]
    lines += [_row(hit.level, f"{hit.score:.2f}", hit.queue, hit.title, hit.reason, width) for hit in hits]
    return "\n".join(lines)


def _row(level: str, number: str, queue: str, title: str, reason: str, width: int) -> str:
    left = f"{_fit(level, 7)}{_fit(number, 6)}{_fit(queue, 16)}{_fit(title, 40)} "
    return left + _fit(reason, max(20, width - 70)).rstrip()


def _fit(text: str, columns: int) -> str:
    kept, used = "", 0
    for character in text:
        if unicodedata.category(character) in ("Cf", "Cc"):
            continue
        size = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used + size > columns - 1:
            return f"{kept}…{' ' * (columns - used - 1)}"
        kept, used = kept + character, used + size
    return kept + " " * (columns - used)
