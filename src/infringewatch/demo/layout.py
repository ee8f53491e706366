"""What the three demo sites share: loading their content, escaping, and answers."""

from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says to one request. ``charset`` in the content type may be a lie, as on real sites."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200


def page(body: str) -> Answer:
    return Answer(body.encode())


def missing(body: str = "<!doctype html><title>404</title><h1>404 Not Found</h1>") -> Answer:
    return Answer(body.encode(), status=404)


@cache
def load_content(name: str) -> dict[str, Any]:
    """One of the content files, as it was written."""
    loaded: dict[str, Any] = yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def esc(value: object) -> str:
    return html.escape(str(value))


def picture(label: str, seed: int) -> Answer:
    """A plain picture for a product: three shapes whose colours and places follow from its number."""
    hue = seed * 47 % 360
    shapes = "".join(
        f'<circle cx="{40 + (seed * (n + 3)) % 120}" cy="{50 + (seed * (n + 7)) % 90}" r="{18 + 9 * n}" '
        f'fill="hsl({(hue + 40 * n) % 360} 55% {60 - 9 * n}%)"/>'
        for n in range(3)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><rect width="200" height="200" '
        f'fill="hsl({hue} 30% 92%)"/>{shapes}<title>{esc(label)}</title></svg>'
    )
    return Answer(svg.encode(), "image/svg+xml")
