"""What each host shows for an address that does not exist: asked once a run, remembered for all its processes.

A host that answers 200 there is asked a second time, for what changes on that page from one showing to the next.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from scrapy.http import Response

from crawlers.addresses import missing_address
from crawlers.outcomes import MissingPage, page_print, page_texts
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

    def learn(self, job: Job, response: Response) -> tuple[NewJob, ...]:
        """Keep the answer to a probe; gives the second probe of a host that hides its missing pages behind a 200.
        Blocks and faults teach nothing."""
        if response.status not in (200, 404, 410):
            return ()
        page = _page_of(job, response)
        first = self.of(job.host)
        if job.meta.get("again") and first is not None:
            page = first.compared(page)
        self._keep(job.host, page)
        if not page.is_soft or job.meta.get("again"):
            return ()
        return (NewJob(f"{job.url}-either", kind=job.kind, role=PROBE, priority=_PRIORITY, meta={"again": True}),)

    def of(self, host: str) -> MissingPage | None:
        """``None`` until the probe was answered."""
        known = self._known.get(host)
        if known is None or (known.is_soft and known.change is None):
            text = self._session.frontier.recall(self._session.run.id, host, _FACT)
            if text is None:
                return None
            facts = json.loads(text)
            known = self._known[host] = MissingPage(**{**facts, "constant": frozenset(facts["constant"])})
        return known

    def _keep(self, host: str, page: MissingPage) -> None:
        facts = {**asdict(page), "constant": sorted(page.constant)}
        self._session.frontier.remember(self._session.run.id, host, _FACT, json.dumps(facts))
        self._known[host] = page


def _page_of(job: Job, response: Response) -> MissingPage:
    is_soft = response.status == 200
    return MissingPage(
        status=response.status,
        url=canonical_url(response.url) if response.url != job.url else "",
        print=page_print(response.body, job.url),
        constant=page_texts(response.body, job.url) if is_soft else frozenset(),
    )
