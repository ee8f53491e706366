"""The words that stand before a value on pages of many languages, and the field that each announces."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    "brand": """brand | brand name | brands | manufacturer | make | marke | hersteller | marque | fabricant | marca | fabricante | produttore | merk |
        fabrikant | märke | tillverkare | mærke | merke | valmistaja | merkki | tuotemerkki | značka | výrobce | výrobca | marka | producent | márka |
        gyártó | бренд | производитель | марка | торговая марка | виробник | brend | proizvođač | blagovna znamka | proizvajalec | znamka | producător |
        brand:name | 品牌 | 牌子 | 厂商 | 制造商 | 品牌名称 | ブランド | メーカー | 브랜드 | 제조사 | designer | label | vendor | προϊόν μάρκα | κατασκευαστής |
        üretici | thương hiệu | merek | ยี่ห้อ""",
    "sku": """sku | sku number | sku # | sku no | sku id | item number | item no | item no. | item # | item id | item code | item | product code | product id |
        product number | product no | product no. | product ref | product reference | catalog number | catalogue number | cat. no | cat no | article number |
        article no | article no. | article | article id | art. nr | art.nr | art.-nr | art nr | art. no | artikelnummer | artikel-nr | artikelnr | artikel nr |
        artikel | artikelcode | bestellnummer | best.-nr | bestell-nr | produktnummer | produkt-id | anzeigennummer | anzeigen-id | référence | reference |
        réf | ref | ref. | code produit | code article | code | referencia | código | codigo | código del producto | código do produto | cod. | cod | codice |
        codice prodotto | codice articolo | cod. articolo | riferimento | referência | número do item | varenummer | varenr | tuotenumero | tuotekoodi |
        tuotenro | artikkelinumero | kód | kód produktu | kód tovaru | kód zboží | katalogové číslo | obj. kód | objednávací kód | indeks | numer katalogowy |
        kod produktu | cikkszám | termékkód | cod produs | код | код товара | артикул | арт | арт. | номер товара | šifra | šifra izdelka | šifra artikla | šifra proizvoda |
        κωδικός | ürün kodu | stok kodu | style | style # | style no |
        style number | style code | asin | post id | ad id | ad number | listing id | listing number | ebay item number | 货号 | 商品编号 | 商品编码 | 产品编号 | 商品货号 | 商品代码 | 编号 | 款号 | 商品番号 |
        品番 | 商品コード | 상품번호 | 상품코드 | 제품번호 | mã sản phẩm | numéro d'article | número de artículo | numero oggetto | objektnummer | artikelnummer des händlers""",
    "mpn": """model number | model no | model no. | part number | part no | part no. | mpn | manufacturer part number | 型番 | 모델명""",
    "gtin": """gtin | gtin13 | gtin-13 | gtin14 | gtin12 | ean | ean13 | ean-13 | ean code | ean-code | ean-nummer | ean nummer | eancode | upc | upc code | isbn | isbn13 |
        isbn-13 | isbn10 | isbn-10 | barcode | bar code | barcodes | strichcode | code barre | code-barres | código de barras | codice a barre | codice ean | штрихкод | штрих-код |
        čárový kód | kod ean | vonalkód | 条形码 | 条码 | 国际条码 | 商品条码 | バーコード | jan | janコード | 바코드""",
    "seller": """seller | sold by | sold by: | vendor name | merchant | verkäufer | verkauft von | anbieter | vendeur | vendu par | vendedor | vendido por | venditore | venduto da |
        verkoper | verkocht door | säljare | myyjä | prodejce | predajca | sprzedawca | eladó | продавец | продавець | prodajalec | vânzător | 卖家 | 卖方 | 掌柜 | 店主 | 商家 | 出售者 | 销售商 |
        販売元 | 出品者 | 판매자""",
    "shop": """shop | store | shop name | store name | boutique | tienda | negozio | loja | winkel | 店铺 | 店铺名称 | 店铺名 | 商店 | 网店 | ショップ | 상점 | магазин""",
    "author": """author | authors | written by | writer | autor | autorin | auteur | auteurs | autore | autori | forfatter | författare | автор | szerző | autorzy | 作者 | 作家 | 著者 |
        作 者 | 小说作者 | 原著 | 저자 | 글""",
    "publisher": """publisher | published by | verlag | éditeur | editorial | editora | editore | uitgever | издательство | wydawnictwo | nakladatel | 出版社 | 出版商 | 发行商 | 发行 | 出版者 |
        출판사""",
    "channel": """channel | uploader | uploaded by | uploaded | posted by | kanal | chaîne | canal | 频道 | up主 | 上传者 | 发布者 | 上传 | チャンネル""",
    "category": """category | categories | kategorie | catégorie | categoría | categoria | categorie | категория | kategoria | 分类 | 类别 | 类目 | 所属分类 | 小说类型 | genre | genres | 类型 |
        カテゴリー | 카테고리 | section""",
    "availability": """availability | stock | stock status | verfügbarkeit | disponibilité | disponibilidad | disponibilità | disponibilidade | beschikbaarheid | lager | dostupnost |
        dostupnosť | dostępność | наличие | zaloga | disponibilitate | 库存 | 库存状态 | 在庫 | 재고 | saatavuus | készlet""",
    "price": """price | our price | sale price | now | price now | special price | your price | current price | unit price | preis | prix | precio | prezzo | preço | prijs | pris | hinta | cena |
        ár | цена | pret | preț | fiyat | τιμή | 价格 | 售价 | 现价 | 单价 | 优惠价 | 促销价 | 折后价 | 到手价 | 会员价 | 秒杀价 | 一口价 | 本店价 | 商城价 | 価格 | 販売価格 | 税込 | 판매가 | 가격""",
    "old_price": """list price | was | was price | regular price | retail price | rrp | msrp | uvp | statt | old price | original price | compare at | you save | save | alter preis |
        prix conseillé | pvp recomendado | prezzo consigliato | 原价 | 市场价 | 吊牌价 | 专柜价 | 参考价 | 建议零售价 | 定价 | 通常価格 | 정가 | shipping | delivery | 运费 | versand | livraison""",
    "published_at": """published | published on | date | release date | publication date | posted | posted on | uploaded on | added | veröffentlicht | 更新时间 | 发布时间 | 上传时间 | 发表时间 | 出版时间 |
        出版日期 | 发布日期 | 日期 | 上架时间 | 更新 | 最后更新 | 公開日 | 投稿日 | 등록일""",
    "duration": """duration | length | running time | runtime | laufzeit | dauer | durée | duración | durata | 时长 | 片长 | 播放时长 | 長さ | 再生時間 | 재생시간""",
    "title": """书名 | 小说名 | 作品名 | 片名 | 商品名称 | 产品名称 | 宝贝标题 | book title""",
}
_PUNCTUATION = re.compile(r"[\s:：.#*·•|\-–—]+$|^[\s:：*·•|\-–—【\[]+|[】\]]")
_BLANKS = re.compile(r"\s+")


def plain_label(text: str) -> str:
    """A label without its colon and the like, in lower case."""
    return _BLANKS.sub(" ", _PUNCTUATION.sub("", _PUNCTUATION.sub("", text.strip().lower())))


FIELD_OF_LABEL: dict[str, str] = {
    plain_label(word): name for name, words in _WORDS.items() for word in words.split("|") if word.strip()
}


def field_of_label(text: str) -> str:
    """The field that a label announces (``make / manufacturer`` too); empty for any other text."""
    if len(text) > 40:
        return ""
    label = plain_label(text)
    if "/" not in label or ":" in label or "：" in label:
        return FIELD_OF_LABEL.get(label, "")
    return FIELD_OF_LABEL.get(label, "") or next(filter(None, map(FIELD_OF_LABEL.get, re.split(r"\s*/\s*", label))), "")
