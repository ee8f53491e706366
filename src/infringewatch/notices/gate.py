"""The gate: whether exactly this text may be sent. Pure; it never asks a network or the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from infringewatch.model import GatePass, HitState
from infringewatch.notices.records import Check, GateResult, NoticeCase
from infringewatch.notices.regimes import REGIMES
from infringewatch.notices.rendering import BLANK

VERSION = "2"


def text_sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check(case: NoticeCase, text: str, now: datetime) -> GateResult:
    """All checks, held or not, and the pass for this text where all held."""
    checks = tuple(_iter_checks(case, text, now))
    if not all(one.ok for one in checks):
        return GateResult(checks, None)
    return GateResult(checks, GatePass(text_sha256(text), case.regime, VERSION, now))


def _iter_checks(case: NoticeCase, text: str, now: datetime) -> Iterator[Check]:
    regime = REGIMES.get(case.regime)
    yield Check("the way of notice is known", regime is not None, case.regime)
    if regime is None:
        return
    yield Check("at least one address is named", bool(case.hits))
    for name in regime.fields:
        yield Check("the field is filled in", bool(case.fields.get(name, "").strip()), name)
    for name in regime.statements:
        yield Check("the statement is made", case.fields.get(name) == "yes", name)
    words = set(text.split())  # whole addresses: .../12 does not name .../1
    for hit in case.hits:
        yield Check("a person decided: infringing", hit.state in (HitState.INFRINGING, HitState.NOTICED), hit.address)
        yield Check("evidence is sealed", bool(hit.evidence), hit.address)
        yield Check("the address stands in the text", hit.address in words, hit.address)
        yield Check("this way is open to the kind of right", hit.right_kind in regime.kinds, hit.right_name)
        yield Check("the right is in force", hit.is_in_force(now.date()), hit.right_name)
    yield Check("nothing in the text is left blank", BLANK not in text)
