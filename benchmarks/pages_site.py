"""A made-up market for measuring: pages of ten kilobytes, two in a hundred of them hits, behind nginx on loopback."""

from __future__ import annotations

import getpass
import json
import os
import random
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE_BYTES = 10_000
HIT_SHARE = 0.02
MARKS = 1_000
_LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
_SYLLABLES = ("ka", "lo", "ver", "min", "tas", "ru", "bel", "on", "dra", "fi", "sul", "xe", "gor", "ny", "pa", "qui")
_CONF = """daemon off; {user} worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; default_type "text/html; charset=utf-8";
  client_body_temp_path {root}/t; proxy_temp_path {root}/t; fastcgi_temp_path {root}/t; uwsgi_temp_path {root}/t;
  scgi_temp_path {root}/t;
  server {{ listen 127.0.0.1:{port}; root {root}/pages; }} }}
"""


def make_names(chance: random.Random) -> list[str]:
    """Invented marks, each of four syllables."""
    return ["".join(chance.choices(_SYLLABLES, k=4)).title() for _ in range(MARKS)]


def write_watchlist(path: Path, names: list[str]) -> None:
    rows = [f"trademark,{name},TM-{number},4200,CNY" for number, name in enumerate(dict.fromkeys(names))]
    path.write_text("\n".join(["kind,name,registration_no,reference_price,currency", *rows]), encoding="utf-8")


def write_items(folder: Path, count: int, names: list[str]) -> None:
    """``count`` pages of one item each, and an index that links to all of them."""
    chance = random.Random(5)
    folder.mkdir(parents=True, exist_ok=True)
    _write_index(folder, [f"item-{number}.html" for number in range(count)])
    for number in range(count):
        title = make_title(chance, names)
        others = "".join(f'<li><a href="item-{chance.randrange(count)}.html">更多</a></li>' for _ in range(12))
        price = chance.randrange(60, 900)
        record = {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": title,
            "sku": f"SKU-{number}",
            "offers": {"@type": "Offer", "price": str(price), "priceCurrency": "CNY",
                       "seller": {"@type": "Organization", "name": f"小店{number % 90}"}},
        }  # fmt: skip
        head = f'<script type="application/ld+json">{json.dumps(record, ensure_ascii=False)}</script>'
        body = f'<h1>{title}</h1><p class="price">¥{price}</p><ul class="related">{others}</ul>'
        _write_page(folder / f"item-{number}.html", title, head, body, chance)


def write_lists(folder: Path, count: int, names: list[str], *, cards: int = 48) -> None:
    """``count`` pages of ``cards`` items each, as a shop shows its goods, and an index that links to all of them."""
    chance = random.Random(6)
    folder.mkdir(parents=True, exist_ok=True)
    _write_index(folder, [f"list-{number}.html" for number in range(count)])
    for number in range(count):
        shown = "".join(_card(chance, number * cards + place, names) for place in range(cards))
        _write_page(folder / f"list-{number}.html", f"第{number}页", "", f'<ul class="goods">{shown}</ul>', chance)


def _card(chance: random.Random, number: int, names: list[str]) -> str:
    title = make_title(chance, names)
    return (
        f'<li class="card"><a href="goods/{number}.html"><img src="/img/{number}.jpg" alt=""><h3>{title}</h3></a>'
        f'<span class="price">¥{chance.randrange(60, 900)}</span><span class="shop">小店{number % 90}</span></li>'
    )


def make_title(chance: random.Random, names: list[str]) -> str:
    """A listing's title; two in a hundred begin with a mark."""
    plain = "".join(chance.choices(_LETTERS, k=22))
    return f"{chance.choice(names)} {plain}" if chance.random() < HIT_SHARE else plain


def _write_index(folder: Path, links: list[str]) -> None:
    shown = "".join(f'<li><a href="{link}">{link[:-5]}</a></li>' for link in links)
    (folder / "index.html").write_text(f"<title>market</title><h1>market</h1><ul>{shown}</ul>", encoding="utf-8")


def _write_page(path: Path, title: str, head: str, body: str, chance: random.Random) -> None:
    menu = "".join(f'<a href="#{word}">{word}</a>' for word in ("首页", "女装", "男鞋", "手机", "家居", "食品"))
    start = (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f'<body><header><nav>{menu}</nav></header><main>{body}<div class="detail">'
    )
    end = "</div></main><footer>© 2026</footer></body></html>"
    text = []
    missing = PAGE_BYTES - len((start + end).encode())
    while missing > 0:
        text.append(f"<p>{''.join(chance.choices(_LETTERS, k=90))}</p>")
        missing -= len(text[-1].encode())
    path.write_text(start + "".join(text) + end, encoding="utf-8")


@contextmanager
def serving(root: Path) -> Iterator[str]:
    """nginx over ``root``/pages; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root / "nginx.conf").write_text(
        _CONF.format(root=root, port=port, user=f"user {getpass.getuser()};" if os.getuid() == 0 else "")
    )
    server = subprocess.Popen(["nginx", "-p", str(root), "-c", str(root / "nginx.conf"), "-e", str(root / "error.log")])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    for _ in range(100):
        with socket.socket() as asking:
            asking.settimeout(0.1)
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")
