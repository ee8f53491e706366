"""Two texts side by side: rows against rows, folds, and a page that shows what was sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from infringewatch.documents import Document, Part
from infringewatch.evidence.manifest import Provenance
from infringewatch.evidence.seal import stage_page
from infringewatch.evidence.vault import Vault
from infringewatch.model import Capture, Outcome, PageResult, Role
from infringewatch.settings import get_settings
from infringewatch.store.models import Bundle, Hit, Sighting, User
from infringewatch.web.beside import Gap, Passage, Piece, fold, lay_beside
from tests.web.conftest import NOW, Add, add_person

_WORK = "第一章\n海雾从码头漫上来。\n“灯灭了。”顾怀灯说。\n他推门出去。"
_PAGE = "海雾从码头漫上来。“灯灭了。”林守一说。他推门出去。<b>求收藏</b>"
_FINDING: dict[str, Any] = {
    "item_id": "1",
    "spans": [[0, 25, "text", 4, 31]],
    "details": {
        "covered": 21, "share": 0.8, "identity": 0.9, "order": 1.0, "kinds": {"substituted": 1},
        "chapters": ["第一章"], "renamings": [["顾怀灯", "林守一", 3, 3]],
        "passages": [{"number": 1, "start": 0, "end": 25, "right_start": 4, "right_end": 31, "part": "第一章",
                      "identity": 0.9, "steps": [["substituted", 15, 18, 20, 23]]}],
    },
}  # fmt: skip


def _document(text: str = _WORK) -> Document:
    return Document("雾港", (Part("第一章", text, 0),))


def _passage(text: str = _PAGE, finding: dict[str, Any] = _FINDING) -> Passage:
    return next(part for part in lay_beside(text, _document(), finding) if isinstance(part, Passage))


def test_a_paragraph_of_the_work_stands_beside_its_copy() -> None:
    rows = _passage().rows
    assert [("".join(p.text for p in row.page), "".join(p.text for p in row.work)) for row in rows] == [
        ("海雾从码头漫上来。", "海雾从码头漫上来。"),
        ("“灯灭了。”林守一说。", "“灯灭了。”顾怀灯说。"),
        ("他推门出去。", "他推门出去。"),
    ]


def test_a_renamed_person_is_marked_on_both_sides() -> None:
    row = _passage().rows[1]
    assert Piece("林守一", "renamed", "顾怀灯") in row.page
    assert Piece("顾怀灯", "renamed", "林守一") in row.work


def test_what_was_dropped_leaves_a_mark_on_the_page() -> None:
    step = ["dropped", 15, 15, 20, 23]
    passages = [_FINDING["details"]["passages"][0] | {"steps": [step], "end": 22}]
    finding = {"spans": [[0, 22, "text", 4, 31]], "details": {"passages": passages}}
    page = _PAGE.replace("林守一", "")
    assert Piece("", "dropped", "顾怀灯") in [piece for row in _passage(page, finding).rows for piece in row.page]


def test_the_rows_of_a_passage_lose_no_character() -> None:
    rows = _passage().rows
    assert "".join(p.text for row in rows for p in row.page) == _PAGE[:26]


def test_the_rest_of_the_page_is_a_gap() -> None:
    last = lay_beside(_PAGE, _document(), _FINDING)[-1]
    assert isinstance(last, Gap)
    assert last.page is not None and last.page.head == "<b>求收藏</b>"


def test_a_passage_from_an_earlier_place_of_the_work_says_so() -> None:
    passages = [{"number": 1, "start": 0, "end": 8, "steps": []}, {"number": 2, "start": 9, "end": 25, "steps": []}]
    spans = [[0, 8, "text", 14, 25], [9, 25, "text", 4, 12]]
    laid = lay_beside(_PAGE, _document(), {"spans": spans, "details": {"passages": passages}})
    assert [part.moved for part in laid if isinstance(part, Passage)] == [False, True]


def test_what_the_copy_left_out_is_shown_beside_the_gap() -> None:
    passages = [{"number": 1, "start": 0, "end": 8, "steps": []}, {"number": 2, "start": 20, "end": 25, "steps": []}]
    spans = [[0, 8, "text", 4, 12], [20, 25, "text", 26, 31]]
    gap = lay_beside(_PAGE, _document(), {"spans": spans, "details": {"passages": passages}})[1]
    assert isinstance(gap, Gap)
    assert gap.work is not None and gap.work.head == "“灯灭了。”顾怀灯说。"


def test_a_finding_without_passages_is_laid_by_its_spans() -> None:
    laid = lay_beside(_PAGE, _document(), {"spans": _FINDING["spans"]})
    assert isinstance(laid[0], Passage)
    assert laid[0].number == 1


def test_a_work_that_is_gone_leaves_the_page_readable() -> None:
    laid = lay_beside(_PAGE, None, _FINDING)
    assert isinstance(laid[0], Passage)
    assert "".join(p.text for row in laid[0].rows for p in row.page) == _PAGE[:26]


def test_a_long_stretch_is_folded() -> None:
    folded = fold("字" * 1000)
    assert folded is not None
    assert (folded.length, len(folded.head), len(folded.hidden), len(folded.tail)) == (1000, 90, 820, 90)


def test_a_short_stretch_is_shown_whole() -> None:
    folded = fold(" 一句话。 ")
    assert folded is not None and (folded.head, folded.hidden) == ("一句话。", "")


def test_a_chapter_of_ten_thousand_characters_is_laid_in_rows() -> None:
    text = "他点亮了街口的第一盏灯然后慢慢走向码头。" * 500
    finding = {"spans": [[0, len(text), "text", 0, len(text)]]}
    laid = lay_beside(text, _document(text), finding)
    assert isinstance(laid[0], Passage)
    assert 30 <= len(laid[0].rows) <= 60


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    get_settings.cache_clear()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "work.txt").write_text(_WORK, encoding="utf-8")
    yield tmp_path
    get_settings.cache_clear()


@pytest.fixture
def copied(add_hit: Add, home: Path) -> Hit:
    """A hit whose page is sealed; the store's own copy of the text says something else."""
    hit = add_hit(item={"id": "1", "text": "另一段"}, finding=_FINDING, measure="28", kind="chapter")
    hit.right.data = {"text_path": "work.txt"}
    hit.right.save()
    item = {"id": "1", "kind": "chapter", "title": "第一夜", "text": _PAGE}
    seen = PageResult(
        "j", hit.canonical_url, hit.canonical_url, Outcome.OK, NOW, captures=(_capture(hit.canonical_url),)
    )
    with Vault(home / "vault").batch() as batch:
        documents = {"item.json": json.dumps([item]).encode()}
        sealed = stage_page(batch, seen, documents=documents, provenance=Provenance("test", "1"), now=NOW)
    bundle = Bundle.objects.create(digest=sealed.bundle, kind="page", url="", sealed_at=NOW, size=1)
    Sighting.objects.create(
        hit=hit, run=hit.first_run, url=hit.canonical_url, url_hash=hit.url_hash, seen_at=NOW, score=0.9,
        level="strong", finding=_FINDING, item={"id": "1", "text": "另一段"}, bundle=bundle,
    )  # fmt: skip
    return hit


def _capture(url: str) -> Capture:
    return Capture(url, NOW, NOW, status=200, body=b"<html>")


def test_the_page_shows_the_sealed_text_escaped(page: Client, copied: Hit) -> None:
    shown = page.get(f"/hits/{copied.pk}/beside").content.decode()
    assert "林守一" in shown
    assert "&lt;b&gt;求收藏" in shown
    assert "<b>求收藏" not in shown


def test_a_damaged_bundle_is_said_and_the_stores_copy_shown(page: Client, copied: Hit, home: Path) -> None:
    Sighting.objects.update(bundle=Bundle.objects.create(digest="0" * 64, kind="page", url="", sealed_at=NOW, size=1))
    assert page.get(f"/hits/{copied.pk}/beside").context["fault"]


def test_a_hit_without_copied_text_has_no_such_page(page: Client, add_hit: Add) -> None:
    assert page.get(f"/hits/{add_hit().pk}/beside").status_code == 404


def test_a_stranger_sees_no_texts(copied: Hit, log_in: Callable[[User], Client]) -> None:
    stranger = log_in(add_person("eve", Role.RIGHTS_HOLDER, "another"))
    assert stranger.get(f"/hits/{copied.pk}/beside").status_code == 404


def test_the_hit_page_leads_there(page: Client, copied: Hit) -> None:
    copied.item = {"id": "1", "text": _PAGE}
    copied.save()
    assert f"/hits/{copied.pk}/beside" in page.get(f"/hits/{copied.pk}").content.decode()
