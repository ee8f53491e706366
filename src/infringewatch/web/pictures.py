"""Pictures as the pages show them: always drawn anew, smaller, so that no byte of a foreign file reaches a browser."""

from __future__ import annotations

import hashlib
import io
import warnings
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from infringewatch.errors import NotFound
from infringewatch.settings import get_settings

THUMBNAIL = (112, 84)
"""Twice what a row shows, for sharp screens."""
SHOWN = (900, 900)
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # no SVG: it is a program
_MOST_BYTES = 64 << 20
_MOST_PIXELS = 120_000_000  # a page of 1280 × 90,000; decoded it takes 480 MB at most
_QUALITY = 80


def read_shown(path: Path) -> bytes:
    """The picture at ``path`` as WebP of at most 900 pixels each way. Raises NotFound where it is none."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise NotFound("this picture is too large to be shown")
        data = path.read_bytes()
    except OSError as error:
        raise NotFound("this picture cannot be read any more") from error
    return draw(data, SHOWN)


def draw(data: bytes, size: tuple[int, int], *, top: bool = False) -> bytes:
    """``data`` as WebP that fits into ``size``; with ``top`` its top, cut to fill that. Raises NotFound for no picture.

    What was drawn once is kept in the cache by content.
    """
    kept = _cache_file(data, size, top)
    if kept.is_file():
        return kept.read_bytes()
    drawn = _draw(data, size, top)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_name(f".part-{hashlib.sha256(drawn).hexdigest()[:8]}-{kept.name}")
    part.write_bytes(drawn)
    part.replace(kept)
    return drawn


def _draw(data: bytes, size: tuple[int, int], top: bool) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is ours
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    raise NotFound("this picture is too large to be shown")
                picture = _top_of(opened, size) if top else _whole(opened, size)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise NotFound("this file is no picture that can be shown") from error
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY)
    return out.getvalue()


def _top_of(opened: Image.Image, size: tuple[int, int]) -> Image.Image:
    height = min(opened.height, opened.width * size[1] // size[0])
    return ImageOps.fit(opened.crop((0, 0, opened.width, max(1, height))).convert("RGB"), size)


def _whole(opened: Image.Image, size: tuple[int, int]) -> Image.Image:
    opened.draft("RGB", size)
    picture = ImageOps.exif_transpose(opened).convert("RGBA" if "A" in opened.getbands() else "RGB")
    picture.thumbnail(size)
    return picture


def _cache_file(data: bytes, size: tuple[int, int], top: bool) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    name = f"{digest}-{size[0]}x{size[1]}{'-top' * top}.webp"
    return get_settings().cache_dir / "pictures" / digest[:2] / name
