"""万象集市, the invented marketplace: shops, categories and listings, each category with its own markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from infringewatch.demo.answers import Answer, html, link_list, page, plain, svg
from infringewatch.demo.content import read_content
from infringewatch.demo.pictures import draw_picture

_PER_PAGE = 8
_ROBOTS = "User-agent: *\nDisallow: /private/\nDisallow: /search\n"
_SCRIPT = """<script>
const box = document.getElementById('box');
const esc = s => { const d = document.createElement('div'); d.textContent = s; return d.innerHTML; };
fetch('%s').then(r => r.json()).then(d => { if (d.title) document.title = d.title; box.innerHTML = %s; });
</script>"""
_LIST_JS = """'<ul class="grid">' + d.items.map(i =>
 `<li><a href="/live/${i.id}"><img src="/img/${i.id}.svg">${esc(i.title)}</a><p>¥${i.price}</p></li>`).join('') + '</ul>'"""
_ITEM_JS = """`<h1 class="title">${esc(d.title)}</h1><p class="price">¥${d.price}</p>
 <p class="shop">店铺：<a href="/shop/${d.shop_id}">${esc(d.shop)}</a></p><div class="desc">${esc(d.desc)}</div>`"""


class Market:
    name = "market"

    def __init__(self) -> None:
        content = read_content("market")
        self._title: str = content["name"]
        self._categories: dict[str, dict[str, Any]] = {row["id"]: row for row in content["categories"]}
        self._shops: dict[int, dict[str, Any]] = {row["id"]: row for row in content["shops"]}
        self._listings: dict[int, dict[str, Any]] = {row["id"]: row for row in content["listings"]}
        self._members_only: dict[int, dict[str, Any]] = {row["id"]: row for row in content["members_only"]}
        self._recent: list[int] = content["recently_viewed"]
        self._gone: list[int] = content["gone"]

    def respond(self, path: str, query: Mapping[str, str], origin: str) -> Answer:
        area, _, rest = path.strip("/").partition("/")
        if path == "/robots.txt":
            return plain(_ROBOTS)
        if not area:
            return self._home()
        answer = None
        if area == "c" and rest in self._categories:
            answer = self._category(rest, _number(query.get("page", "1"), 1))
        elif area == "shop" and _number(rest) in self._shops:
            answer = self._shop(_number(rest))
        elif area in ("item", "live") and _number(rest) in self._listings:
            answer = self._item(self._listings[_number(rest)], origin, area)
        elif area == "private" and _number(rest) in self._members_only:
            answer = self._item(self._members_only[_number(rest)], origin, "item")
        elif area == "api":
            answer = self._feed(rest)
        elif area == "img":
            answer = self._picture(_number(rest.removesuffix(".svg")))
        elif area == "help":
            answer = self._help()
        return answer or self._missing()

    def _home(self) -> Answer:
        parts = link_list([(f"/c/{row['id']}", row["name"]) for row in self._categories.values()])
        shops = link_list([(f"/shop/{row['id']}", row["name"]) for row in self._shops.values()])
        return self._page(
            "首页", f'<section class="list"><h1>{self._title}</h1>{parts}<h2>入驻店铺</h2>{shops}</section>'
        )

    def _category(self, category: str, number: int) -> Answer:
        row = self._categories[category]
        if row["markup"] == "script":
            script = _SCRIPT % (f"/api/feed/{category}", _LIST_JS)
            return self._page(
                row["name"],
                f'<section class="list"><h1>{row["name"]}</h1><div id="box">加载中…</div></section>{script}',
            )
        rows = [listing for listing in self._listings.values() if listing["cat"] == category]
        shown = rows[(number - 1) * _PER_PAGE : number * _PER_PAGE]
        if not shown:
            return self._missing()
        sorts = "".join(
            f'<a rel="nofollow" href="/c/{category}?sort={way}">{way}</a> ' for way in ("price", "sales", "new")
        )
        more = (
            f'<a class="next" href="/c/{category}?page={number + 1}">下一页</a>'
            if number * _PER_PAGE < len(rows)
            else ""
        )
        body = f"<h1>{row['name']}</h1><p>{sorts}</p>{self._grid(shown)}<nav>{more}</nav>"
        canonical = f'<link rel="canonical" href="/c/{category}{f"?page={number}" if number > 1 else ""}">'
        return self._page(row["name"], f'<section class="list">{body}</section>', head=canonical)

    def _grid(self, rows: list[dict[str, Any]]) -> str:
        """Titles are cut as shops do it; the whole one stands in ``title``."""
        cards = "".join(
            f'<li class="card"><a href="{self._path(row)}?spm=a1.b{row["id"]}" title="{escape(row["title"])}">'
            f'<img src="/img/{row["id"]}.svg" alt="">{escape(_cut(row["title"]))}</a><p>¥{row["price"]}</p></li>'
            for row in rows
        )
        return f'<ul class="grid">{cards}</ul>'

    def _shop(self, shop: int) -> Answer:
        row = self._shops[shop]
        rows = [listing for listing in self._listings.values() if listing["shop"] == shop and self._is_plain(listing)]
        body = f"<h1>{row['name']}</h1><p>所在地 {row['city']}，{row['since']} 年入驻</p>{self._grid(rows)}"
        return self._page(row["name"], f'<section class="list">{body}</section>')

    def _item(self, row: dict[str, Any], origin: str, area: str) -> Answer:
        markup = self._categories[row["cat"]]["markup"]
        if (markup == "script") != (area == "live"):
            return self._missing()
        if markup == "script":
            script = _SCRIPT % (f"/api/item/{row['id']}", _ITEM_JS)
            return self._page("直播商品", f'<article id="box">加载中…</article>{script}')
        url = f"{origin}/item/{row['id']}"
        head = f'<link rel="canonical" href="{url}">' + self._describe(row, markup, origin)
        return self._page(row["title"], self._article(row, markup), head=head)

    def _describe(self, row: dict[str, Any], markup: str, origin: str) -> str:
        picture = f"{origin}/img/{row['id']}.svg"
        if markup == "opengraph":
            pairs = {
                "og:type": "product",
                "og:title": row["title"],
                "og:description": row["desc"],
                "og:image": picture,
                "product:price:amount": row["price"],
                "product:price:currency": "CNY",
            }
            return "".join(f'<meta property="{key}" content="{escape(str(value))}">' for key, value in pairs.items())
        if markup not in ("jsonld", "sloppy"):
            return ""
        product: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "Product",
            "name": row["title"],
            "image": [picture],
            "description": row["desc"],
            "offers": {
                "@type": "Offer",
                "price": str(row["price"]),
                "priceCurrency": "CNY",
                "seller": self._seller(row),
            },
        }
        product |= {"brand": {"@type": "Brand", "name": row["brand"]}} if "brand" in row else {}
        product |= {"sku": row["sku"]} if "sku" in row else {}
        text = json.dumps(product, ensure_ascii=False)
        if markup == "sloppy":  # a raw line break inside a string, as careless templates write it
            text = text.replace("，", "，\n")
        return f'<script type="application/ld+json">{text}</script>'

    def _seller(self, row: dict[str, Any]) -> dict[str, str]:
        return {"@type": "Organization", "name": self._shops[row["shop"]]["name"]}

    def _article(self, row: dict[str, Any], markup: str) -> str:
        category, shop = self._categories[row["cat"]], self._shops[row["shop"]]
        marked = markup == "microdata"
        title, price, text = (f' itemprop="{key}"' if marked else "" for key in ("name", "price", "description"))
        scope = ' itemscope itemtype="https://schema.org/Product"' if marked else ""
        was = f" <del>¥{row['was']}</del>" if "was" in row else ""
        brand = (
            f'<p>品牌：<span itemprop="brand">{escape(row["brand"])}</span></p>' if marked and "brand" in row else ""
        )
        offer = ' itemprop="offers" itemscope itemtype="https://schema.org/Offer"' if marked else ""
        currency = '<meta itemprop="priceCurrency" content="CNY">' if marked else ""
        amount = f'¥<span{price} content="{row["price"]}">{row["price"]}</span>' if marked else f"¥{row['price']}"
        return (
            f"<article{scope}>"
            f'<nav class="crumbs"><a href="/">首页</a> &gt; <a href="/c/{row["cat"]}">{category["name"]}</a></nav>'
            f'<img class="pic" itemprop="image" src="/img/{row["id"]}.svg" alt=""><h1 class="title"{title}>{escape(row["title"])}</h1>'
            f'<p class="price"{offer}>{currency}{amount}{was}</p>{brand}'
            f'<p class="shop">店铺：<a href="/shop/{row["shop"]}">{escape(shop["name"])}</a> · {shop["city"]}</p>'
            f'<div class="desc"{text}>{escape(row["desc"])}</div><p><button>加入购物车</button></p>'
            f'<section class="related"><h2>看了又看</h2>{self._related(row)}</section></article>'
        )

    def _related(self, row: dict[str, Any]) -> str:
        others = [one for one in self._listings.values() if one["cat"] == row["cat"] and one["id"] != row["id"]]
        start = row["id"] % len(others)
        return self._grid((others[start:] + others[:start])[:4])

    def _feed(self, rest: str) -> Answer | None:
        kind, _, key = rest.partition("/")
        if kind == "feed":
            rows = [row for row in self._listings.values() if row["cat"] == key]
            record: dict[str, Any] = {"items": [{k: row[k] for k in ("id", "title", "price")} for row in rows]}
        elif kind == "item" and _number(key) in self._listings:
            row = self._listings[_number(key)]
            record = {k: row[k] for k in ("id", "title", "price", "desc")}
            record |= {"shop_id": row["shop"], "shop": self._shops[row["shop"]]["name"]}
        else:
            return None
        return Answer(json.dumps(record, ensure_ascii=False).encode(), "application/json; charset=utf-8")

    def _picture(self, number: int) -> Answer | None:
        row = self._listings.get(number)
        return svg(draw_picture(self._categories[row["cat"]]["icon"], number)) if row else None

    def _help(self) -> Answer:
        return self._page(
            "帮助", "<article><h1>购物须知</h1><p>请认准官方店铺，谨防假冒。付款前核对商品信息。</p></article>"
        )

    def _missing(self) -> Answer:
        """A soft 404: the page says so, the status does not."""
        return self._page("宝贝不存在", "<article><h1>宝贝不存在</h1><p>您查看的宝贝已经下架或被删除。</p></article>")

    def _page(self, title: str, main: str, *, head: str = "") -> Answer:
        recent = [self._listings[number] for number in self._recent]
        links = [(self._path(row), row["title"]) for row in recent]
        links += [(f"/item/{number}", "已失效的宝贝") for number in self._gone]
        aside = f"<h3>最近浏览</h3>{link_list(links)}<a href='/private/9001'>会员专区</a> <a href='/help/buy'>帮助</a>"
        nav = " ".join(f'<a href="/c/{row["id"]}">{row["name"]}</a>' for row in self._categories.values())
        return html(page(self._title, title, main, head=head, aside=aside, nav=nav))

    def _is_plain(self, row: dict[str, Any]) -> bool:
        return bool(self._categories[row["cat"]]["markup"] != "script")

    def _path(self, row: dict[str, Any]) -> str:
        return f"/{'item' if self._is_plain(row) else 'live'}/{row['id']}"


def _number(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _cut(title: str) -> str:
    return title if len(title) <= 16 else title[:15] + "…"
