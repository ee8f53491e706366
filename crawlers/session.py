"""What one crawler process works with: the run, the frontier, the scope, and the thread that alone speaks to the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from crawlers.pace import Paces
from crawlers.scope import Scope, SiteScope, is_private
from infringewatch.frontier import Engine, Frontier, NewJob, authority_of
from infringewatch.model import PageResult, RunState
from infringewatch.normalise import host_of
from infringewatch.ruleset import CampaignSpec, SiteProfile
from infringewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.browser import ScopedBrowser

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Target(Protocol):
    """A recheck or a capture that fell due: an address, and the key under which the store knows it."""

    @property
    def id(self) -> int: ...
    @property
    def url(self) -> str: ...


class OpenRun(Protocol):
    """The part of an open run that a crawler looks at."""

    @property
    def id(self) -> int: ...
    @property
    def spec(self) -> CampaignSpec: ...
    @property
    def profiles(self) -> Sequence[SiteProfile]: ...
    @property
    def terms(self) -> Sequence[str]: ...
    @property
    def rechecks(self) -> Sequence[Target]: ...
    @property
    def captures(self) -> Sequence[Target]: ...


class Taken(Protocol):
    """What intake made of a batch."""

    @property
    def hits(self) -> int: ...


class Intake(Protocol):
    """The module that takes pages in (``infringewatch.flows.intake``, named by the setting INTAKE)."""

    def open_run(self, run_id: int, *, settings: Settings) -> Any: ...
    def open_campaign_run(self, name: str, *, settings: Settings) -> Any: ...
    def take_in(self, run: Any, pages: Sequence[PageResult]) -> Taken: ...
    def take_capture(self, run: Any, target: Any, page: PageResult) -> Any: ...
    def close_run(self, run: Any, state: RunState, reason: str) -> None: ...


@dataclass(slots=True)
class Session:
    """One process at work on one run. ``spider`` is the kind of jobs it claims; ``None`` claims every kind.

    ``is_child``: a browser process that works for another crawler process and ends with it.
    """

    run: OpenRun
    intake: Intake
    frontier: Frontier
    owner: str
    scope: Scope
    writer: ThreadPoolExecutor
    spider: str | None = None
    engine: Engine = Engine.PLAIN
    is_child: bool = False
    browser_available: bool = False
    browser: ScopedBrowser | None = None
    paces: Paces = field(default_factory=Paces)
    _by_site: list[tuple[SiteScope, SiteProfile]] = field(default_factory=list)
    _by_origin: dict[str, SiteProfile | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for profile in self.run.profiles:
            for host in (*profile.hosts, *map(authority_of, profile.start)):
                self._by_site.append((SiteScope.read(host), profile))

    def write(self, act: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Do ``act`` in the writing thread and wait for it. Only for the start and the end of the process."""
        return self.writer.submit(act, *args, **kwargs).result()

    def profile_of(self, url: str) -> SiteProfile | None:
        """The profile that speaks for this address; one that names the very port goes before others."""
        origin = url[: max(url.find("/", 8), 0)] or url
        if origin not in self._by_origin:
            self._by_origin[origin] = self._find_profile(url)
        return self._by_origin[origin]

    def _find_profile(self, url: str) -> SiteProfile | None:
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError:
            return None
        held = [(site, profile) for site, profile in self._by_site if site.holds(host_of(url), port)]
        return min(held, key=lambda pair: (pair[0].wildcard, pair[0].port is None))[1] if held else None

    def delay_of(self, url: str) -> float:
        """Seconds between two requests to the host. An unset rate means no pause on one's own machines."""
        profile = self.profile_of(url)
        rate = profile.rate if profile else _DEFAULT_RATE
        if rate == _DEFAULT_RATE and _is_own(host_of(url)):
            return 0.0
        return 1.0 / rate

    def concurrency_of(self, url: str) -> int:
        profile = self.profile_of(url)
        return profile.concurrency if profile else 1

    def add(self, jobs: Sequence[NewJob]) -> int:
        return self.frontier.add(self.run.id, jobs)


_DEFAULT_RATE = float(SiteProfile("", (), ()).rate)


def _is_own(host: str) -> bool:
    return is_private(host) or host == "localhost" or host.endswith(".localhost")


def scope_of(run: OpenRun, *, allow_private: bool) -> Scope:
    """The hosts of all the run's profiles, with those of their start addresses and of what is to be looked at again."""
    hosts = [host for profile in run.profiles for host in profile.hosts]
    hosts += [authority_of(url) for profile in run.profiles for url in (*profile.start, *profile.sitemap)]
    hosts += [authority_of(target.url) for target in (*run.rechecks, *run.captures)]
    return Scope.of(hosts, allow_private=allow_private and run.spec.allow_private)
