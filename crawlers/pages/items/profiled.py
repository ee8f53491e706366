"""Fields that a site profile's selectors name. They go before everything else."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborNode, SelectolaxError

from crawlers.pages.items.draft import Draft
from crawlers.pages.source import PageSource, squeeze
from crawlers.pages.values.prices import Locale, parse_price
from crawlers.pages.values.times import read_date, read_duration
from crawlers.pages.visible.stock import read_availability
from infringewatch.ruleset import Selector

_PARAGRAPHS = frozenset({"text", "description"})
_LISTS = frozenset({"image_urls", "image_paths"})
_URLS = frozenset({"parent_url", "video_path"})


def offer_selected(
    draft: Draft, node: LexborNode, selectors: dict[str, Selector], source: PageSource, locale: Locale
) -> None:
    """Offer every field that ``selectors`` find below ``node``."""
    for name, selector in selectors.items():
        raw = select(node, selector, lines=name in _PARAGRAPHS)
        if not raw:
            continue
        if name == "price":
            price = parse_price(raw[0], locale)
            if price:
                draft.offer_price(price.amount, price.currency or locale.currency, "profile")
            continue
        draft.offer(name, _read_value(name, raw, selector, source), "profile")


def select(node: LexborNode, selector: Selector, *, lines: bool = False) -> list[str]:
    """The texts that a selector finds; those of the first CSS expression that finds any."""
    for css in selector.css:
        try:
            found = node.css(css)
        except (SelectolaxError, ValueError):
            continue
        texts = [text for one in found if (text := _text_of(one, selector, lines=lines))]
        if texts:
            return texts
    return []


def _text_of(node: LexborNode, selector: Selector, *, lines: bool) -> str:
    if selector.attr:
        text = node.attributes.get(selector.attr) or ""
    elif lines:
        text = "\n".join(filter(None, (squeeze(part) for part in node.text(separator="\n").splitlines())))
    else:
        text = squeeze(node.text())
    if selector.regex:
        found = re.search(selector.regex, text)
        text = (found[1] if found and found.re.groups else found[0] if found else "") or ""
    return text.strip()


def _read_value(name: str, raw: list[str], selector: Selector, source: PageSource) -> Any:
    if name in _LISTS:
        return [url for text in raw if (url := source.absolute(text))]
    if name in _URLS:
        return source.absolute(raw[0])
    text = selector.join.join(raw) if selector.join is not None else raw[0]
    if name == "duration_s":
        return read_duration(text)
    if name == "published_at":
        return read_date(text) or text
    if name in ("position", "nice_class"):
        digits = re.search(r"\d+", text)
        return int(digits[0]) if digits else None
    return read_availability(text) or text if name == "availability" else text
