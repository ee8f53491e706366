"""The environment, read once into one typed object. No other module looks at ``os.environ``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGED_RULES = Path(__file__).parent / "_rules"
_CHECKOUT_RULES = Path(__file__).parents[2] / "rules"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where an installation keeps its data and which engines it talks to.

    ``database_url``: ``None`` for SQLite below ``home``, else ``postgresql://…``.
    ``elasticsearch_url``: ``None`` for the embedded full-text search.
    ``elasticsearch_prefix``: how all names of this installation's indices begin, where several share a cluster.
    ``prints``: where prints of registered works are kept: ``sqlite`` (below ``home``) or ``elasticsearch``.
    ``rules_dir``: measures, sites, campaigns, lexicons, regimes.
    ``contact``: an address or page that the user agent names, so that a site's operator can reach whoever crawls.
    ``allow_private``: whether campaigns of this installation may ask for loopback and intranet addresses.
    ``four_eyes``: whether a notice is let through only by another person than the one who drafted it.
    ``chromium``: path of the browser, or ``None`` where there is none.
    """

    home: Path
    database_url: str | None
    elasticsearch_url: str | None
    rules_dir: Path
    contact: str
    allow_private: bool
    chromium: str | None
    secret_key: str | None
    debug: bool
    allowed_hosts: tuple[str, ...]
    elasticsearch_prefix: str = "infringewatch"
    prints: str = "sqlite"
    four_eyes: bool = False

    @property
    def database_file(self) -> Path:
        """The store when it is SQLite: review data only, so that a crawl's writes never hold up a reviewer."""
        return self.home / "store.sqlite3"

    @property
    def frontier_file(self) -> Path:
        return self.home / "frontier.sqlite3"

    @property
    def search_file(self) -> Path:
        return self.home / "search.sqlite3"

    @property
    def prints_file(self) -> Path:
        return self.home / "prints.sqlite3"

    @property
    def vault_dir(self) -> Path:
        return self.home / "vault"

    @property
    def library_dir(self) -> Path:
        """Copies of the texts, pictures and films that watch lists brought, by content hash."""
        return self.home / "library"

    @property
    def outbox_dir(self) -> Path:
        """Letters that the file channel has written, one folder for each notice."""
        return self.home / "outbox"

    @property
    def cache_dir(self) -> Path:
        return self.home / "cache"


def read_settings(environ: dict[str, str] | None = None) -> Settings:
    """The settings that ``environ`` (default: the process's own) describes; reads nothing else but file existence."""
    env = dict(os.environ) if environ is None else environ
    default_home = Path(env.get("XDG_DATA_HOME") or Path(env.get("HOME", ".")) / ".local" / "share") / "infringewatch"
    rules = env.get("INFRINGEWATCH_RULES")
    return Settings(
        home=Path(env.get("INFRINGEWATCH_HOME") or default_home).absolute(),
        database_url=env.get("DATABASE_URL") or None,
        elasticsearch_url=env.get("ELASTICSEARCH_URL") or None,
        rules_dir=Path(rules) if rules else (_PACKAGED_RULES if _PACKAGED_RULES.is_dir() else _CHECKOUT_RULES),
        contact=env.get("INFRINGEWATCH_CONTACT", ""),
        allow_private=env.get("INFRINGEWATCH_ALLOW_PRIVATE", "").lower() in ("1", "yes", "true"),
        chromium=_find_chromium(env),
        secret_key=env.get("INFRINGEWATCH_SECRET_KEY") or None,
        debug=env.get("INFRINGEWATCH_DEBUG", "").lower() in ("1", "yes", "true"),
        allowed_hosts=tuple(filter(None, env.get("INFRINGEWATCH_ALLOWED_HOSTS", "").split(","))),
        elasticsearch_prefix=env.get("ELASTICSEARCH_PREFIX") or "infringewatch",
        prints=env.get("INFRINGEWATCH_PRINTS") or "sqlite",
        four_eyes=env.get("INFRINGEWATCH_FOUR_EYES", "").lower() in ("1", "yes", "true"),
    )


@cache
def get_settings() -> Settings:
    """The settings of this process. ``get_settings.cache_clear()`` reads the environment anew."""
    return read_settings()


def _find_chromium(env: dict[str, str]) -> str | None:
    named = env.get("INFRINGEWATCH_CHROMIUM")
    if named is not None:  # an empty value says: behave as if there were none
        return named if named and Path(named).exists() else None
    for directory in env.get("PATH", "").split(os.pathsep):
        for name in ("chromium", "chromium-browser", "google-chrome"):
            candidate = Path(directory) / name
            if directory and candidate.is_file() and os.access(candidate, os.X_OK):
                return str(candidate)
    return None
