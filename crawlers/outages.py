"""Hosts that answered before and now do not: their pages wait instead of ending as errors one by one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from crawlers.session import Session

GIVE_UP_AFTER = 8
_PAUSE_FROM = 3
_LONGEST_PAUSE = 60  # first waits: two minutes where the first is two seconds
_FACT = "answered"


class Outages:
    """Counts failures in a row by host, over all its pages. Requests that were on their way together and fail
    together count once: a moment's outage gives no host up."""

    def __init__(self, session: Session, first_wait: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._first_wait = first_wait
        self._clock = clock
        self._paused_until: dict[str, float] = {}
        self._in_a_row: Counter[str] = Counter()
        self._answered: set[str] = set()

    def note_answer(self, host: str) -> None:
        self._in_a_row.pop(host, None)
        self._paused_until.pop(host, None)
        if host not in self._answered:
            self._answered.add(host)
            self._session.frontier.remember(self._session.run.id, host, _FACT, "yes")

    def note_failure(self, host: str) -> float:
        """Seconds for which the whole host is to be left alone; 0 while it may be the page's own fault, or where the
        host never answered at all."""
        if (left := self._paused_until.get(host, 0.0) - self._clock()) > 0:
            return left
        self._in_a_row[host] += 1
        count = self._in_a_row[host]
        if count < _PAUSE_FROM or not self._has_answered(host):
            return 0.0
        pause = self._first_wait * min(4.0 ** (count - _PAUSE_FROM), _LONGEST_PAUSE)
        self._paused_until[host] = self._clock() + pause
        return pause

    def is_over(self, host: str) -> bool:
        """Whether the host is given up for this run of the process."""
        return self._in_a_row[host] >= GIVE_UP_AFTER

    def _has_answered(self, host: str) -> bool:
        if host not in self._answered and self._session.frontier.recall(self._session.run.id, host, _FACT):
            self._answered.add(host)
        return host in self._answered
