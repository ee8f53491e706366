from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from infringewatch.errors import NotFound
from infringewatch.model import Role
from infringewatch.settings import get_settings
from infringewatch.store.models import Bundle, CaptureRequest, Hit, Right, User
from infringewatch.web import pictures
from tests.web.conftest import NOW, Add, add_person

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("INFRINGEWATCH_HOME", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def png(width: int = 400, height: int = 900) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=["WEBP"]) as opened:
        return opened.size


def test_a_thumbnail_is_the_top_of_the_picture() -> None:
    assert size_of(pictures.draw(png(), pictures.THUMBNAIL, top=True)) == pictures.THUMBNAIL


def test_a_shown_picture_keeps_its_proportions() -> None:
    assert size_of(pictures.draw(png(1800, 900), pictures.SHOWN)) == (900, 450)


def test_what_was_drawn_is_kept(home: Path) -> None:
    first = pictures.draw(png(), pictures.THUMBNAIL)
    assert [file.read_bytes() for file in home.rglob("*.webp")] == [first]
    assert pictures.draw(png(), pictures.THUMBNAIL) == first


@pytest.mark.parametrize("data", [b"", SVG, b"<html>", b"\x89PNG\r\n\x1a\ncut", b"%PDF-1.7"])
def test_what_is_no_picture_is_never_handed_on(data: bytes) -> None:
    with pytest.raises(NotFound):
        pictures.draw(data, pictures.SHOWN)


def test_a_picture_of_too_many_pixels_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_MOST_PIXELS", 1000)
    with pytest.raises(NotFound, match="too large"):
        pictures.draw(png(), pictures.SHOWN)


def test_the_rights_pictures_are_shown_beside_the_page(page: Client, add_hit: Add, home: Path) -> None:
    hit = with_picture(add_hit(), home, png())
    answer = page.get(f"/hits/{hit.pk}/registered/0.webp")
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert f"/hits/{hit.pk}/registered/0.webp" in page.get(f"/hits/{hit.pk}").content.decode()
    assert page.get(f"/hits/{hit.pk}/registered/1.webp").status_code == 404


def test_a_products_photograph_stands_with_its_mark(page: Client, add_hit: Add, home: Path) -> None:
    hit = add_hit()
    mark = hit.right
    product = Right.objects.create(
        tenant=mark.tenant, registration_no="P-1", watch_list=mark.watch_list, kind="product", name="P",
        data={"mark": mark.registration_no},
    )  # fmt: skip
    keep_picture(product, home, png())
    assert page.get(f"/hits/{hit.pk}/registered/0.webp").status_code == 200


def test_an_svg_of_a_watch_list_is_not_shown(page: Client, add_hit: Add, home: Path) -> None:
    hit = with_picture(add_hit(), home, SVG)
    assert page.get(f"/hits/{hit.pk}/registered/0.webp").status_code == 404


def test_a_row_with_a_screenshot_shows_its_thumbnail(
    page: Client, add_hit: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit, plain = add_hit(), add_hit()
    add_screenshot(hit, monkeypatch, png())
    text = page.get("/queue/27").content.decode()
    assert f"/hits/{hit.pk}/thumb.webp?" in text and f"/hits/{plain.pk}/thumb.webp" not in text
    assert size_of(page.get(f"/hits/{hit.pk}/thumb.webp").content) == pictures.THUMBNAIL
    assert page.get(f"/hits/{plain.pk}/thumb.webp").status_code == 404


def test_captured_html_is_not_handed_out_as_a_screenshot(
    page: Client, add_hit: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = add_hit()
    add_screenshot(hit, monkeypatch, b"<html><script>alert(1)</script>")
    for name in ("thumb.webp", "screenshot.png"):
        assert page.get(f"/hits/{hit.pk}/{name}").status_code == 404


def test_a_stranger_sees_no_picture(
    add_hit: Add, log_in: Callable[[User], Client], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hit = with_picture(add_hit(tenant="holder"), home, png())
    add_screenshot(hit, monkeypatch, png())
    for tenant, status in (("holder", 200), ("stranger", 404)):
        page = log_in(add_person(f"{tenant}-person", Role.RIGHTS_HOLDER, tenant))
        for name in ("thumb.webp", "registered/0.webp", "screenshot.png"):
            assert page.get(f"/hits/{hit.pk}/{name}").status_code == status, (tenant, name)


def with_picture(hit: Hit, home: Path, data: bytes) -> Hit:
    keep_picture(hit.right, home, data)
    return hit


def keep_picture(right: Right, home: Path, data: bytes) -> None:
    (home / "library").mkdir(exist_ok=True)
    (home / "library" / "logo.png").write_bytes(data)
    Right.objects.filter(pk=right.pk).update(data={**right.data, "logo_paths": ["logo.png"]})


def add_screenshot(hit: Hit, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    bundle = Bundle.objects.create(digest="a" * 64, kind="screenshot", url="", sealed_at=NOW, size=1)
    CaptureRequest.objects.create(
        hit=hit, url="", reason="new", requested_at=NOW, state="done", bundle=bundle, ended_at=NOW
    )
    monkeypatch.setattr("infringewatch.web.views.hit.read_file", lambda *_names: (data, "image/png"))
