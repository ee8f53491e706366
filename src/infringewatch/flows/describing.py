"""A notice and its hits as the plain records that ``notices`` works on: what the store and the vault say of them now."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from infringewatch.evidence.vault import Vault
from infringewatch.evidence.verify import verify_bundle
from infringewatch.flows.handout import find_bundles
from infringewatch.flows.law import get_regime
from infringewatch.model import BY_HAND, NoticeEventKind, NoticeState, Verdict
from infringewatch.notices.channels import OUTBOX
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.permissions import SELLER_FIELDS, covers
from infringewatch.settings import get_settings
from infringewatch.store.models import AllowEntry, Hit, Notice, NoticeEvent

CHANNELS = (BY_HAND, OUTBOX)
_UNDER_WAY = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.UNCERTAIN)
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class BundleReader:
    """Reads sealed bundles whole, to see whether they still are what was sealed.

    ``known`` are bundles that were found good before and need no second look; with ``seconds`` it stops after that
    time and calls the rest unread. ``progress`` is told how many of how many are read.
    """

    vault: Vault
    seconds: float | None = None
    known: set[str] = field(default_factory=set)
    progress: Progress | None = None
    damaged: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def read(self, bundles: Iterable[str]) -> None:
        names = list(dict.fromkeys(bundles))
        until = time.monotonic() + self.seconds if self.seconds is not None else None
        for number, name in enumerate(names, 1):
            if name not in self.known:
                self._read(name, until)
            if self.progress is not None:
                self.progress(number, len(names))

    def _read(self, name: str, until: float | None) -> None:
        if until is not None and time.monotonic() > until:
            self.unread.add(name)
        elif verify_bundle(self.vault, name).ok:
            self.known.add(name)
        else:
            self.damaged.add(name)


def describe_notice(notice: Notice, now: datetime, reader: BundleReader | None, *, approver: str = "") -> NoticeCase:
    """The notice as the gate sees it. Without a ``reader`` no bundle is read, and all count as unread."""
    hits = list(notice.hits.select_related("right").order_by("pk"))
    standing = {hit.pk: hit.canonical_url for hit in notice.case.hits.all()}
    named = {hit.pk: hit.canonical_url for hit in hits}
    return NoticeCase(
        regime=get_regime(notice.regime),
        hits=describe_hits(hits, now, reader, notice=notice),
        fields=dict(notice.fields),
        language=notice.language,
        channel=notice.channel,
        channels=CHANNELS,
        drafter=notice.drafted_by.username,
        approver=approver,
        four_eyes=get_settings().four_eyes,
        strangers=tuple({**standing, **named}[pk] for pk in sorted(standing.keys() ^ named.keys())),
    )


def describe_hits(
    hits: Sequence[Hit], now: datetime, reader: BundleReader | None, *, notice: Notice | None = None
) -> tuple[NoticeHit, ...]:
    bundles = {hit.pk: tuple(find_bundles(hit)) for hit in hits}
    if reader is not None:
        reader.read(name for names in bundles.values() for name in names)
    return tuple(_describe_hit(hit, bundles[hit.pk], now, reader, notice) for hit in hits)


def _describe_hit(
    hit: Hit, bundles: tuple[str, ...], now: datetime, reader: BundleReader | None, notice: Notice | None
) -> NoticeHit:
    return NoticeHit(
        address=hit.canonical_url,
        title=hit.title,
        seller=hit.seller,
        right_name=hit.right.name,
        registration_no=hit.right.registration_no,
        right_kind=hit.right.kind,
        state=hit.state,
        evidence=bundles,
        right_valid_from=_day(hit.right.data.get("valid_from")),
        right_valid_until=_day(hit.right.data.get("valid_until")),
        right_withdrawn=hit.right.withdrawn_at is not None,
        decided_by=_who_decided(hit),
        damaged=tuple(name for name in bundles if reader is not None and name in reader.damaged),
        unread=tuple(name for name in bundles if reader is None or name in reader.unread),
        permission=find_allowance(hit, now),
        noticed_at=_last_noticed(hit, notice, now),
        counter_at=_countered(hit),
    )


def find_allowance(hit: Hit, now: datetime) -> str:
    """The allow-list row in force today that names the hit's seller or place; "" where nobody allowed it."""
    day = now.date()
    names = [hit.seller, *(str(hit.item.get(name, "")) for name in SELLER_FIELDS)]
    for entry in AllowEntry.objects.filter(right_id=hit.right_id, ended_at=None):
        begun = entry.valid_from is None or entry.valid_from <= day
        ended = entry.valid_until is not None and entry.valid_until < day
        if begun and not ended and covers(entry.column, entry.value, names, hit.canonical_url):
            return entry.row_id
    return ""


def _who_decided(hit: Hit) -> str:
    decision = hit.decisions.filter(ended_at=None, verdict=Verdict.INFRINGING).select_related("user").first()
    return decision.user.username if decision else ""


def _last_noticed(hit: Hit, notice: Notice | None, now: datetime) -> datetime | None:
    others = hit.notices.exclude(pk=notice.pk if notice else None)
    if others.filter(state__in=_UNDER_WAY).exists():
        return now
    return others.filter(state=NoticeState.SENT).order_by("-sent_at").values_list("sent_at", flat=True).first()


def _countered(hit: Hit) -> datetime | None:
    counters = NoticeEvent.objects.filter(notice__hits=hit, kind=NoticeEventKind.COUNTER_RECEIVED)
    return counters.order_by("-happened_at").values_list("happened_at", flat=True).first()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
