"""Signs that a list goes on without an address of its own: a button, or a script that waits for scrolling. Pure."""

from __future__ import annotations

import re

_WORDS = "加载更多|查看更多|更多商品|显示更多|下一页|下一頁|后一页|load more|show more|more results|next page|next"
MORE_BUTTON = re.compile(rf"^\s*(?:{_WORDS})\W*$", re.I)
"""The text of what can be clicked for more."""

_REAL_ADDRESS = r"""[^<>]*\bhref=(?:"(?!#"|javascript:)|'(?!#'|javascript:)|(?!["'#]|javascript:))"""
_SCRIPTED = re.compile(
    rf"<(?:button\b|a\b(?!{_REAL_ADDRESS})|\w+\b[^<>]*\brole=[\"']?button)[^<>]*>\s*"
    rf"(?:<[^<>]+>\s*)*(?:{_WORDS})\W{{0,3}}\s*<",
    re.I,
)
_SCROLL = re.compile(
    r"IntersectionObserver|infinite[-_]?scroll|load[-_]?more|onscroll\s*=|\[?['\"]scroll['\"]\s*,", re.I
)


def goes_on_by_script(html: str) -> bool:
    """Whether a list page seems to have more that only a browser gets. Asked only of lists without a next link."""
    return bool(_SCRIPTED.search(html) or _SCROLL.search(html))
