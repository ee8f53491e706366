from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from infringewatch.evidence.manifest import Provenance
from infringewatch.evidence.seal import seal_files
from infringewatch.evidence.vault import Vault
from infringewatch.model import CapturedFile, Outcome, PageResult
from infringewatch.settings import get_settings
from infringewatch.store.models import Bundle, CaptureRequest, Hit
from infringewatch.web.segments import Segment, cut, excerpt
from tests.web.conftest import NOW, Add

PNG = b"\x89PNG\r\n\x1a\n rest"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def seal_screenshot(hit: Hit, vault: Vault, content: bytes) -> None:
    picture = CapturedFile("screenshot.png", "image/png", content)
    seen = PageResult("j", hit.canonical_url, hit.canonical_url, Outcome.OK, NOW, files=(picture,))
    sealed = seal_files(vault, seen, hit=str(hit.pk), provenance=Provenance("test", "1"), now=NOW)
    bundle = Bundle.objects.create(digest=sealed.bundle, kind="screenshot", url="", sealed_at=NOW, size=1)
    CaptureRequest.objects.create(hit=hit, url="", reason="", requested_at=NOW, ended_at=NOW, bundle=bundle)


def test_overlapping_spans_are_marked_once() -> None:
    assert cut("abcdef", [(1, 3), (2, 4), (9, 12)]) == [
        Segment("a"),
        Segment("bc", True),
        Segment("d", True),
        Segment("ef"),
    ]


def test_an_excerpt_shows_what_stands_around() -> None:
    assert (
        "".join(part.text for part in excerpt("x" * 100 + "hit" + "y" * 100, 100, 103)) == f"…{'x' * 60}hit{'y' * 60}…"
    )


def test_a_screenshot_is_served_as_a_picture_and_nothing_else(page: Client, add_hit: Add, tmp_path: Path) -> None:
    hit = add_hit()
    seal_screenshot(hit, Vault(tmp_path / "vault"), PNG)
    answer = page.get(f"/hits/{hit.pk}/screenshot.png")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")


def test_a_page_that_calls_itself_a_screenshot_is_not_served(page: Client, add_hit: Add, tmp_path: Path) -> None:
    hit = add_hit()
    seal_screenshot(hit, Vault(tmp_path / "vault"), b"<html><script>alert(1)</script>")
    assert page.get(f"/hits/{hit.pk}/screenshot.png").status_code == 404


def test_an_address_that_would_run_script_is_no_link(page: Client, add_hit: Add) -> None:
    hit = add_hit(item={"url": "javascript:alert(1)"})
    assert "javascript:" not in page.get(f"/hits/{hit.pk}").content.decode()


def test_a_copied_passage_stands_beside_its_original(page: Client, add_hit: Add, home: Path) -> None:
    (home / "library").mkdir()
    (home / "library" / "work.txt").write_text("开头。海雾从码头漫上来的时候邮差塞进了信。", encoding="utf-8")
    hit = add_hit(item={"text": "海霧从码头漫上来的时候邮差塞进了信"}, finding={"spans": [[0, 17, "text", 3, 20]]})
    hit.right.data = {"text_path": "work.txt"}
    hit.right.save()
    assert page.get(f"/hits/{hit.pk}").context["passages"][0].original == "海雾从码头漫上来的时候邮差塞进了信"


def test_verify_and_export_work_from_the_page(page: Client, add_hit: Add, tmp_path: Path) -> None:
    hit = add_hit(last_seen=NOW + timedelta(days=1))
    seal_screenshot(hit, Vault(tmp_path / "vault"), PNG)
    assert "✓" in page.post(f"/hits/{hit.pk}/verify").content.decode()
    assert page.post(f"/hits/{hit.pk}/evidence.zip").content.startswith(b"PK")
