"""Microdata, RDFa and microformats: three ways to hang an object's properties on the page's own elements.

Lenient where pages are: a property belongs to the nearest open object around it, ``itemref`` is not followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from crawlers.pages.source import PageSource, squeeze

MAX_PROPERTIES = 6000
_VALUE_ATTRIBUTES = {
    "meta": "content",
    "link": "href",
    "a": "href",
    "area": "href",
    "img": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "iframe": "src",
    "embed": "src",
    "object": "data",
    "time": "datetime",
    "data": "value",
    "meter": "value",
}
_URL_PROPERTIES = frozenset(
    {"url", "image", "sameas", "contenturl", "embedurl", "thumbnailurl", "availability", "itemcondition"}
)
_Names = Callable[[dict[str, str | None]], list[str]]


@dataclass(frozen=True, slots=True)
class _Notation:
    """How one markup writes: which elements count, which open an object of which types, which properties they fill."""

    selector: str
    types: _Names
    properties: _Names


def read_microdata(source: PageSource) -> list[Any]:
    """Objects of ``itemscope``/``itemprop``."""
    return _read(source, _MICRODATA)


def read_rdfa(source: PageSource) -> list[Any]:
    """Objects of RDFa Lite (``typeof``/``property``)."""
    return _read(source, _RDFA)


def read_microformats(source: PageSource) -> list[Any]:
    """h-product, h-entry, hproduct, hentry and the like, under the property names of schema.org."""
    return _read(source, _MICROFORMATS)


def _read(source: PageSource, notation: _Notation) -> list[Any]:
    nodes = source.tree.css(notation.selector)[:MAX_PROPERTIES]
    owners: dict[int, dict[str, Any]] = {}
    tops: list[Any] = []
    for node in nodes:
        attributes = node.attributes
        types = notation.types(attributes)
        names = notation.properties(attributes)
        owner = _owner_of(node, owners)
        value: Any = None
        if types is not _NO_TYPES:
            value = owners[node.mem_id] = {"@type": types}
            if names == [] or owner is None:
                tops.append(value)
            if (link := attributes.get("itemid") or attributes.get("resource")) and "url" not in value:
                value["@id"] = link
        elif names:
            value = _value_of(node, attributes, names)
        if owner is not None and value not in (None, ""):
            for name in names:
                _put(owner, name, value)
    return tops


_NO_TYPES: list[str] = []


def _owner_of(node: LexborNode, owners: dict[int, dict[str, Any]]) -> dict[str, Any] | None:
    above = node.parent
    while above is not None:
        if (owner := owners.get(above.mem_id)) is not None:
            return owner
        above = above.parent
    return None


def _put(owner: dict[str, Any], name: str, value: Any) -> None:
    known = owner.get(name)
    if known is None:
        owner[name] = value
    elif isinstance(known, list):
        if len(known) < 200:
            known.append(value)
    else:
        owner[name] = [known, value]


def _value_of(node: LexborNode, attributes: dict[str, str | None], names: list[str]) -> str:
    """The machine-readable value where there is one. A link counts as an address only for properties that are one."""
    tag = node.tag or ""
    wanted = _VALUE_ATTRIBUTES.get(tag, "content")
    if tag == "a" and not {name.lower() for name in names} & _URL_PROPERTIES:
        wanted = "content"
    for key in (wanted, "content", "data-src" if tag == "img" else "datetime"):
        if (value := attributes.get(key)) and value.strip():
            return value.strip()
    return squeeze(node.text(separator=" " if tag in ("div", "section", "article", "ul", "dl") else ""))


def _split(value: str | None) -> list[str]:
    return (value or "").split()


def _itemprops(attributes: dict[str, str | None]) -> list[str]:
    return [name.rsplit("/", 1)[-1] for name in _split(attributes.get("itemprop"))]


def _itemtypes(attributes: dict[str, str | None]) -> list[str]:
    return _split(attributes.get("itemtype")) or ["Thing"] if "itemscope" in attributes else _NO_TYPES


def _rdfa_properties(attributes: dict[str, str | None]) -> list[str]:
    return [name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in _split(attributes.get("property"))]


def _rdfa_types(attributes: dict[str, str | None]) -> list[str]:
    return _split(attributes.get("typeof")) or _NO_TYPES


_ROOT_CLASSES = {
    "h-product": "Product",
    "hproduct": "Product",
    "hlisting": "Product",
    "h-listing": "Product",
    "h-item": "Product",
    "h-entry": "BlogPosting",
    "hentry": "BlogPosting",
    "h-review": "Review",
    "hreview": "Review",
    "h-card": "Person",
    "vcard": "Person",
    "h-cite": "CreativeWork",
}
_PROPERTY_CLASSES = {
    "p-name": "name",
    "fn": "name",
    "entry-title": "name",
    "p-price": "price",
    "u-url": "url",
    "u-photo": "image",
    "u-video": "contentUrl",
    "photo": "image",
    "p-brand": "brand",
    "brand": "brand",
    "p-category": "category",
    "category": "category",
    "e-description": "description",
    "p-description": "description",
    "p-summary": "description",
    "e-content": "articleBody",
    "entry-content": "articleBody",
    "p-author": "author",
    "author": "author",
    "dt-published": "datePublished",
    "published": "datePublished",
    "u-identifier": "sku",
    "identifier": "sku",
    "price": "price",
}


def _mf_types(attributes: dict[str, str | None]) -> list[str]:
    classes = _split(attributes.get("class"))
    return [_ROOT_CLASSES[name] for name in classes if name in _ROOT_CLASSES] or _NO_TYPES


def _mf_properties(attributes: dict[str, str | None]) -> list[str]:
    return [_PROPERTY_CLASSES[name] for name in _split(attributes.get("class")) if name in _PROPERTY_CLASSES]


_MICRODATA = _Notation("[itemscope], [itemprop]", _itemtypes, _itemprops)
_RDFA = _Notation("body [typeof], body [property]", _rdfa_types, _rdfa_properties)
_MICROFORMATS = _Notation(
    ", ".join(f".{name}" for name in [*_ROOT_CLASSES, *_PROPERTY_CLASSES]), _mf_types, _mf_properties
)
