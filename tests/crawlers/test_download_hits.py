"""A book's file, from its bytes through reading and intake to a hit whose evidence is the file."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from crawlers.downloads import read_download
from infringewatch.actions.audit import MACHINE_ACTOR
from infringewatch.actions.campaigns import claim_run, open_run, save_campaign
from infringewatch.flows import intake
from infringewatch.flows.enrol import enrol
from infringewatch.flows.intake import OpenRun
from infringewatch.model import Capture, Outcome, PageResult
from infringewatch.settings import read_settings
from infringewatch.store.models import Hit, Sighting
from tests.test_documents import write_pdf

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
URL, BOOK = "http://s.test/files/7.txt", "http://s.test/book/7"
OBJECTS = "灯船锚绳雾潮鸥沙桅窗"
NOVEL = "\n".join(
    f"第{first}{second}夜，守{first}人提着{second}沿石阶走到海边，把{third}系在{first}上，又回头望了望那扇还亮着的{second}。"
    for first, second, third in zip(OBJECTS * 6, OBJECTS[3:] * 9, OBJECTS[5:] * 12, strict=False)
)


@pytest.fixture
def run(tmp_path: Path) -> OpenRun:
    settings = replace(read_settings({}), home=tmp_path / "home")
    (tmp_path / "novel.txt").write_text(NOVEL, encoding="utf-8")
    works = tmp_path / "works.csv"
    works.write_text("kind,name,registration_no,text_path\ncopyright,守灯人,C-1,novel.txt\n", encoding="utf-8")
    enrol(works, tenant_name="V", list_name="w", settings=settings, actor=MACHINE_ACTOR, now=NOW)
    plan = {"id": "c", "title": "C", "profiles": [{"name": "s", "hosts": ["s.test"], "start": ["http://s.test/"]}]}
    campaign = save_campaign("c", "C", {"text": yaml.safe_dump(plan), "file": "c"}, actor=MACHINE_ACTOR, now=NOW)
    row, _ = open_run(campaign, NOW, actor=MACHINE_ACTOR, now=NOW)
    claim_run(row.pk, "spider", NOW)
    return intake.open_run(row.pk, settings=settings)


def page_of(body: bytes, content_type: str) -> PageResult:
    reading = read_download(URL, body, content_type, NOW.isoformat())
    assert reading is not None
    items = tuple(replace(item, parent_url=BOOK) for item in reading.items)
    exchange = Capture(URL, NOW, NOW, "GET", (), 200, "HTTP/1.1", (), body)
    return PageResult("1", URL, URL, Outcome.OK, NOW, status=200, captures=(exchange,), items=items)


def test_a_copied_text_in_a_download_becomes_a_hit_on_its_book(run: OpenRun) -> None:
    body = ("潮汐之书\n" + NOVEL).encode("gb18030")
    intake.take_in(run, [page_of(body, "text/plain")])
    assert Hit.objects.get().canonical_url == BOOK


def test_the_evidence_of_a_download_holds_the_files_own_bytes(run: OpenRun) -> None:
    body = ("潮汐之书\n" + NOVEL).encode("gb18030")
    intake.take_in(run, [page_of(body, "text/plain")])
    assert Sighting.objects.count() == 1
    kept = [file.read_bytes() for file in run.vault.root.rglob("*") if file.is_file()]
    unpacked = [gzip.decompress(data) for data in kept if data.startswith(b"\x1f\x8b")]
    assert any(body in data for data in unpacked)


def test_a_pdf_is_read_as_a_book(tmp_path: Path) -> None:
    words = b"In the first winter the keeper wrote down what the sea had brought. "
    write_pdf(tmp_path / "a.pdf", b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % (words * 5))
    reading = read_download("http://s.test/a.pdf", (tmp_path / "a.pdf").read_bytes(), "application/pdf", "")
    assert reading is not None
    assert reading.items[0].text.startswith("In the first winter")
