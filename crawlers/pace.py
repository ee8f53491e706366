"""How fast a host is asked: slower after each "come back later", by and by as before once it answers well again."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrapy.core.downloader import Downloader

_FIRST_DELAY = 0.2  # after the first "come back later" of a host that had no pause between requests
_SLOWEST = 10.0
_WELL_ANSWERED = 20
_FASTER = 0.6


@dataclass(slots=True)
class Pace:
    """The pace of one host. ``base`` is what profile and robots.txt say; it is never passed."""

    base: float
    concurrency: int
    delay: float = field(init=False)
    _well: int = 0

    def __post_init__(self) -> None:
        self.delay = self.base

    @property
    def is_slowed(self) -> bool:
        return self.delay > self.base

    def slow_down(self) -> None:
        self.delay = min(max(2 * self.delay, _FIRST_DELAY), max(_SLOWEST, self.base))
        self._well = 0

    def note_answer(self) -> bool:
        """A page came. Whether the pace changed by it."""
        if not self.is_slowed:
            return False
        self._well += 1
        if self._well < _WELL_ANSWERED:
            return False
        self._well = 0
        slower = self.delay * _FASTER
        self.delay = slower if slower > max(self.base, _FIRST_DELAY / 4) else self.base
        return True


class Paces:
    """The paces of all hosts of this process, and their way into Scrapy's downloader."""

    def __init__(self) -> None:
        self._paces: dict[str, Pace] = {}

    def know(self, host: str) -> bool:
        return host in self._paces

    def set(self, downloader: Downloader, host: str, base: float, concurrency: int) -> None:
        self._paces[host] = Pace(base, concurrency)
        self._apply(downloader, host)

    def keep_delay(self, downloader: Downloader, host: str, delay: float) -> None:
        """A robots.txt wants at least ``delay`` seconds between two requests: one at a time, then."""
        known = self._paces.get(host)
        if known is None or known.base < delay:
            self._paces[host] = Pace(delay, 1)
            self._apply(downloader, host)

    def slow_down(self, downloader: Downloader, host: str) -> None:
        self._paces.setdefault(host, Pace(0.0, 1)).slow_down()
        self._apply(downloader, host)

    def note_answer(self, downloader: Downloader, host: str) -> None:
        pace = self._paces.get(host)
        if pace is not None and pace.note_answer():
            self._apply(downloader, host)

    def concurrency(self, host: str) -> int:
        pace = self._paces.get(host)
        return 1 if pace is None or pace.is_slowed else pace.concurrency

    def _apply(self, downloader: Downloader, host: str) -> None:
        pace, concurrency = self._paces[host], self.concurrency(host)
        downloader.per_slot_settings[host] = {"delay": pace.delay, "concurrency": concurrency, "jitter": 0}
        if (slot := downloader.slots.get(host)) is not None:
            slot.delay, slot.concurrency = pace.delay, concurrency
