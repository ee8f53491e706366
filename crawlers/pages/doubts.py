"""Doubts about a page that answered: a missing page in disguise, a captcha, a login wall, a page that only scripts fill.

Doubts only: whoever fetched decides, with the status and a probe of the host at hand.
"""

from __future__ import annotations

import re

from crawlers.pages.reading import SoftSignal
from crawlers.pages.view import PageView
from infringewatch.model import Outcome

_MISSING = re.compile(
    r"\b404\b|not\s+found|no\s+longer\s+available|页面不存在|找不到|已下架|已删除|走丢|不存在|没有找到|已失效", re.I
)
_CAPTCHA = re.compile(r"captcha|are you (a )?(human|robot)|验证码|滑块|安全验证|人机验证|拖动.{0,6}验证", re.I)
_LOGIN = re.compile(r"log\s*in|sign\s*in|登录|登錄", re.I)
_SCRIPTED = re.compile(
    r"fetch\s*\(|XMLHttpRequest|\.innerHTML\s*=|createElement|createRoot|createApp|\$\.get|axios", re.I
)
_ASKS_FOR_SCRIPT = re.compile(r"java\s?script|脚本", re.I)
_SHORT = 400
_NEARLY_EMPTY = 160
_A_SENTENCE = 80


def find_doubts(view: PageView, text: str, *, has_item: bool) -> tuple[SoftSignal, ...]:
    """What speaks against taking the page at its word. ``text`` is its running text."""
    found = []
    tree = view.source.tree
    named = f"{view.source.document_title}\n{view.heading}"
    if len(text) < _SHORT and (_CAPTCHA.search(named) or (_CAPTCHA.search(text) and not has_item)):
        found.append(SoftSignal(Outcome.CAPTCHA, "a short page that asks for a captcha"))
    if not has_item and tree.css_first('input[type="password"]') is not None and len(text) < _SHORT:
        found.append(SoftSignal(Outcome.LOGIN_WALL, "nothing but a form for a password"))
    elif not has_item and _LOGIN.fullmatch(view.heading.strip()):
        found.append(SoftSignal(Outcome.LOGIN_WALL, f"the page calls itself “{view.heading.strip()[:40]}”"))
    if not has_item and len(text) < _SHORT:
        missing = _MISSING.search(named) or (_MISSING.search(text) if len(text) < _A_SENTENCE else None)
        if missing:
            found.append(SoftSignal(Outcome.SOFT_404, f"answers, but says “{missing[0]}”"))
    if not has_item and len(text) < _NEARLY_EMPTY and _wants_script(view):
        found.append(SoftSignal(Outcome.NEEDS_BROWSER, "nearly empty until a script fills it"))
    return tuple(found)


def _wants_script(view: PageView) -> bool:
    tree = view.source.tree
    if any(_ASKS_FOR_SCRIPT.search(node.text() or "") for node in tree.css("noscript")[:5]):
        return True
    if any(_SCRIPTED.search(node.text() or "") for node in tree.css("script:not([src])")[:20]):
        return True
    return bool(tree.css("script[src]")) and any(
        not node.text().strip() for node in tree.css("#app, #root, #__next, #main, #list, #content")[:5]
    )
