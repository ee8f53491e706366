"""Full-text search over hits: a derived copy of the store, embedded in a file or in Elasticsearch."""

from __future__ import annotations

from infringewatch.elastic import Elastic
from infringewatch.search.backend import SearchBackend
from infringewatch.search.elasticsearch import ElasticsearchBackend
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.settings import Settings


def get_backend(settings: Settings) -> SearchBackend:
    """The engine that the settings choose: Elasticsearch where its address is given, else a file below ``home``."""
    if settings.elasticsearch_url:
        return ElasticsearchBackend(Elastic(settings.elasticsearch_url), f"{settings.elasticsearch_prefix}-hits")
    return EmbeddedBackend(settings.search_file)
