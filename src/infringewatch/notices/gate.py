"""The gate: whether exactly this text may be sent. Pure; it never asks a network or the store.

All checks stand in one list, ``CHECKS``, each with its name, what it asks and how to mend what it misses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from infringewatch.model import GatePass, HitState
from infringewatch.notices.records import Check, GateResult, NoticeCase, NoticeHit
from infringewatch.notices.rendering import BLANK
from infringewatch.ruleset import Content

VERSION = "3"
_Answers = Iterator[tuple[bool, str]]  # whether it holds, and what it fell on


@dataclass(frozen=True, slots=True)
class GateCheck:
    """``what`` is what must hold, ``mend`` what a person does where it does not; both are read on the case's page."""

    name: str
    what: str
    mend: str
    look: Callable[[NoticeCase, str, datetime], _Answers]


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check(case: NoticeCase, text: str, now: datetime) -> GateResult:
    """All checks, held or not, and the pass for this text where all held."""
    checks = tuple(
        Check(one.name, one.what, one.mend, ok, subject) for one in CHECKS for ok, subject in one.look(case, text, now)
    )
    if not all(one.ok for one in checks):
        return GateResult(checks, None)
    approver = case.approver if case.approver != case.drafter else ""
    return GateResult(checks, GatePass(text_sha256(text), case.regime.id, VERSION, now, four_eyes_by=approver))


def _law_in_force(case: NoticeCase, _text: str, now: datetime) -> _Answers:
    basis = case.regime.basis_on(now.date())
    yield basis is not None and bool(case.regime.form_on(now.date()).fields), case.regime.id


def _addresses_named(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    yield bool(case.hits), ""


def _hits_unchanged(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    if not case.strangers:
        yield True, ""
    yield from ((False, address) for address in case.strangers)


def _fields_filled(case: NoticeCase, _text: str, now: datetime) -> _Answers:
    for field in case.regime.form_on(now.date()).of(Content.PERSON):
        if field.required:
            yield bool(case.fields.get(field.id, "").strip()), field.id


def _statements_made(case: NoticeCase, text: str, now: datetime) -> _Answers:
    for field in case.regime.form_on(now.date()).of(Content.STATEMENT):
        made = case.fields.get(field.id) == "yes" and bool(case.drafter)
        yield made and field.text[case.language] in text, field.id


def _decided(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    for hit in case.hits:
        yield hit.state in (HitState.INFRINGING, HitState.NOTICED) and bool(hit.decided_by), hit.address


def _right_in_force(case: NoticeCase, _text: str, now: datetime) -> _Answers:
    yield from ((hit.is_in_force(now.date()), hit.right_name) for hit in _one_per_right(case))


def _right_covered(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    yield from ((hit.right_kind in case.regime.kinds, hit.right_name) for hit in _one_per_right(case))


def _not_authorised(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    for hit in case.hits:
        yield not hit.permission, f"{hit.address} ({hit.permission})" if hit.permission else hit.address


def _evidence_sealed(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    yield from ((bool(hit.evidence), hit.address) for hit in case.hits)


def _evidence_verifies(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    for hit in case.hits:
        bad = (*hit.damaged, *hit.unread)
        yield not bad, ", ".join(bad) or hit.address


def _channel_known(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    yield case.channel in case.channels, case.channel


def _within_limits(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    for host in dict.fromkeys(_host(hit.address) for hit in case.hits):
        platform = case.regime.platform_of(host)
        most = platform.max_addresses if platform else None
        count = sum(_host(hit.address) == host for hit in case.hits)
        yield most is None or count <= most, f"{host}: {count} / {most}" if most else host


def _not_repeated(case: NoticeCase, _text: str, now: datetime) -> _Answers:
    wait = timedelta(days=case.regime.repeat_days)
    for hit in case.hits:
        yield hit.noticed_at is None or now - hit.noticed_at >= wait, hit.address


def _not_barred(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    for hit in case.hits:
        yield hit.counter_at is None or case.regime.after_counter != "litigate_only", hit.address


def _addresses_in_text(case: NoticeCase, text: str, _now: datetime) -> _Answers:
    words = set(text.split())  # whole addresses: .../12 does not name .../1
    yield from ((hit.address in words, hit.address) for hit in case.hits)


def _nothing_blank(_case: NoticeCase, text: str, _now: datetime) -> _Answers:
    yield BLANK not in text, ""


def _two_people(case: NoticeCase, _text: str, _now: datetime) -> _Answers:
    yield not case.needs_another or case.approver not in ("", case.drafter), case.drafter


def _one_per_right(case: NoticeCase) -> list[NoticeHit]:
    return list({hit.registration_no: hit for hit in case.hits}.values())


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].partition(":")[0].lower()


CHECKS: tuple[GateCheck, ...] = (
    GateCheck("law_in_force", "the law of this way is in force today",
              "choose another way of notice", _law_in_force),
    GateCheck("addresses_named", "at least one address is named",
              "take a hit into the case and draft anew", _addresses_named),
    GateCheck("hits_unchanged", "the text names the hits of the case as it stands",
              "the case has gained or lost hits: draft anew", _hits_unchanged),
    GateCheck("fields_filled", "the field is filled in",
              "fill it in and draft anew", _fields_filled),
    GateCheck("statements_made", "the statement is made by a person",
              "read it, tick it if it is true, and draft anew", _statements_made),
    GateCheck("decided", "a person decided: infringing",
              "decide the hit on its page, or take it out of the case", _decided),
    GateCheck("right_in_force", "the right is in force",
              "import the list with the right's present dates, or take its hits out", _right_in_force),
    GateCheck("right_covered", "this way is open to the kind of right",
              "open a case by a way that covers this kind of right", _right_covered),
    GateCheck("not_authorised", "nobody has allowed this use today",
              "end the permission if it is wrong, or take the hit out of the case", _not_authorised),
    GateCheck("evidence_sealed", "evidence is sealed",
              "ask for a new screenshot on the hit's page", _evidence_sealed),
    GateCheck("evidence_verifies", "the sealed bytes are what was sealed",
              "restore the vault from a backup, or seal the page anew by a recheck", _evidence_verifies),
    GateCheck("channel_known", "the channel is known",
              "choose a channel of this installation", _channel_known),
    GateCheck("within_limits", "the platform takes so many addresses in one notice",
              "split the case", _within_limits),
    GateCheck("not_repeated", "no other notice for this address and right is under way or within the waiting time",
              "wait, or withdraw the other notice", _not_repeated),
    GateCheck("not_barred", "no counter-notice bars another notice",
              "only a complaint to the authority or a lawsuit remains", _not_barred),
    GateCheck("addresses_in_text", "the address stands in the text",
              "draft anew", _addresses_in_text),
    GateCheck("nothing_blank", "nothing in the text is left blank",
              "fill in what is missing and draft anew", _nothing_blank),
    GateCheck("two_people", "another person than the drafter lets it through",
              "ask a colleague to let it through", _two_people),
)  # fmt: skip
