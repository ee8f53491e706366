"""Small drawn pictures for the fictional pages: a shape on a ground whose colour comes from a number. No font needed."""

from __future__ import annotations

_SHAPES = {
    "shoe": '<path d="M50 190 q0-60 40-70 l40 30 q40 30 100 30 q30 5 30 35 H50z"/>',
    "bag": '<rect x="80" y="130" width="160" height="120" rx="14"/>'
    '<path d="M120 130 q0-60 40-60 t40 60" fill="none" stroke="#fff" stroke-width="12"/>',
    "bottle": '<rect x="120" y="120" width="80" height="140" rx="16"/><rect x="140" y="70" width="40" height="42" rx="6"/>',
    "watch": '<rect x="138" y="50" width="44" height="220" rx="8" opacity=".6"/><circle cx="160" cy="160" r="62"/>',
    "headphones": '<path d="M80 180 a80 80 0 0 1 160 0" fill="none" stroke="#fff" stroke-width="16"/>'
    '<rect x="66" y="170" width="36" height="66" rx="14"/><rect x="218" y="170" width="36" height="66" rx="14"/>',
    "leaf": '<path d="M70 230 q10-150 180-150 q0 160-150 160 l-20 20z"/>',
    "pan": '<circle cx="130" cy="165" r="76"/><rect x="200" y="154" width="96" height="22" rx="11"/>',
    "book": '<path d="M70 80 h180 v170 h-180z" opacity=".9"/><path d="M96 110 h128 v10 h-128z M96 136 h84 v10 h-84z" fill="#0004"/>',
    "film": '<path d="M120 100 l100 60 l-100 60z"/>',
}


def draw_picture(shape: str, number: int) -> str:
    """An SVG of 320 by 320."""
    hue = number * 47 % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="320" height="320" viewBox="0 0 320 320">'
        f'<rect width="320" height="320" fill="hsl({hue},34%,62%)"/>'
        f'<circle cx="250" cy="70" r="120" fill="hsl({hue + 24},42%,70%)"/>'
        f'<g fill="#fff" fill-opacity=".92">{_SHAPES.get(shape, _SHAPES["bag"])}</g></svg>'
    )
