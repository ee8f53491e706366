"""What a fictional site answers, and the frame that its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class DemoSite(Protocol):
    """``origin`` is scheme, host and port; ``query`` holds the last value of each parameter."""

    name: str

    def respond(self, path: str, query: Mapping[str, str], origin: str) -> Answer: ...


_STYLE = (
    "body{font:15px/1.7 sans-serif;margin:0;color:#222;background:#f6f6f4}header,main,footer{max-width:1040px;margin:auto;"
    "padding:12px 20px}header{display:flex;gap:18px;align-items:baseline}main{background:#fff;display:flex;gap:28px}"
    "article,section.list{flex:1}aside{width:220px;font-size:13px;color:#666}ul{padding-left:18px}a{color:#245}"
    ".grid{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;list-style:none;padding:0}.grid img{width:100%}"
    ".price{color:#c22;font-size:22px}del{color:#999;font-size:14px}.pic{width:300px;float:left;margin-right:22px}"
)


def page(site: str, title: str, main: str, *, head: str = "", aside: str = "", nav: str = "") -> str:
    """A whole HTML page; ``title`` is escaped here, the other parts are markup."""
    return (
        '<!doctype html><html lang="zh-CN"><head>'
        f"<title>{escape(title)} - {escape(site)}</title>{head}<style>{_STYLE}</style></head><body>"
        f'<header><strong><a href="/">{escape(site)}</a></strong> {nav}</header>'
        f"<main>{main}<aside>{aside}</aside></main>"
        f"<footer>© {escape(site)} 虚构站点，仅供演示</footer></body></html>"
    )


def html(markup: str, *, status: int = 200) -> Answer:
    return Answer(markup.replace("<head>", '<head><meta charset="utf-8">', 1).encode(), status=status)


def plain(text: str, *, status: int = 200) -> Answer:
    return Answer(text.encode(), "text/plain; charset=utf-8", status)


def svg(picture: str) -> Answer:
    return Answer(picture.encode(), "image/svg+xml")


def link_list(links: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f'<li><a href="{escape(url)}">{escape(text)}</a></li>' for url, text in links) + "</ul>"
