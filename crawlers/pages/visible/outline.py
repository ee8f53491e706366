"""The page as a reader sees it: lines of text in order, each with the regions it stands in.

One walk over the tree serves prices, labels, main text and links; nothing is looked at twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages.source import squeeze
from crawlers.pages.visible.regions import Region, region_of

MAX_NODES = 200_000
_INLINE_TAGS = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr"
)
_INLINE = frozenset(_INLINE_TAGS.split())
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRIKING_STYLE = re.compile(r"line-through", re.I)


@dataclass(slots=True)
class Element:
    """One element: ``block`` is the index of the nearest element around it (or itself) that breaks lines."""

    node: LexborNode
    tag: str
    names: str
    parent: int
    block: int
    region: Region
    depth: int
    attributes: dict[str, str | None]


@dataclass(slots=True)
class Piece:
    """A run of text inside one element. ``element`` is its index."""

    text: str
    element: int
    region: Region


@dataclass(slots=True)
class Line:
    """What stands on one line: pieces of text between two line breaks. ``number`` counts lines from 0."""

    number: int
    block: int
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    region: Region = Region.NONE


class Outline:
    """Elements in document order (``elements[0]`` is the root) and the lines of text that they make."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.elements: list[Element] = []
        self.lines: list[Line] = []
        self.cut = False
        self._index: dict[int, int] = {}
        self._line: Line | None = None
        root = tree.root
        if root is not None:
            self._walk(root)

    def _walk(self, root: LexborNode) -> None:
        skipped: set[int] = set()
        for count, node in enumerate(root.traverse(include_text=True)):
            if count >= MAX_NODES:
                self.cut = True
                break
            parent = node.parent
            above = parent.mem_id if parent is not None else 0
            if above in skipped:
                if node.is_element_node:
                    skipped.add(node.mem_id)
                continue
            if node.is_element_node:
                if not self._open(node, self._index.get(above, -1)):
                    skipped.add(node.mem_id)
            elif node.is_text_node and above in self._index:
                self._add_text(node.text_content or "", self._index[above])
        self._end_line()

    def _open(self, node: LexborNode, parent: int) -> bool:
        """Take the element in; False where nothing inside can be seen."""
        tag = node.tag or ""
        attributes = node.attributes
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
        region = region_of(tag, names[:200], (attributes.get("role") or "").lower())
        if (own := _own_region(attributes)) is not Region.NONE:  # joining flags costs more than all else here
            region |= own
        above = self.elements[parent] if parent >= 0 else None
        index = len(self.elements)
        inline = tag in _INLINE and above is not None
        block = above.block if inline and above is not None else index
        inherited = above.region if above is not None else Region.NONE
        if tag == "header" and not inherited & Region.CONTENT:
            region |= Region.HEADER
        depth = above.depth + 1 if above is not None else 0
        whole = inherited if region is Region.NONE or region is inherited else region | inherited
        self.elements.append(Element(node, tag, names, parent, block, whole, depth, attributes))
        self._index[node.mem_id] = index
        if not inline:
            self._end_line()
        return region is Region.NONE or not region & Region.SCRIPT

    def _add_text(self, text: str, element: int) -> None:
        if not text:
            return
        owner = self.elements[element]
        line = self._line
        if line is None or line.block != owner.block:
            self._end_line()
            if text.isspace():
                return
            line = self._line = Line(len(self.lines), owner.block)
        if owner.tag == "sup" and text.strip().isdigit() and line.pieces and line.pieces[-1].text[-1:].isdigit():
            text = "." + text.strip()  # 34<sup>99</sup> is 34.99
        line.pieces.append(Piece(text, element, owner.region))

    def _end_line(self) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        line.text = squeeze("".join(piece.text for piece in line.pieces))
        if not line.text:
            return
        line.region = line.pieces[0].region
        for piece in line.pieces[1:]:
            if piece.region is not line.region:
                line.region &= piece.region
        self.lines.append(line)

    def find(self, node: LexborNode) -> Element | None:
        """The element that ``node`` is, if the walk came to it."""
        index = self._index.get(node.mem_id)
        return None if index is None else self.elements[index]

    def ancestors(self, index: int) -> list[int]:
        """Indexes from ``index`` itself up to the root."""
        chain = []
        while index >= 0:
            chain.append(index)
            index = self.elements[index].parent
        return chain


def _own_region(attributes: dict[str, str | None]) -> Region:
    region = Region.NONE
    if "hidden" in attributes:
        region |= Region.HIDDEN
    style = attributes.get("style")
    if style:
        if _HIDING_STYLE.search(style):
            region |= Region.HIDDEN
        if _STRIKING_STYLE.search(style):
            region |= Region.STRUCK
    return region
