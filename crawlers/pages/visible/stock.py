"""Whether the visible page still sells its thing: sold-out notices and buy buttons in many languages."""

from __future__ import annotations

import re

from crawlers.pages.visible.outline import Outline
from crawlers.pages.visible.regions import ASIDE, Region

IN_STOCK, OUT_OF_STOCK = "InStock", "OutOfStock"
_SCHEMA = {
    "instock": IN_STOCK, "onlineonly": IN_STOCK, "instoreonly": IN_STOCK, "limitedavailability": IN_STOCK, "available": IN_STOCK, "1": IN_STOCK,
    "true": IN_STOCK, "yes": IN_STOCK, "outofstock": OUT_OF_STOCK, "soldout": OUT_OF_STOCK, "discontinued": OUT_OF_STOCK, "oos": OUT_OF_STOCK,
    "0": OUT_OF_STOCK, "false": OUT_OF_STOCK, "unavailable": OUT_OF_STOCK, "preorder": "PreOrder", "presale": "PreOrder", "backorder": "BackOrder",
}  # fmt: skip
_GONE = re.compile(
    r"out of stock|sold out|currently unavailable|no longer available|not available|temporarily unavailable|discontinued|listing (?:has )?ended|"
    r"ausverkauft|nicht (?:mehr )?(?:verfügbar|lieferbar|vorrätig|auf lager)|rupture de stock|épuisé|indisponible|plus disponible|agotado|sin stock|"
    r"no disponible|esaurito|non disponibile|esgotado|indispon[ií]vel|sem estoque|uitverkocht|niet (?:op voorraad|leverbaar|beschikbaar)|slutsåld|"
    r"ej i lager|udsolgt|utsolgt|loppuunmyyty|ei saatavilla|vyprodáno|vypredané|nedostupn[éý]|není skladem|nie je skladom|niedostępny|wyprzedan|brak w magazynie|"
    r"elfogyott|nincs raktáron|нет в наличии|распродан|немає в наявності|ni na zalogi|razprodano|stoc epuizat|indisponibil|tükendi|"
    r"已售罄|售罄|已下架|缺货|无货|暂无库存|已售完|卖完|断货|宝贝已下架|売り切れ|在庫なし|在庫切れ|품절|매진|일시품절",
    re.I,
)
_BUY = re.compile(
    r"add to (?:cart|basket|bag|trolley)|buy (?:it )?now|add to order|in den (?:waren|einkaufs)korb|in den einkaufswagen|jetzt kaufen|ajouter au panier|acheter|añadir al (?:carrito|carro)|"
    r"agregar al carrito|comprar|aggiungi al carrello|acquista|adicionar ao carrinho|in winkel(?:wagen|mandje)|bestellen|lägg i (?:varukorg|kundvagn)|"
    r"læg i kurv|legg i handlekurv|lisää (?:ostos)?koriin|do košíku|vložit do košíku|do koszyka|dodaj do koszyka|kosárba|в корзину|купить|до кошика|купити|v košarico|"
    r"dodaj v košarico|adaugă în coș|adauga in cos|sepete ekle|加入购物车|立即购买|立刻购买|马上抢|カートに入れる|購入する|장바구니|구매하기|"
    r"in stock|available now|auf lager|sofort lieferbar|en stock|disponibile|disponible|op voorraad|i lager|på lager|varastossa|skladem|skladom|na skladě|dostępny|"
    r"raktáron|в наличии|в наявності|na zalogi|în stoc|有货|现货|有库存|在庫あり",
    re.I,
)


def read_availability(value: str) -> str:
    """InStock, OutOfStock, PreOrder or BackOrder out of a schema.org address or a shop's own word; else empty."""
    word = re.sub(r"[^a-z0-9]", "", re.split(r"[/#]", value.strip().lower().rstrip("/"))[-1])
    if word in _SCHEMA:
        return _SCHEMA[word]
    if _GONE.search(value):
        return OUT_OF_STOCK
    return IN_STOCK if _BUY.search(value) else ""


def find_visible_availability(outline: Outline, title_line: int | None) -> str:
    """What the lines after the title say: the first short sold-out notice or buy button decides."""
    start = max(0, (title_line or 0) - 5)
    bought = False
    for line in outline.lines[start : start + 150]:
        if line.region & (ASIDE & ~Region.HEADER) or len(line.text) > 80:
            continue
        if _GONE.search(line.text):
            return IN_STOCK if bought else OUT_OF_STOCK
        bought = bought or bool(_BUY.search(line.text))
    return IN_STOCK if bought else ""
