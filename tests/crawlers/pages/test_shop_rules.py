"""Which of several prices, numbers and brands on one page is the thing's own."""

from __future__ import annotations

from decimal import Decimal

from crawlers.pages import read_page
from crawlers.pages.reading import PageKind
from crawlers.pages.values.codes import own_code, read_gtin
from crawlers.pages.values.labels import field_of_label
from infringewatch.model import Item

URL = "https://shop.example/lampe-halo-4711.html"
_HEAD = "<html><head><title>Halo desk lamp</title></head><body><h1>Halo desk lamp</h1>"


def read(body: str, *, url: str = URL) -> Item:
    reading = read_page(url, f"{_HEAD}{body}</body></html>".encode())
    assert reading.items, reading.page_kind
    return reading.items[0]


def test_a_price_that_only_its_class_calls_old_is_the_price_where_it_stands_alone() -> None:
    cards = "".join(
        f'<div class="caption"><a href="/{n}">Nova {n}</a><p class="price">{n}50.00€</p></div>' for n in (1, 2, 3)
    )
    item = read(
        '<ul><li class="price"><span class="price-old-live">40.00€</span></li></ul><button>Add to cart</button>'
        f"<p>One</p><p>Two</p><p>Three</p><h3>More</h3>{cards}"
    )
    assert item.price == Decimal(40)


def test_a_price_in_a_struck_element_is_never_the_price() -> None:
    item = read('<p class="price"><del>90.00 €</del></p><p class="price">70.00 €</p>')
    assert item.price == Decimal(70)


def test_prices_of_sizes_in_boxes_of_the_same_make_lose_against_the_one_that_stands_alone() -> None:
    boxes = "".join(f'<li class="swatch"><button>{size}<br>{size}9,99 €</button></li>' for size in (1, 2, 3))
    assert read(f'<div class="price">24,50 €</div><ul>{boxes}</ul>').price == Decimal("24.50")


def test_free_postage_beside_a_price_does_not_make_it_the_price_of_postage() -> None:
    assert read("<p>New from 99,12 € + free shipping</p><button>Buy now</button>").price == Decimal("99.12")


def test_a_price_in_the_open_graph_data_makes_a_listing() -> None:
    body = '<meta property="og:price" content="30,000원~"><p>주문 확인</p>'
    item = read(body, url="https://shop.example.kr/deal/4548094738")
    assert (item.price, item.currency, item.sku) == (Decimal(30000), "KRW", "4548094738")


def test_a_thing_that_is_sold_out_and_has_no_price_is_a_listing() -> None:
    text = "<p>" + "A lamp with a round shade that throws no shadow. " * 20 + "</p>"
    reading = read_page(
        URL, f"{_HEAD}<p>Currently unavailable</p><p>Brand: Halonia</p><p>Item no: HL-77</p>{text}".encode()
    )
    assert reading.page_kind is PageKind.LISTING
    assert (reading.items[0].brand, reading.items[0].availability) == ("Halonia", "OutOfStock")


def test_the_number_that_visitors_see_goes_before_one_in_the_markup_only() -> None:
    body = (
        '<script type="application/ld+json">{"@type": "Product", "name": "Halo desk lamp", "sku": "990017",'
        ' "offers": {"price": 5, "priceCurrency": "EUR"}}</script>'
    )
    assert read(body + "<p>Product code: 141-677</p>").sku == "141-677"
    assert read(body + "<p>Product code: 990017</p>").sku == "990017"


def test_a_variants_letters_are_no_part_of_the_number() -> None:
    assert own_code("HL221U09P-E110XXS000", "https://shop.example/halo-hl221u09p-e11.html") == "HL221U09P-E11"
    assert own_code("HL221U09P-E11", "https://shop.example/halo-hl221u09p-e11.html") == "HL221U09P-E11"
    assert own_code("990017", "https://shop.example/halo-99") == "990017"
    assert own_code("TE50-12 Desk lamp", "https://shop.example/halo") == "TE50-12"


def test_a_full_stop_after_a_gtin_is_no_part_of_it() -> None:
    assert read_gtin("4006381333931.") == "4006381333931"


def test_a_label_of_two_words_announces_what_one_of_them_does() -> None:
    assert field_of_label("make / manufacturer") == "brand"
    assert field_of_label("make/manufacturer: Halonia") == ""


def test_a_menu_entry_is_no_label() -> None:
    body = '<div class="price">5 €</div><ul><li><a href="/brands">Brands</a></li></ul><div>Lamp House</div>'
    assert not read(body).brand


def test_a_brand_in_the_pages_data_is_spelled_as_in_the_title() -> None:
    page = (
        "<html><head><title>Halo-Nia desk lamp</title></head><body><h1>Halo-Nia desk lamp</h1><p class=price>5 €</p>"
        '<script>var state = {"Name": "Halo-Nia desk lamp", "Brand": {"Name": "HALO NIA"}, "EANs": ["4006381333931"]};'
        "</script></body></html>"
    )
    item = read_page(URL, page.encode()).items[0]
    assert (item.brand, item.gtin) == ("Halo-Nia", "4006381333931")


def test_an_offer_below_the_path_of_a_shop_is_an_offer() -> None:
    body = '<p>Shop: <a href="/shop/">Lamp House</a></p><p class="price">59.00 €</p><button>Add to cart</button><a href="/book/1/">Books</a>'
    assert (item := read(body, url="https://shop.example/shop/halo.html")).kind == "listing"
    assert item.price == Decimal(59)


def test_the_page_of_a_shop_with_few_offers_stays_a_shop() -> None:
    cards = "".join(
        f'<li><a href="/item/{n}">Nova {n}</a> <span class="price">{n}9.00 €</span></li>' for n in (1, 2, 3)
    )
    assert read(f"<ul>{cards}</ul>", url="https://shop.example/shop/halo").kind == "shop"
