"""Everything that the page of one hit shows, gathered from the store and the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from infringewatch.flows.handout import find_bundles
from infringewatch.model import HitState, RightKind
from infringewatch.store.access import cases_for, hits_for, rights_for
from infringewatch.store.models import Bundle, CaptureRequest, Hit, User
from infringewatch.web.chapters import Coverage, chapters_of_hit, measure_coverage
from infringewatch.web.reasons import reason_lines
from infringewatch.web.segments import Segment, cut, excerpt, spans_in, title_segments
from infringewatch.web.works import chapters_of, passage_of, work_as_judged

_LONG = 400
_SHORT = 12
_MAX_PASSAGES = 12
_MOST_PICTURES = 6
_SHOWN_FIELDS = ("description", "brand", "category", "author", "publisher", "channel", "shop", "sku", "text")


@dataclass(frozen=True, slots=True)
class Passage:
    """A copied passage and, where it is known, the passage of the work beside it."""

    segments: list[Segment]
    original: str
    part: str
    length: int


@dataclass(frozen=True, slots=True)
class FieldLine:
    name: str
    segments: list[Segment]


def gather(user: User, hit: Hit) -> dict[str, Any]:
    """The template's context for one hit that ``user`` may see."""
    spans = hit.finding.get("spans", ())
    return {
        "hit": hit,
        "title_segments": title_segments(hit),
        "coverage": _coverage(hit),
        "fields": _fields(hit.item, spans),
        "open_url": _safe_link(hit.item.get("url") or hit.canonical_url),
        "capture": last_screenshot(hit),
        "waiting_capture": hit.captures.filter(bundle=None).order_by("-pk").first(),
        "registered": registered_pictures(user, hit),
        "pairs": [_pair(step) for step in hit.finding.get("alignment", ())],
        "passages": _passages(hit, spans),
        "reasons": reason_lines(hit.finding),
        "right_facts": _right_facts(hit.right.data),
        "price_share": _price_share(hit),
        "seller_hits": _seller_history(user, hit),
        "sightings": hit.sightings.select_related("bundle").order_by("-seen_at", "-pk")[:20],
        "bundles": Bundle.objects.filter(digest__in=find_bundles(hit)).order_by("sealed_at"),
        "history": _history(hit),
        "comments": hit.comments.select_related("user").order_by("made_at"),
        "decision": hit.decisions.select_related("user").filter(ended_at__isnull=True).first(),
        "cases": cases_for(user).filter(hits=hit),
        "rechecks": hit.rechecks.order_by("-pk")[:3],
        "may_open_case": hit.state in (HitState.INFRINGING, HitState.NOTICED),
    }


def _coverage(hit: Hit) -> Coverage | None:
    """Which chapters of a work were seen, where chapters of it were."""
    seen = chapters_of_hit(hit) if hit.right.kind == RightKind.COPYRIGHT else []
    if not any(one.shares for one in seen):
        return None
    work = work_as_judged(hit.right, hit.last_seen)
    return measure_coverage(seen, chapters_of(work) if work else ())


def last_screenshot(hit: Hit) -> CaptureRequest | None:
    """The latest capture of the hit's page that was sealed."""
    return hit.captures.filter(bundle__isnull=False).select_related("bundle").order_by("-ended_at", "-pk").first()


def registered_pictures(user: User, hit: Hit) -> list[str]:
    """The library's names of the right's pictures: its logos, its photographs, then those of the mark's products."""
    products = rights_for(user).filter(
        tenant_id=hit.tenant_id, kind=RightKind.PRODUCT, withdrawn_at=None, data__mark=hit.right.registration_no
    )
    sources = [hit.right.data, *products.order_by("pk").values_list("data", flat=True)[:_MOST_PICTURES]]
    names = [name for data in sources for key in ("logo_paths", "image_paths") for name in data.get(key) or ()]
    return list(dict.fromkeys(names))[:_MOST_PICTURES]


def _fields(item: Mapping[str, Any], spans: Sequence[Sequence[Any]]) -> list[FieldLine]:
    lines = []
    for name in _SHOWN_FIELDS:
        text = item.get(name)
        if not isinstance(text, str) or not text:
            continue
        ranges = spans_in(spans, name)
        if name == "text" and len(text) > _LONG:
            continue  # long texts are shown as passages
        lines.append(FieldLine(name, cut(text[: 4 * _LONG], ranges)))
    return lines


def _passages(hit: Hit, spans: Sequence[Sequence[Any]]) -> list[Passage]:
    text = hit.item.get("text") or ""
    passages = []
    for start, end, field, *rest in spans:
        if field == "text" and end - start > _SHORT:
            part = str(rest[2]) if len(rest) > 2 else ""
            original = passage_of(hit.right, int(rest[0]), int(rest[1]), part) if len(rest) > 1 else ""
            passages.append(Passage(excerpt(text, int(start), int(end)), original, part, int(end) - int(start)))
    return sorted(passages, key=lambda passage: -passage.length)[:_MAX_PASSAGES]


def _pair(step: Sequence[Any]) -> dict[str, Any]:
    text, right, relation, similarity = step
    return {"text": text, "right": right, "relation": relation, "similarity": similarity, "same": relation == "same"}


def _right_facts(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    facts = []
    for name in ("nice_classes", "aliases", "author", "reference_price", "valid_from", "valid_until", "notes"):
        value = data.get(name)
        if value:
            facts.append((name, ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)))
    return facts


def _price_share(hit: Hit) -> float | None:
    if hit.price is None or not hit.reference_price:
        return None
    return float(hit.price / hit.reference_price)


def _seller_history(user: User, hit: Hit) -> list[Hit]:
    if not hit.seller:
        return []
    same = hits_for(user).filter(host=hit.host, seller=hit.seller).exclude(pk=hit.pk)
    return list(same.select_related("right").order_by("-last_seen")[:8])


def _history(hit: Hit) -> list[dict[str, Any]]:
    """Decisions and changes of state or presence, the latest first."""
    rows: list[dict[str, Any]] = [
        {
            "at": one.made_at,
            "who": one.user.username,
            "verdict": one.verdict,
            "reason": one.reason,
            "undone": one.undone,
        }
        for one in hit.decisions.select_related("user")
    ]
    rows += [
        {"at": one.at, "who": one.actor, "before": one.before, "after": one.after, "reason": one.reason}
        for one in hit.events.all()
    ]
    return sorted(rows, key=_time, reverse=True)


def _time(row: Mapping[str, Any]) -> datetime:
    at: datetime = row["at"]
    return at


def _safe_link(url: str) -> str:
    """The address, if it is one that a browser only opens; a crawled ``javascript:`` must never become a link."""
    try:
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""
