"""The lines of a page that are its running text: a voter's choice, mended by what the outline knows of each line.

Voters see one block of the page at a time. The outline tells which lines they left out stand in boxes of the same make
as those they took, and which they took are the title again, links to other pages or the site's own notices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from crawlers.pages.visible.outline import Line, Outline
from crawlers.pages.visible.regions import ASIDE, Region

_NOT_WORD = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")
_LONG = 24  # letters: shorter lines are found in any text by chance
_NOTICE = re.compile(
    r"^\W*(?:(?:read|see|find out|learn|watch|hear|discover) (?:more|also|next|now)\b|more (?:on|from|about|stories|news)\b|related\b(?!\s+to)|also (?:on|read|see|watch)\b|"
    r"don['’]?t miss\b|(?:you )?(?:may|might) also (?:like|be interested)|recommended\b|like this (?:story|article|post)|share (?:this|it|on)\b|follow (?:us|me|him|her|them)\b|"
    r"sign up\b|subscribe\b|get (?:the|our|all|fox|more)\b.{0,80}\b(?:newsletter|updates?|inbox|app|on the go|every month)\b|click here\b|join (?:our|the) .{0,40}(?:newsletter|community|channel)|"
    r"thanks for (?:signing|subscribing)|keep an eye on your inbox|have a (?:news )?tip\b|download (?:the|our) .{0,40}\bapp\b|advertisement\b|sponsored\b|"
    r"photo(?:graph)?s?\s*(?:by|:|credit)|image (?:credit|source)|photo credit|(?:©|\(c\)|copyright\b).{0,60}$|all rights reserved|filed under|posted in|tagged\b|tags?\s*:|"
    r"(?:leggi|vedi) anche|lire aussi|à lire|lesen sie (?:auch|mehr)|mehr (?:zum thema|dazu)|lees (?:ook|meer)|lea también|leia (?:também|mais)|veja também|"
    r"читайте также|см\. также|по теме|läs (?:också|mer|även)|les også|lue myös|czytaj (?:też|także|więcej)|čtěte také|"
    r"相关(?:阅读|推荐|文章|新闻)|推荐阅读|延伸阅读|更多(?:精彩|内容|阅读)|猜你喜欢|热门推荐|上一[篇章页]|下一[篇章页]|责任编辑|(?:扫|扫描).{0,12}二维码|关注.{0,20}(?:公众号|微信|微博)|"
    r"分享到|免责声明|版权声明|本文(?:来源|转自|地址|链接)|転載禁止|関連記事|あわせて読みたい|관련\s*기사|무단전재)",
    re.I,
)
_MOST_NOTICE = 220  # characters: what is longer says more than where to go next
_BESIDE = (
    Region.RELATED
    | Region.COMMENTS
    | Region.FOOTER
    | Region.NAVIGATION
    | Region.SIDEBAR
    | Region.ADVERT
    | Region.SCRIPT
)
_INSIDE = frozenset({"h2", "h3", "h4", "h5", "ul", "ol", "dl", "table", "blockquote", "pre"})
_QUOTES = frozenset({"blockquote"})
_FEW = 3
_SENTENCE, _ENOUGH = 60, 200  # characters


def mend_text(outline: Outline, chosen: str, titles: Sequence[str], description: str) -> str:
    """The running text, line by line in page order. ``chosen`` is a voter's text; empty where that is.

    ``titles`` are the names of the page and ``description`` its summary, which do not belong to the text.
    """
    lines = _voted(outline, chosen)
    if not lines:
        return chosen
    boxes = _Boxes(outline, lines)
    taken = {line.number for line in lines if len(line.text) > _LONG or boxes.owns_short(line)}
    first, last = _span(lines)
    for line in outline.lines:
        if line.number > first and line.number not in taken and boxes.own(line, between=line.number < last):
            taken.add(line.number)
    kept = [line for line in outline.lines if line.number in taken]
    kept = _without_head(kept, titles, description, boxes)
    kept = [line for line in kept if not _is_notice(line)]
    return "\n".join(line.text for line in _without_tail(_without_links(_without_asides(kept, boxes)), boxes))


class _Boxes:
    """The boxes that hold the text: the elements around the chosen paragraphs, and what makes them alike."""

    def __init__(self, outline: Outline, lines: Sequence[Line]) -> None:
        self._outline = outline
        weights: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for line in lines:
            if len(line.text) > _LONG:
                make = self.make_of(line)
                weights[make] += len(line.text)
                counts[make] += 1
        most = max(weights.values(), default=0)
        self.makes = {make for make, count in counts.items() if count >= _FEW and weights[make] >= most / 8}
        self.main = {make for make, weight in weights.items() if weight >= most / 4}
        self.usual = _common_region([line for line in lines if self.make_of(line) in self.main])
        owned = Counter(line.block for line in lines)
        self.around = {
            line.block if owned[line.block] >= _FEW else outline.elements[line.block].parent
            for line in lines
            if self.make_of(line) in self.main
        }

    def make_of(self, line: Line) -> str:
        """Tags and class names around a line, numbers left out: paragraphs of one text are of one make."""
        chain = [self._outline.elements[index] for index in self._outline.ancestors(line.block)[:4]]
        return _DIGITS.sub("", "/".join(f"{one.tag}.{one.attributes.get('class') or ''}" for one in chain))

    def owns_short(self, line: Line) -> bool:
        """A short line is in any text by chance: it counts only where the text stands."""
        return not self.makes or self.make_of(line) in self.makes or self.holds(line)

    def own(self, line: Line, *, between: bool) -> bool:
        """Whether a line that the voter left out is of the text: of the make of many that it took, or, ``between``
        two of them, a heading, list, table or quotation in the same box."""
        region = line.region & ~self.usual
        if region & (_BESIDE | Region.HIDDEN | Region.FORM | Region.CAPTION):
            return False
        if region & Region.SHARE:  # a post of a social network, quoted
            return between and self.holds(line, _QUOTES)
        return self.make_of(line) in self.makes or (between and self.holds(line, _INSIDE))

    def holds(self, line: Line, tags: frozenset[str] | None = None) -> bool:
        """Whether the line stands in a box of the text, below one of ``tags`` if given."""
        elements = self._outline.elements
        below = False
        for index in self._outline.ancestors(line.block):
            below = below or tags is None or elements[index].tag in tags
            if elements[index].parent in self.around:
                return below
        return False


def _common_region(lines: Sequence[Line]) -> Region:
    """Where all of the text stands, by names that mean something else on this site: an article in a ``sidebar-fixed``."""
    region = ~Region.NONE if lines else Region.NONE
    for line in lines:
        region &= line.region
    return region


def plain(text: str) -> str:
    """Letters and digits only: what two readers of one page agree on."""
    return _NOT_WORD.sub("", text).lower()


def _voted(outline: Outline, chosen: str) -> list[Line]:
    whole = plain(chosen)
    short = {plain(line) for line in chosen.splitlines()}
    found = []
    for line in outline.lines:
        if line.region & Region.SCRIPT or outline.elements[line.block].tag in ("title", "head"):
            continue
        letters = plain(line.text)
        if letters and (letters in whole if len(letters) >= _LONG else letters in short):
            found.append(line)
    return _once(found)


def _once(lines: list[Line]) -> list[Line]:
    """Each long line once, where it is seen; a short one may be said twice."""
    best: dict[str, Line] = {}
    for line in lines:
        known = best.get(line.text)
        if known is None or (known.region & ASIDE and not line.region & ASIDE):
            best[line.text] = line
    chosen = {line.number for line in best.values()}
    return [line for line in lines if line.number in chosen or len(line.text) <= _LONG]


def _span(lines: list[Line]) -> tuple[int, int]:
    long = [line.number for line in lines if len(line.text) > _LONG] or [line.number for line in lines]
    return long[0], long[-1]


def _without_head(lines: list[Line], titles: Sequence[str], description: str, boxes: _Boxes) -> list[Line]:
    """Without the title and the summary that stand before the text."""
    names = {plain(title) for title in titles if title}
    summary = plain(description)
    start = 0
    while start < min(len(lines), 6):
        line = lines[start]
        letters = plain(line.text)
        is_title = letters in names or bool(line.pieces[0].region & Region.TITLE)
        is_summary = len(letters) > _LONG and letters == summary and boxes.make_of(line) not in boxes.makes
        if not is_title and not is_summary:
            break
        start += 1
    return lines[start:]


def _is_notice(line: Line) -> bool:
    return len(line.text) <= _MOST_NOTICE and _NOTICE.match(line.text) is not None


def _without_links(lines: list[Line]) -> list[Line]:
    """Without lines that are one link, unless there is little else."""
    own = [  # an address that is written out is text
        line
        for line in lines
        if line.text.startswith("http") or any(p.text.strip() and not p.region & Region.LINK for p in line.pieces)
    ]
    return own if sum(len(line.text) for line in own if len(line.text) > _SENTENCE) >= _ENOUGH else lines


def _without_tail(lines: list[Line], boxes: _Boxes) -> list[Line]:
    """Without what follows the last line in a box of the text."""
    ends = [at for at, line in enumerate(lines) if boxes.make_of(line) in boxes.main or boxes.holds(line)]
    return lines[: ends[-1] + 1] if ends else lines


def _without_asides(lines: list[Line], boxes: _Boxes) -> list[Line]:
    """Without what stands in a box beside the text."""
    return [line for line in lines if not line.region & ~boxes.usual & _BESIDE]
