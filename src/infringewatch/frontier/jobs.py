"""The records of the frontier: what is to be fetched, how a fetch ended, how far a run is.

Nothing here talks to a database; ``Frontier`` is the protocol that the stores of this room fulfil.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit

from infringewatch.normalise import canonical_url

MAX_ATTEMPTS = 8
"""So many claims of one job may end with the death of its process before the job is set aside as poison.
Jobs that were in flight beside the guilty one share its kills, hence not two or three."""


class JobState(StrEnum):
    """QUEUED and LEASED are open; the others are final."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    REFUSED = "refused"
    POISON = "poison"


class Engine(StrEnum):
    """Who can fetch a job: the plain downloader, or the browser process."""

    PLAIN = "plain"
    BROWSER = "browser"


OPEN_STATES = (JobState.QUEUED, JobState.LEASED)


def authority_of(url: str) -> str:
    """``host`` or ``host:port`` (punycode, lower case, no default port) of an address."""
    return urlsplit(canonical_url(url)).netloc


@dataclass(frozen=True, slots=True)
class NewJob:
    """An address to fetch. ``key`` (default: the canonical address) makes it unique within its run.

    ``kind`` is the kind of site (a spider's name), ``role`` that of the link that led here, ``meta`` plain JSON.
    """

    url: str
    kind: str = ""
    role: str = ""
    priority: int = 0
    depth: int = 0
    engine: Engine = Engine.PLAIN
    meta: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""

    @property
    def host(self) -> str:
        """Host and port: what politeness is owed to, and what robots.txt speaks for."""
        return authority_of(self.url)


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed address. ``attempts`` counts the claims that were never ended (the process died),
    ``failures`` the fetches that failed for a passing reason, ``deferrals`` the answers "come back later"."""

    id: int
    run: int
    url: str
    kind: str
    role: str
    priority: int
    depth: int
    host: str
    engine: Engine
    attempts: int
    failures: int
    deferrals: int
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ending:
    """How one claimed job ends: finally (``state`` DONE or REFUSED), or for now (QUEUED, with ``wait_s`` or ``engine``).

    ``refusals`` counts the links that were not followed, by reason; ``tallies`` whatever else the report shall say,
    by topic and name. ``aliases`` are further keys of the same page.
    """

    job: Job
    state: JobState
    outcome: str = ""
    reason: str = ""
    children: tuple[NewJob, ...] = ()
    refusals: Mapping[str, int] = field(default_factory=dict)
    tallies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    wait_s: float = 0.0
    engine: Engine | None = None
    failed: bool = False
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What one process has done for a run so far; ``rate`` is pages per second of late, ``seconds`` time at work."""

    pages: int = 0
    items: int = 0
    hits: int = 0
    errors: int = 0
    size: int = 0
    seconds: float = 0.0
    rate: float = 0.0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.pages + other.pages,
            self.items + other.items,
            self.hits + other.hits,
            self.errors + other.errors,
            self.size + other.size,
            max(self.seconds, other.seconds),
            self.rate + other.rate,
        )


@dataclass(frozen=True, slots=True)
class ReportLine:
    """So many pages of a run ended this way. Where ``state`` is empty it is a tally: ``outcome`` its topic."""

    state: str
    outcome: str
    reason: str
    count: int
    example: str = ""


@dataclass(frozen=True, slots=True)
class HostState:
    """One host of a run: jobs still open, ended, ended in error, and the seconds for which it wants no visit."""

    host: str
    open: int
    done: int
    errors: int
    pause_s: float


class Frontier(Protocol):
    """Leased crawl requests. Each method is one transaction and may be called from any thread."""

    def add(self, run: int, jobs: Sequence[NewJob]) -> int:
        """Queue what the run does not know yet; the number of new rows."""

    def claim(
        self,
        run: int,
        owner: str,
        limit: int,
        lease_seconds: float,
        spider: str | None = None,
        engine: Engine = Engine.PLAIN,
        *,
        per_host: int = 4,
    ) -> list[Job]:
        """Lease up to ``limit`` jobs of hosts that no other process is asking and that want no pause."""

    def finish_many(self, owner: str, endings: Sequence[Ending]) -> int:
        """End jobs and queue their children, all at once; the number of those whose lease was still ours."""

    def heartbeat(self, owner: str, lease_seconds: float) -> int: ...

    def release_dead(self) -> int: ...

    def release(self, owner: str) -> int:
        """Give everything back unharmed; the number of jobs."""

    def pause_host(self, host: str, seconds: float, engine: Engine = Engine.PLAIN) -> None:
        """Let nobody ask this host for so long."""

    def forget(self, run: int) -> None: ...

    def counts(self, run: int) -> dict[str, int]: ...

    def hosts(self, run: int) -> list[HostState]: ...

    def is_open(self, run: int, spider: str | None = None, engine: Engine | None = None) -> bool:
        """Whether anything is still queued or leased (by whomever)."""

    def remember(self, run: int, host: str, name: str, value: str) -> None:
        """Keep a fact about a host for this run, for every process and after a restart."""

    def recall(self, run: int, host: str, name: str) -> str | None: ...

    def note_progress(self, run: int, owner: str, progress: Progress) -> None: ...

    def progress(self, run: int, *, without: str = "") -> Progress:
        """All processes of the run together, but for the owner ``without``."""

    def report(self, run: int) -> list[ReportLine]: ...

    def close(self) -> None: ...
