"""The text of a notice, built from the regime's form of the day: each field by its title, in its order. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from infringewatch.errors import InputError
from infringewatch.notices.records import NoticeCase, NoticeHit
from infringewatch.ruleset import Content, NoticeField

BLANK = "________"
"""Stands where a required field is not filled in; the gate lets no text with it pass."""
LANGUAGES = ("zh", "en")
_CHINESE_NUMBERS = "一二三四五六七八九十"
_WORDS = {
    "zh": {
        "count": "共 {count} 项", "sealed": "上述网页已取证并封存，证据包编号（SHA-256）如下，可应要求提交：",
        "request": "请求", "date": "日期", "sep": "：",
    },
    "en": {
        "count": "{count} in all", "sealed": "These pages were captured and sealed; the bundles (SHA-256) are available on request:",
        "request": "Request", "date": "Date", "sep": ": ",
    },
}  # fmt: skip


def render(case: NoticeCase, day: date) -> str:
    """The notice as it would be sent on ``day``. Raises InputError where the regime has no form for that day."""
    form = case.regime.form_on(day)
    if case.language not in LANGUAGES or not form.fields:
        raise InputError(f"{case.regime.id} has no form in force on {day} in {case.language!r}")
    lines = [case.regime.letter.title[case.language], ""]
    lines += _iter_short_fields(case, [field for field in form.fields if field.id != "signature"])
    lines.append("")
    number = 0
    for field in form.fields:
        body = _body(case, field)
        if body:
            number += 1
            lines += [_heading(case.language, number, _title(case, field)), *body, ""]
    lines += [_heading(case.language, number + 1, _WORDS[case.language]["request"])]
    lines += [case.regime.letter.request[case.language], ""]
    lines += _iter_short_fields(case, [field for field in form.fields if field.id == "signature"])
    lines.append(_line(case.language, _WORDS[case.language]["date"], day.isoformat()))
    return "\n".join(lines) + "\n"


def _iter_short_fields(case: NoticeCase, fields: list[NoticeField]) -> Iterator[str]:
    for field in fields:
        if field.content is Content.PERSON and not field.long:
            value = one_line(case.fields.get(field.id, "")) or (BLANK if field.required else "")
            if value:
                yield _line(case.language, field.title[case.language], value)


def _body(case: NoticeCase, field: NoticeField) -> list[str]:
    """The lines of a field that has a section of its own; none for short and for empty optional ones."""
    if field.content is Content.RIGHTS:
        return list(dict.fromkeys(_right_line(hit) for hit in case.hits))
    if field.content is Content.ADDRESSES:
        return [f"{n}. {_address_line(hit)}" for n, hit in enumerate(case.hits, 1)]
    if field.content is Content.EVIDENCE:
        bundles = [f"{n}. {', '.join(hit.evidence) or BLANK}" for n, hit in enumerate(case.hits, 1)]
        return [_WORDS[case.language]["sealed"], *bundles]
    if field.content is Content.STATEMENT:
        return [field.text[case.language] if case.fields.get(field.id) == "yes" else BLANK]
    if not field.long:
        return []
    paragraphs = [one_line(line) for line in case.fields.get(field.id, "").splitlines() if line.strip()]
    return paragraphs or ([BLANK] if field.required else [])


def _title(case: NoticeCase, field: NoticeField) -> str:
    title = field.title[case.language]
    if field.content is not Content.ADDRESSES:
        return title
    count = _WORDS[case.language]["count"].format(count=len(case.hits))
    return f"{title}（{count}）" if case.language == "zh" else f"{title} ({count})"


def _heading(language: str, number: int, title: str) -> str:
    if language == "zh" and number <= len(_CHINESE_NUMBERS):
        return f"{_CHINESE_NUMBERS[number - 1]}、{title}"
    return f"{number}. {title}"


def _line(language: str, title: str, value: str) -> str:
    return f"{title}{_WORDS[language]['sep']}{value}"


def _right_line(hit: NoticeHit) -> str:
    return f"- {one_line(hit.right_name)} ({one_line(hit.registration_no)})"


def _address_line(hit: NoticeHit) -> str:
    """Address and title; a crawled title must not begin a line of its own in a legal text."""
    title = f" — {one_line(hit.title)}" if hit.title else ""
    return f"{hit.address}{title}"


def one_line(text: str) -> str:
    """``text`` without line breaks, control and direction marks, so that a crawled word cannot shape a legal text."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
