"""From a case to a sent notice: text by ``notices``, gate before the queue and again before sending, rows by actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from infringewatch.actions import happenings
from infringewatch.actions import notices as acts
from infringewatch.errors import NotAllowed
from infringewatch.flows.clocking import plan_clocks
from infringewatch.flows.describing import BundleReader, describe_hits, describe_notice
from infringewatch.flows.law import get_regime
from infringewatch.model import BY_HAND, JSON, NoticeEventKind
from infringewatch.notices.gate import check
from infringewatch.notices.records import GateResult, NoticeCase
from infringewatch.notices.rendering import render
from infringewatch.ruleset import CampaignSpec, parse_campaign
from infringewatch.store.models import CampaignRun, Case, Notice, NoticeEvent, User


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person filled in for a notice, the statements made as ``"yes"``."""

    fields: Mapping[str, str]
    language: str = ""
    channel: str = BY_HAND


def draft_notice(case: Case, filled: Filled, user: User, now: datetime) -> Notice:
    """A new draft that names all hits of ``case``. Blank fields stand as blanks; the gate will say so."""
    regime = get_regime(case.regime)
    hits = list(case.hits.select_related("right").order_by("pk"))
    language = filled.language or regime.letter.language
    text = render(NoticeCase(regime, describe_hits(hits, now, None), filled.fields, language), now.date())
    recipient = filled.fields.get("recipient", "")
    return acts.draft(case, acts.Draft(filled.channel, recipient, filled.fields, text, language, hits), user, now)


def check_notice(notice: Notice, now: datetime, reader: BundleReader | None, *, approver: str = "") -> GateResult:
    """What the gate says of the notice's text as things stand now; without a ``reader`` no evidence is looked at."""
    return check(describe_notice(notice, now, reader, approver=approver), notice.text, now)


def queue_notice(notice: Notice, user: User, now: datetime, reader: BundleReader) -> GateResult:
    """Let the draft through where the gate passes it; the result says what it missed otherwise."""
    result = check_notice(notice, now, reader, approver=user.username)
    if result.gate_pass is not None:
        acts.queue(notice, result.gate_pass, user, now)
    return result


def recheck_gate(notice: Notice, now: datetime, reader: BundleReader) -> GateResult:
    """The gate once more, with the person who let the notice through before."""
    return check_notice(notice, now, reader, approver=notice.queued_by)


def mark_notice_sent(notice: Notice, reference: str, user: User, now: datetime, reader: BundleReader) -> None:
    """Ask the gate once more, then record the sending. Raises NotAllowed where the case no longer holds."""
    result = recheck_gate(notice, now, reader)
    if result.gate_pass is None:
        reasons = "; ".join(dict.fromkeys(fault.what for fault in result.faults))
        raise NotAllowed(f"the case has changed since the gate passed this notice: draft it anew (missing: {reasons})")
    acts.mark_sent(notice, reference, user, now, followup_of(notice, now))


def resolve_notice(notice: Notice, went_out: bool, reference: str, user: User, now: datetime) -> None:
    """A person has found out whether an uncertain notice went out."""
    if went_out:
        acts.resolve_sent(notice, reference, user, now, followup_of(notice, now))
    else:
        acts.resolve_not_sent(notice, user, now)


def record_notice_event(
    notice: Notice, kind: NoticeEventKind, text: str, happened_at: datetime, user: User, now: datetime
) -> NoticeEvent:
    """Keep what the platform or the other side did, and start the clocks of that, by the law of that day."""
    clocks = plan_clocks(get_regime(notice.regime), kind, happened_at)
    return happenings.record_happening(notice, kind, text, happened_at, user, now, clocks)


def followup_of(notice: Notice, now: datetime) -> acts.Followup:
    """What a sending now would start."""
    hosts = notice.hits.values_list("host", flat=True).distinct()
    bare = [host.partition(":")[0] for host in hosts]
    clocks = plan_clocks(get_regime(notice.regime), NoticeEventKind.SENT, now, bare)
    return acts.Followup(_recheck_days(notice), clocks)


def _recheck_days(notice: Notice) -> list[int]:
    """The days that the campaigns which found the notice's hits ask for."""
    plans = CampaignRun.objects.filter(new_hits__notices=notice).distinct().values_list("spec", flat=True)
    days = {day for plan in plans for day in _days_of(plan)}
    return sorted(days)


def _days_of(plan: Mapping[str, JSON]) -> tuple[int, ...]:
    if "text" not in plan:  # a run of our own, without a campaign's file
        return CampaignSpec("", "").recheck_days
    return parse_campaign(plan["text"], plan["file"]).recheck_days
