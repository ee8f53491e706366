"""The store of prints that the settings choose: SQLite in the installation, or Elasticsearch for many machines."""

from __future__ import annotations

from infringewatch.elastic import Elastic
from infringewatch.errors import InputError
from infringewatch.matching.works.store import FingerprintStore
from infringewatch.prints.elastic import ElasticPrints
from infringewatch.prints.sqlite import SqlitePrints
from infringewatch.settings import Settings

SQLITE, ELASTICSEARCH = "sqlite", "elasticsearch"


def open_prints(settings: Settings) -> FingerprintStore:
    """The installation's store of prints, which one process uses for all it does.

    Raises PrintsMismatch where it was made by other parameters, InputError where no such store can be chosen,
    ServiceUnavailable where its server is away.
    """
    if settings.prints == ELASTICSEARCH:
        if settings.elasticsearch_url is None:
            raise InputError("INFRINGEWATCH_PRINTS=elasticsearch needs ELASTICSEARCH_URL, the address of the server")
        return ElasticPrints(Elastic(settings.elasticsearch_url), settings.elasticsearch_prefix)
    if settings.prints != SQLITE:
        raise InputError(f"INFRINGEWATCH_PRINTS={settings.prints} is neither {SQLITE} nor {ELASTICSEARCH}")
    settings.prints_file.parent.mkdir(parents=True, exist_ok=True)
    return SqlitePrints(settings.prints_file)
