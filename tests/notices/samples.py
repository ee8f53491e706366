"""A fictional case that is complete under every regime."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from infringewatch.model import BY_HAND
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.ruleset import load_regimes
from infringewatch.settings import get_settings

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
REGIMES = load_regimes(get_settings().rules_dir)
HIT = NoticeHit(
    "http://shop.example/1", "高仿 山岚 手表", "好物小店", "山岚", "TM-1", "copyright", "infringing", ("ab" * 32,),
    date(2020, 1, 1), date(2030, 1, 1), decided_by="mei",
)  # fmt: skip
SECOND = NoticeHit(
    "http://shop.example/2?a=<b>", "山岚 official <script>", "好物小店", "山岚文库", "C-7", "copyright", "infringing",
    ("cd" * 32, "ef" * 32), decided_by="mei",
)  # fmt: skip
FILLED = {
    "holder": "山岚（虚构）有限公司", "address": "某市某路 1 号", "contact": "law@shanlan.example", "recipient": "示例平台",
    "holder_id_number": "营业执照 91000000000000000X", "proof_of_right": "商标注册证 TM-1", "signature": "梅",
    "good_faith": "yes", "accuracy": "yes", "reasons": "It copies our mark.\nIt was never licensed.",
}  # fmt: skip


def make_case(regime: str = "CN-EC", *hits: NoticeHit, fields: dict[str, str] | None = None, **more: Any) -> NoticeCase:
    given: dict[str, Any] = {"channel": BY_HAND, "channels": (BY_HAND,), "drafter": "mei", "approver": "mei"}
    return NoticeCase(REGIMES[regime], hits or (HIT,), FILLED | (fields or {}), **(given | more))
