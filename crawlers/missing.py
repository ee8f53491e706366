"""What each host shows for an address that does not exist: asked once a run, remembered for all its processes."""

from __future__ import annotations

import json
from dataclasses import asdict

from scrapy.http import Response

from crawlers.addresses import missing_address
from crawlers.outcomes import MissingPage, page_print
from crawlers.session import Session
from infringewatch.frontier import Job, NewJob
from infringewatch.normalise import canonical_url

PROBE = "probe"
_PRIORITY = 100  # before all else: a page can only be called a soft 404 once this is known
_FACT = "missing_page"


class MissingPages:
    """The probes of one run, by host."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, MissingPage] = {}

    def probe(self, url: str, kind: str) -> NewJob:
        return NewJob(missing_address(url, self._session.run.id), kind=kind, role=PROBE, priority=_PRIORITY)

    def learn(self, job: Job, response: Response) -> None:
        """Keep the answer to a probe. Blocks and faults teach nothing."""
        if response.status in (200, 404, 410):
            page = MissingPage(
                status=response.status,
                url=canonical_url(response.url) if response.url != job.url else "",
                print=page_print(response.body, job.url),
            )
            self._session.frontier.remember(self._session.run.id, job.host, _FACT, json.dumps(asdict(page)))

    def of(self, host: str) -> MissingPage | None:
        """``None`` until the probe was answered."""
        if host not in self._known:
            text = self._session.frontier.recall(self._session.run.id, host, _FACT)
            if text is None:
                return None
            self._known[host] = MissingPage(**json.loads(text))
        return self._known[host]
