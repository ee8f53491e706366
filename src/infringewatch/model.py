"""The records that travel between rooms, and the states with who may follow whom.

All are frozen: a stage makes a changed copy (``dataclasses.replace``) and never changes what it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from infringewatch.errors import SkipItem

JSON = Any  # a value that json.dumps takes


class ItemKind(StrEnum):
    LISTING = "listing"
    CHAPTER = "chapter"
    BOOK = "book"
    VIDEO = "video"
    SHOP = "shop"


class RightKind(StrEnum):
    TRADEMARK = "trademark"
    PRODUCT = "product"
    COPYRIGHT = "copyright"
    GEOGRAPHICAL_INDICATION = "geographical_indication"
    PLANT_VARIETY = "plant_variety"


class WorkType(StrEnum):
    LITERATURE = "literature"
    AUDIOVISUAL = "audiovisual"
    MUSIC = "music"
    SOFTWARE = "software"
    ART = "art"


class Outcome(StrEnum):
    """How one fetch ended. Only GONE and a probed SOFT_404 count towards "the page is gone"."""

    OK = "ok"
    GONE = "gone"
    SOFT_404 = "soft_404"
    BLOCKED = "blocked"
    CAPTCHA = "captcha"
    LOGIN_WALL = "login_wall"
    NEEDS_BROWSER = "needs_browser"
    REFUSED = "refused"
    ERROR = "error"


class Level(StrEnum):
    IGNORE = "ignore"
    REVIEW = "review"
    STRONG = "strong"


class Queue(StrEnum):
    """What is alleged (design: formats, findings)."""

    IMITATION = "imitation"
    COUNTERFEIT = "counterfeit"
    UNLICENSED_USE = "unlicensed_use"
    COPIED_IMAGE = "copied_image"
    PIRACY = "piracy"
    UNLICENSED_WORK = "unlicensed_work"
    AUTHORISED = "authorised"


MEASURES = ("27", "28", "36")


# --- what a right holder hands in ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AllowRow:
    """One permission: a seller that may use the mark, or a host (and part of it) that may carry the work.

    ``id`` is ``registration_no/column/value``. ``column`` is ``authorised_sellers`` or ``licensed_hosts``.
    ``value`` is the seller's name, or the host as written without its dates: ``host``, ``host:port``,
    ``*.host``, each with an optional ``/path/prefix/`` that is compared by whole segments.
    """

    id: str
    column: str
    value: str
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


@dataclass(frozen=True, slots=True)
class Right:
    """One row of a watch list. Paths are resolved and known to lie inside the list's folder.

    ``row`` is the row as a spreadsheet shows it (the header is 1), for messages only.
    """

    kind: RightKind
    name: str
    registration_no: str
    holder: str = ""
    nice_classes: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    author: str = ""
    work_type: WorkType | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    famous: bool = False
    reference_price: Decimal | None = None
    currency: str = ""
    text_path: Path | None = None
    image_paths: tuple[Path, ...] = ()
    logo_paths: tuple[Path, ...] = ()
    video_path: Path | None = None
    allow: tuple[AllowRow, ...] = ()
    mark: str = ""
    article_nos: tuple[str, ...] = ()
    notes: str = ""
    row: int = field(default=0, compare=False)

    @property
    def is_work(self) -> bool:
        return self.kind is RightKind.COPYRIGHT

    def is_valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


# --- what a crawl brings ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One thing seen online, in the design's items format. Empty string and ``None`` both mean "not known"."""

    id: str
    kind: ItemKind
    url: str = ""
    parent_url: str = ""
    position: int | None = None
    title: str = ""
    description: str = ""
    seller: str = ""
    shop: str = ""
    channel: str = ""
    publisher: str = ""
    price: Decimal | None = None
    currency: str = ""
    brand: str = ""
    sku: str = ""
    gtin: str = ""
    availability: str = ""
    category: str = ""
    nice_class: int | None = None
    author: str = ""
    text: str = ""
    image_urls: tuple[str, ...] = ()
    image_paths: tuple[str, ...] = ()
    video_path: str = ""
    duration_s: float | None = None
    published_at: str = ""
    seen_at: str = ""
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def from_record(cls, record: Mapping[str, JSON]) -> Item:
        """One line of the items format.

        Raises SkipItem, with the field and the reason, where the line cannot be an item.
        Unknown keys are ignored: other programs may keep their own notes on a line.
        """
        if not isinstance(record, Mapping):
            raise SkipItem("an item must be a JSON object")
        values: dict[str, Any] = {}
        for spec in fields(cls):
            raw = record.get(spec.name)
            if raw is None:
                continue
            try:
                values[spec.name] = _READ_FIELD.get(spec.name, _read_text)(raw)
            except (ValueError, TypeError, InvalidOperation) as error:
                raise SkipItem(f"{spec.name}: {error}") from error
        if not values.get("id"):
            raise SkipItem("id: an item needs one")
        if "kind" not in values:
            raise SkipItem(f"kind: one of {', '.join(ItemKind)} is needed")
        return cls(**values)

    def to_record(self) -> dict[str, JSON]:
        """The line of the items format: known fields only, plain JSON values, prices as numbers."""
        record: dict[str, JSON] = {}
        for spec in fields(self):
            value = getattr(self, spec.name)
            if value in ("", None, ()) or (spec.name == "sources" and not value):
                continue
            record[spec.name] = _plain(value)
        return record


def _read_text(raw: object) -> str:
    if isinstance(raw, (dict, list, bool)):
        raise TypeError("text is needed")
    return str(raw)


def _read_texts(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise TypeError("a list of texts is needed")
    return tuple(_read_text(part) for part in raw)


def _read_price(raw: object) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise TypeError("a number is needed")
    if raw == "":
        return None
    price = Decimal(str(raw))
    if not price.is_finite():
        raise ValueError("a finite number is needed")
    return price


def _read_number(raw: Any) -> float | None:
    return None if raw == "" else float(raw)


def _read_integer(raw: Any) -> int | None:
    return None if raw == "" else int(raw)


_READ_FIELD: dict[str, Any] = {
    "kind": ItemKind,
    "position": _read_integer,
    "price": _read_price,
    "nice_class": _read_integer,
    "image_urls": _read_texts,
    "image_paths": _read_texts,
    "duration_s": _read_number,
    "sources": dict,
}


def _plain(value: Any) -> JSON:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


@dataclass(frozen=True, slots=True)
class Capture:
    """One raw exchange as it was fetched. A redirect is an exchange of its own.

    ``body`` is what came over the wire before content decoding; header lists keep order and repetition.
    ``lost`` says in words what the downloader could not hand over (for example "header case and order").
    ``tls`` is protocol and cipher, or "not verified: …" where an exception was made, or empty without TLS.
    """

    url: str
    requested_at: datetime
    answered_at: datetime
    method: str = "GET"
    request_headers: tuple[tuple[bytes, bytes], ...] = ()
    status: int = 0
    http_version: str = "HTTP/1.1"
    response_headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    ip: str = ""
    tls: str = ""
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CapturedFile:
    """A file that belongs to a capture besides its traffic: a screenshot, the rendered page."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PageResult:
    """What one fetch gave. ``captures`` holds the redirects in order and the answer last; may be empty.

    ``url`` is the address that was asked for, ``canonical_url`` the one that names the page from now on.
    ``job`` is the frontier's key of the request. The reason of a soft 404 begins with ``probed:`` where this host
    was asked for a surely missing address and answered with this very page.
    """

    job: str
    url: str
    canonical_url: str
    outcome: Outcome
    fetched_at: datetime
    reason: str = ""
    status: int = 0
    content_hash: str = ""
    captures: tuple[Capture, ...] = ()
    files: tuple[CapturedFile, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def is_clean_miss(self) -> bool:
        """Whether this answer counts towards "gone": 404, 410, or the page shown for any missing address."""
        return self.outcome is Outcome.GONE or (self.outcome is Outcome.SOFT_404 and self.reason.startswith("probed:"))


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed bundle in the vault: ``bundle`` is the SHA-256 of its manifest, in hex."""

    bundle: str
    sealed_at: datetime
    size: int


# --- what matching says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """Where the item's text meets the right's: code points, half open, in the raw strings.

    ``part`` names the file, chapter or alias on the right's side where there are several.
    """

    start: int
    end: int
    field: str
    right_start: int
    right_end: int
    part: str = ""

    def to_record(self) -> list[JSON]:
        record: list[JSON] = [self.start, self.end, self.field, self.right_start, self.right_end]
        return [*record, self.part] if self.part else record

    @classmethod
    def from_record(cls, record: list[Any]) -> Span:
        return cls(*record)


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the feature table as it came out for this item.

    ``detail`` is a sentence in English; ``values`` holds what stands in it, so that a page can say it
    in its reader's language (one message per ``feature``).
    """

    feature: str
    weight: float
    detail: str
    values: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """One step of the alignment that was scored: a piece of the item's text against a piece of the right's.

    ``relation`` is a word of matching's vocabulary (``same``, ``look_alike``, ``same_sound``, ``script``,
    ``separator``, ``invisible``, ``inserted``, ``dropped`` …); ``similarity`` is 0-1.
    """

    text: str
    right_text: str
    relation: str
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One pair of item and right that matched (design: formats, findings)."""

    item_id: str
    right: str
    name: str
    measure: str
    queue: Queue
    rule: str
    match_score: float
    score: float
    level: Level
    spans: tuple[Span, ...] = ()
    explanation: tuple[Reason, ...] = ()
    alignment: tuple[AlignedPair, ...] = ()
    details: Mapping[str, JSON] = field(default_factory=dict)
    suppressed_by: str = ""

    def to_record(self) -> dict[str, JSON]:
        """The line of the findings format. ``values``, ``alignment`` and ``details`` are written only where filled."""
        record: dict[str, JSON] = {
            "item_id": self.item_id,
            "right": self.right,
            "name": self.name,
            "measure": self.measure,
            "queue": str(self.queue),
            "rule": self.rule,
            "match_score": round(self.match_score, 4),
            "score": round(self.score, 4),
            "level": str(self.level),
            "spans": [span.to_record() for span in self.spans],
            "explanation": [
                {"feature": reason.feature, "weight": round(reason.weight, 4), "detail": reason.detail}
                | ({"values": dict(reason.values)} if reason.values else {})
                for reason in self.explanation
            ],
        }
        if self.alignment:
            record["alignment"] = [[p.text, p.right_text, p.relation, round(p.similarity, 3)] for p in self.alignment]
        if self.details:
            record["details"] = dict(self.details)
        if self.suppressed_by:
            record["suppressed_by"] = self.suppressed_by
        return record


@dataclass(frozen=True, slots=True)
class GatePass:
    """The gate's word that one text may be sent: it names the hash of exactly that text."""

    text_sha256: str
    regime: str
    gate_version: str
    passed_at: datetime
    four_eyes_by: str = ""


# --- states, and who may follow whom ---------------------------------------------------------------


class Verdict(StrEnum):
    """What a person says of a hit."""

    INFRINGING = "infringing"
    NOT_INFRINGING = "not_infringing"
    UNSURE = "unsure"
    AUTHORISED = "authorised"


class HitState(StrEnum):
    """Where a hit stands with us. What the page itself does is ``Presence``."""

    NEW = "new"
    UNSURE = "unsure"
    INFRINGING = "infringing"
    NOT_INFRINGING = "not_infringing"
    AUTHORISED = "authorised"
    NOTICED = "noticed"
    CLOSED = "closed"


HIT_FOLLOWS: dict[HitState, frozenset[HitState]] = {
    HitState.NEW: frozenset({HitState.UNSURE, HitState.INFRINGING, HitState.NOT_INFRINGING, HitState.AUTHORISED}),
    HitState.UNSURE: frozenset({HitState.NEW, HitState.INFRINGING, HitState.NOT_INFRINGING, HitState.AUTHORISED}),
    HitState.INFRINGING: frozenset(
        {HitState.NEW, HitState.UNSURE, HitState.NOT_INFRINGING, HitState.AUTHORISED, HitState.NOTICED}
    ),
    HitState.NOT_INFRINGING: frozenset({HitState.NEW, HitState.UNSURE, HitState.INFRINGING, HitState.AUTHORISED}),
    HitState.AUTHORISED: frozenset({HitState.NEW, HitState.UNSURE, HitState.INFRINGING, HitState.NOT_INFRINGING}),
    HitState.NOTICED: frozenset({HitState.CLOSED, HitState.INFRINGING}),
    HitState.CLOSED: frozenset({HitState.INFRINGING}),
}


class Presence(StrEnum):
    """Whether the page is still there. GONE is believed after three clean misses in a row."""

    PRESENT = "present"
    MISSING = "missing"
    GONE = "gone"
    RELISTED = "relisted"


MISSES_UNTIL_GONE = 3


class RunState(StrEnum):
    DUE = "due"
    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"
    FAILED = "failed"


RUN_FOLLOWS: dict[RunState, frozenset[RunState]] = {
    RunState.DUE: frozenset({RunState.RUNNING}),
    RunState.RUNNING: frozenset({RunState.FINISHED, RunState.INTERRUPTED, RunState.FAILED}),
    RunState.INTERRUPTED: frozenset({RunState.RUNNING}),
    RunState.FAILED: frozenset({RunState.RUNNING}),
    RunState.FINISHED: frozenset(),
}


class DueState(StrEnum):
    """A recheck or a capture request: claimed by a conditional update, then ended."""

    DUE = "due"
    CLAIMED = "claimed"
    DONE = "done"
    NEEDS_BROWSER = "needs_browser"
    FAILED = "failed"


class NoticeState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    WITHDRAWN = "withdrawn"


NOTICE_FOLLOWS: dict[NoticeState, frozenset[NoticeState]] = {
    NoticeState.DRAFT: frozenset({NoticeState.QUEUED, NoticeState.WITHDRAWN}),
    NoticeState.QUEUED: frozenset({NoticeState.SENDING, NoticeState.DRAFT, NoticeState.WITHDRAWN}),
    NoticeState.SENDING: frozenset({NoticeState.SENT, NoticeState.UNCERTAIN}),
    NoticeState.UNCERTAIN: frozenset({NoticeState.SENT, NoticeState.QUEUED, NoticeState.WITHDRAWN}),
    NoticeState.SENT: frozenset({NoticeState.WITHDRAWN}),
    NoticeState.WITHDRAWN: frozenset(),
}


class Role(StrEnum):
    """What a user may do. A right holder sees its own tenant's rows only; a trainee decides but sends nothing."""

    ANALYST = "analyst"
    OPERATOR = "operator"
    RIGHTS_HOLDER = "rights_holder"
    TRAINEE = "trainee"
