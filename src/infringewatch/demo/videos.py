"""流光视频, the invented video site: sloppy VideoObject data, an official channel, re-uploads and innocent talk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from infringewatch.demo.answers import Answer, html, link_list, page, plain, svg
from infringewatch.demo.content import read_content
from infringewatch.demo.pictures import draw_picture

_PER_PAGE = 9


class Videos:
    name = "videos"

    def __init__(self) -> None:
        content = read_content("videos")
        self._title: str = content["name"]
        self._channels: dict[str, dict[str, Any]] = {row["id"]: row for row in content["channels"]}
        self._videos: dict[str, dict[str, Any]] = {str(row["id"]): row for row in content["videos"]}
        self._recent: list[int] = content["recent"]
        self._gone: list[int] = content["gone"]

    def respond(self, path: str, query: Mapping[str, str], origin: str) -> Answer:
        area, _, rest = path.strip("/").partition("/")
        answer = None
        if path == "/robots.txt":
            return plain("User-agent: *\nDisallow: /upload\n")
        if path == "/":
            answer = self._index(int(query["page"]) if query.get("page", "").isdigit() else 1)
        elif area == "v" and rest in self._videos:
            answer = self._video(rest, origin)
        elif area == "channel" and rest in self._channels:
            answer = self._channel(rest)
        elif area == "thumb":
            answer = svg(draw_picture("film", sum(map(ord, rest))))
        return answer or html(page(self._title, "没有这个视频", "<article><h1>没有这个视频</h1></article>"), status=404)

    def _index(self, number: int) -> Answer | None:
        keys = list(self._videos)
        shown = keys[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        if not shown:
            return None
        more = f'<a class="next" href="/?page={number + 1}">更多</a>' if number * _PER_PAGE < len(keys) else ""
        return self._answer(
            "最新上传", f'<section class="list"><h1>最新上传</h1>{self._grid(shown)}<nav>{more}</nav></section>'
        )

    def _channel(self, key: str) -> Answer:
        shown = [name for name, row in self._videos.items() if row["channel"] == key]
        title = self._channels[key]["name"]
        return self._answer(title, f'<section class="list"><h1>{title}</h1>{self._grid(shown)}</section>')

    def _grid(self, keys: list[str]) -> str:
        cards = "".join(
            f'<li><a class="video" href="/v/{key}" title="{escape(self._videos[key]["title"])}">'
            f'<img src="/thumb/{key}.svg" alt="">{escape(self._videos[key]["title"][:14])}</a></li>'
            for key in keys
        )
        return f'<ul class="grid">{cards}</ul>'

    def _video(self, key: str, origin: str) -> Answer:
        row = self._videos[key]
        channel = self._channels[row["channel"]]["name"]
        body = (
            f'<article><video controls poster="/thumb/{key}.svg" width="640"></video><h1>{escape(row["title"])}</h1>'
            f'<p class="channel"><a href="/channel/{row["channel"]}">{channel}</a> · {row["views"]} 次播放 · '
            f'{row["date"]} · {_clock(row["seconds"])}</p><div class="desc">{escape(row["desc"])}</div></article>'
        )
        head = f'<link rel="canonical" href="{origin}/v/{key}">{_describe(row, channel, origin)}'
        return self._answer(row["title"], body, head=head)

    def _answer(self, title: str, main: str, *, head: str = "") -> Answer:
        links = [(f"/v/{number}", self._videos[str(number)]["title"]) for number in self._recent]
        links += [(f"/v/{number}", "已删除的视频") for number in self._gone]
        nav = " ".join(f'<a href="/channel/{key}">{row["name"]}</a>' for key, row in self._channels.items())
        return html(page(self._title, title, main, head=head, aside=f"<h3>正在热播</h3>{link_list(links)}", nav=nav))


def _describe(row: dict[str, Any], channel: str, origin: str) -> str:
    """VideoObject as careless templates write it: a line break inside a string, entities, a human date."""
    record = {
        "@context": "http://schema.org",
        "@type": "VideoObject",
        "name": escape(row["title"]),
        "description": row["desc"].replace("。", "。@@"),
        "thumbnailUrl": f"{origin}/thumb/{row['id']}.svg",
        "uploadDate": f"{row['date'].year}年{row['date'].month}月{row['date'].day}日",
        "duration": f"PT{row['seconds'] // 60}M{row['seconds'] % 60}S",
        "author": {"@type": "Person", "name": channel},
    }
    text = json.dumps(record, ensure_ascii=False).replace("@@", "\n")
    return f'<script type="application/ld+json">{text}</script>'


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
