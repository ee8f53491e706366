"""From a case to a sent notice: text by ``notices``, gate before the queue and again before sending, rows by actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from infringewatch.actions import notices as acts
from infringewatch.errors import NotAllowed
from infringewatch.flows.handout import find_bundles
from infringewatch.model import JSON
from infringewatch.notices.gate import check
from infringewatch.notices.records import GateResult, NoticeCase, NoticeHit
from infringewatch.notices.rendering import render
from infringewatch.ruleset import CampaignSpec, parse_campaign
from infringewatch.store.models import CampaignRun, Case, Hit, Notice, User


def draft_notice(case: Case, fields: Mapping[str, str], user: User, now: datetime) -> Notice:
    """A new draft for ``case`` with what a person filled in. Blank fields stand as blanks; the gate will say so."""
    text = render(_describe(case, fields), now.date())
    return acts.draft(case, acts.Draft("by hand", fields.get("recipient", ""), fields, text), user, now)


def check_notice(notice: Notice, now: datetime) -> GateResult:
    """What the gate says of the notice's text as the case stands now."""
    return check(_describe(notice.case, notice.fields), notice.text, now)


def queue_notice(notice: Notice, user: User, now: datetime) -> GateResult:
    """Let the draft through where the gate passes it; the result says what it missed otherwise."""
    result = check_notice(notice, now)
    if result.gate_pass is not None:
        acts.queue(notice, result.gate_pass, user, now)
    return result


def mark_notice_sent(notice: Notice, reference: str, user: User, now: datetime) -> None:
    """Ask the gate once more, then record the sending. Raises NotAllowed where the case no longer holds."""
    if check_notice(notice, now).gate_pass is None:
        raise NotAllowed("the case has changed since the gate passed this notice: draft it anew")
    acts.mark_sent(notice, reference, user, now, recheck_days=_recheck_days(notice.case))


def _recheck_days(case: Case) -> list[int]:
    """The days that the campaigns which found the case's hits ask for."""
    plans = CampaignRun.objects.filter(new_hits__cases=case).distinct().values_list("spec", flat=True)
    days = {day for plan in plans for day in _days_of(plan)}
    return sorted(days)


def _days_of(plan: Mapping[str, JSON]) -> tuple[int, ...]:
    if "text" not in plan:  # a run of our own, without a campaign's file
        return CampaignSpec("", "").recheck_days
    return parse_campaign(plan["text"], plan["file"]).recheck_days


def _describe(case: Case, fields: Mapping[str, str]) -> NoticeCase:
    hits = case.hits.select_related("right").order_by("pk")
    return NoticeCase(case.regime, tuple(_describe_hit(hit) for hit in hits), dict(fields))


def _describe_hit(hit: Hit) -> NoticeHit:
    return NoticeHit(
        address=hit.canonical_url,
        title=hit.title,
        seller=hit.seller,
        right_name=hit.right.name,
        registration_no=hit.right.registration_no,
        right_kind=hit.right.kind,
        state=hit.state,
        evidence=tuple(find_bundles(hit)),
        right_valid_from=_day(hit.right.data.get("valid_from")),
        right_valid_until=_day(hit.right.data.get("valid_until")),
        right_withdrawn=hit.right.withdrawn_at is not None,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
