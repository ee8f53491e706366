from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

import infringewatch.web
from infringewatch.matching.marks.relations import HIDING
from infringewatch.matching.works.differences import STEP_KINDS
from infringewatch.model import (
    DueState,
    HitState,
    ItemKind,
    Level,
    NoticeState,
    Outcome,
    Presence,
    Queue,
    RightKind,
    Role,
    RunState,
    Verdict,
    WorkType,
)
from infringewatch.ruleset import SIGNALS
from infringewatch.web import reasons, sentences, words

WEB = Path(infringewatch.web.__file__).parent
CATALOGUE = WEB / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def messages() -> Iterator[str]:
    """What templates and modules ask to be translated."""
    for template in WEB.glob("templates/web/*.html"):
        for _quote, text in re.findall(r"""\{% translate (["'])(.*?)\1""", template.read_text("utf-8")):
            yield text
    for module in WEB.rglob("*.py"):
        yield from re.findall(r"""(?<![a-z])(?:_|gettext_lazy)\(\s*"([^"]*)\"""", module.read_text("utf-8"))
    yield from sentences.FORMS


def test_every_message_has_its_chinese() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    assert [text for text in sorted(set(messages())) if not (found := catalogue.get(text)) or not found.string] == []


def test_chinese_keeps_every_placeholder() -> None:
    with CATALOGUE.open("rb") as file:
        for message in read_po(file):
            wanted = set(re.findall(r"%\(\w+\)s", str(message.id)))
            assert set(re.findall(r"%\(\w+\)s", str(message.string))) == wanted, message.id


def test_every_word_of_the_model_and_of_alignments_has_a_name() -> None:
    vocabularies = [Verdict, HitState, Presence, Level, Queue, ItemKind, RightKind, WorkType, Outcome]
    named = {str(value) for vocabulary in vocabularies for value in vocabulary}
    named |= {str(value) for vocabulary in (RunState, DueState, NoticeState, Role) for value in vocabulary}
    named |= set(HIDING) | (set(STEP_KINDS) - {"equal"}) | {"noise"}
    assert named - set(words._WORDS) == set()


def test_every_signal_has_its_sentence() -> None:
    assert set(SIGNALS) - set(reasons._SENTENCES) == set()
