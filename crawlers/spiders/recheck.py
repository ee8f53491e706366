"""Rechecks: the pages of hits are asked for again, and how each answers goes to intake. No link is followed."""

from __future__ import annotations

from collections.abc import Iterable

from crawlers.spiders.base import FrontierSpider
from infringewatch.frontier import NewJob, authority_of


class RecheckSpider(FrontierSpider):
    """Asks for the addresses of a run's due rechecks. Whether a page counts as gone is for intake to say."""

    name = "recheck"
    kind = "recheck"

    def seeds(self) -> Iterable[NewJob]:
        probed: set[str] = set()
        for target in self.session.run.rechecks:
            if (host := authority_of(target.url)) not in probed:
                probed.add(host)
                yield self.missing.probe(target.url, self.name)
            # By the very address, so that every target gets its answer even where two name the same page.
            meta = {"recheck": target.id}
            yield NewJob(target.url, kind=self.name, role="recheck", meta=meta, key=f"recheck:{target.url}")
