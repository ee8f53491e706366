"""The text of a notice, made from the case by the regime's template. Pure."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import Template

from infringewatch.errors import InputError
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.notices.regimes import REGIMES

_TEXTS = Path(__file__).parent / "texts"
BLANK = "________"
"""Stands where a field is not filled in; the gate lets no text with it pass."""
_GUARANTEE = "通知人保证本通知内容真实、准确，并对其真实性承担法律责任。"
_STATEMENTS = {
    ("CN-EC", "accuracy"): _GUARANTEE,
    ("CN-NET", "accuracy"): _GUARANTEE,
    ("US-DMCA", "good_faith"): (
        "I have a good faith belief that use of the material in the manner complained of is not authorized "
        "by the copyright owner, its agent, or the law."
    ),
    ("US-DMCA", "accuracy"): (
        "The information in this notification is accurate, and under penalty of perjury, I am authorized to act "
        "on behalf of the owner of an exclusive right that is allegedly infringed."
    ),
    ("EU-DSA", "good_faith"): (
        "I confirm my bona fide belief that the information and allegations contained in this notice are accurate "
        "and complete."
    ),
}


def render(case: NoticeCase, day: date) -> str:
    """The notice as it would be sent. Raises InputError for a regime without a text."""
    if case.regime not in REGIMES:
        raise InputError(f"there is no notice text for {case.regime}")
    template = Template((_TEXTS / f"{case.regime}.txt").read_text(encoding="utf-8"))
    values = {name: _one_line(case.fields.get(name, "")) or BLANK for name in REGIMES[case.regime].fields}
    return template.substitute(
        values,
        count=len(case.hits),
        rights="\n".join(dict.fromkeys(_right_line(hit) for hit in case.hits)),
        addresses="\n".join(f"{n}. {_address_line(hit)}" for n, hit in enumerate(case.hits, 1)),
        evidence="\n".join(f"{n}. {', '.join(hit.evidence) or BLANK}" for n, hit in enumerate(case.hits, 1)),
        statements="\n".join(_statement(case, name) for name in REGIMES[case.regime].statements),
        day=day.isoformat(),
    )


def _right_line(hit: NoticeHit) -> str:
    return f"- {_one_line(hit.right_name)} ({_one_line(hit.registration_no)})"


def _address_line(hit: NoticeHit) -> str:
    """Address and title; a crawled title must not begin a line of its own in a legal text."""
    title = f" — {_one_line(hit.title)}" if hit.title else ""
    return f"{hit.address}{title}"


def _statement(case: NoticeCase, name: str) -> str:
    return _STATEMENTS[case.regime, name] if case.fields.get(name) == "yes" else BLANK


def _one_line(text: str) -> str:
    return " ".join(text.split())
