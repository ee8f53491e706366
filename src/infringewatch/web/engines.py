"""The vault and the search engine of this installation, as the pages use them."""

from __future__ import annotations

from functools import cache

from infringewatch.evidence.vault import Vault
from infringewatch.search import get_backend
from infringewatch.search.backend import SearchBackend
from infringewatch.settings import Settings, get_settings


def open_vault() -> Vault:
    return Vault(get_settings().vault_dir)


def open_search() -> SearchBackend:
    return _search(get_settings())


@cache
def _search(settings: Settings) -> SearchBackend:
    return get_backend(settings)
