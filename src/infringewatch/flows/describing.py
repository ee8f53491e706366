"""A notice and its hits as the plain records that ``notices`` works on: what the store and the vault say of them now."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from infringewatch.evidence.vault import Vault
from infringewatch.evidence.verify import verify_bundle
from infringewatch.flows.law import get_regime
from infringewatch.model import BY_HAND, NoticeEventKind, NoticeState, Verdict
from infringewatch.notices.channels import OUTBOX
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.permissions import SELLER_FIELDS, covers
from infringewatch.settings import get_settings
from infringewatch.store.models import AllowEntry, CaptureRequest, Decision, Hit, Notice, NoticeEvent, Sighting

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
    """The hits with all that the gate asks of them; a few queries for all, however many they are."""
    bundles = _find_bundles(hits)
    if reader is not None:
        reader.read(name for names in bundles.values() for name in names)
    deciders, permissions = _find_deciders(hits), find_allowances(hits, now)
    noticed, countered = _find_other_notices(hits, notice, now)
    return tuple(
        replace(
            _describe_right(hit),
            evidence=(names := bundles[hit.pk]),
            damaged=tuple(name for name in names if reader is not None and name in reader.damaged),
            unread=tuple(name for name in names if reader is None or name in reader.unread),
            decided_by=deciders.get(hit.pk, ""),
            permission=permissions.get(hit.pk, ""),
            noticed_at=noticed.get(hit.pk),
            counter_at=countered.get(hit.pk),
        )
        for hit in hits
    )


def find_allowances(hits: Iterable[Hit], now: datetime) -> dict[int, str]:
    """By hit, the allow-list row in force today that names its seller or place; hits that nobody allowed are left out."""
    entries = defaultdict(list)
    rights = {hit.right_id for hit in hits}
    for entry in AllowEntry.objects.filter(right__in=rights, ended_at=None).order_by("pk"):
        if _is_in_force(entry, now.date()):
            entries[entry.right_id].append(entry)
    found = {}
    for hit in hits:
        names = [hit.seller, *(str(hit.item.get(name, "")) for name in SELLER_FIELDS)]
        rows = (one for one in entries[hit.right_id] if covers(one.column, one.value, names, hit.canonical_url))
        if (row := next(rows, None)) is not None:
            found[hit.pk] = row.row_id
    return found


def _describe_right(hit: Hit) -> NoticeHit:
    return NoticeHit(
        address=hit.canonical_url,
        title=hit.title,
        seller=hit.seller,
        right_name=hit.right.name,
        registration_no=hit.right.registration_no,
        right_kind=hit.right.kind,
        state=hit.state,
        evidence=(),
        right_valid_from=_day(hit.right.data.get("valid_from")),
        right_valid_until=_day(hit.right.data.get("valid_until")),
        right_withdrawn=hit.right.withdrawn_at is not None,
    )


def _find_bundles(hits: Sequence[Hit]) -> dict[int, tuple[str, ...]]:
    """By hit, the ids of everything sealed for it, pages and later screenshots, the oldest first."""
    fields = ("hit_id", "bundle__sealed_at", "bundle_id")
    rows = set(Sighting.objects.filter(hit__in=hits).values_list(*fields))
    rows |= set(CaptureRequest.objects.filter(hit__in=hits, bundle__isnull=False).values_list(*fields))
    found: dict[int, list[str]] = {hit.pk: [] for hit in hits}
    for hit, _sealed_at, bundle in sorted(rows):
        found[hit].append(bundle)
    return {hit: tuple(names) for hit, names in found.items()}


def _find_deciders(hits: Sequence[Hit]) -> dict[int, str]:
    standing = Decision.objects.filter(hit__in=hits, ended_at=None, verdict=Verdict.INFRINGING)
    return dict(standing.values_list("hit_id", "user__username"))


def _find_other_notices(
    hits: Sequence[Hit], notice: Notice | None, now: datetime
) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """By hit, when another notice named it last (one under way: now), and when a counter-notice answered one."""
    naming = Notice.hits.through.objects.filter(hit__in=hits)
    rows = list(naming.values_list("hit_id", "notice_id", "notice__state", "notice__sent_at"))
    counters = NoticeEvent.objects.filter(
        notice__in={notice_id for _, notice_id, _, _ in rows}, kind=NoticeEventKind.COUNTER_RECEIVED
    )
    answered = dict(counters.order_by("happened_at").values_list("notice_id", "happened_at"))
    noticed: dict[int, datetime] = {}
    countered: dict[int, datetime] = {}
    for hit, notice_id, state, sent_at in rows:
        at = now if state in _UNDER_WAY else sent_at if state == NoticeState.SENT else None
        if at is not None and (notice is None or notice_id != notice.pk):
            noticed[hit] = max(at, noticed.get(hit, at))
        if notice_id in answered:
            countered[hit] = answered[notice_id]
    return noticed, countered


def _is_in_force(entry: AllowEntry, day: date) -> bool:
    begun = entry.valid_from is None or entry.valid_from <= day
    return begun and not (entry.valid_until is not None and entry.valid_until < day)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
