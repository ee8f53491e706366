"""The fictional sites answer as their real kin do: honest noise and all."""

from __future__ import annotations

from urllib.request import urlopen

import pytest

from infringewatch.demo.market import Market
from infringewatch.demo.novels import Novels
from infringewatch.demo.sites import DemoSites, site_addresses
from infringewatch.demo.videos import Videos
from infringewatch.errors import ServiceUnavailable

ORIGIN = "http://127.0.0.1:1"
FREE_PORT = 18481


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


@pytest.fixture(scope="module")
def novels() -> Novels:
    return Novels()


def test_a_missing_listing_answers_200_and_says_so_in_words(market: Market) -> None:
    answer = market.respond("/item/1990", {}, ORIGIN)
    assert answer.status == 200
    assert "宝贝不存在" in answer.body.decode()


def test_an_innocent_listing_names_marks_in_its_sidebar(market: Market) -> None:
    page = market.respond("/item/1008", {}, ORIGIN).body.decode()
    assert "极岳" in page.partition("<aside>")[2]
    assert "极岳" not in page.partition("<h1")[2].partition("</h1>")[0]


def test_a_category_goes_on_to_its_last_page_and_no_further(market: Market) -> None:
    assert 'class="next"' in market.respond("/c/xiefu", {"page": "2"}, ORIGIN).body.decode()
    assert 'class="next"' not in market.respond("/c/xiefu", {"page": "3"}, ORIGIN).body.decode()


def test_a_live_listing_stands_only_behind_its_script(market: Market) -> None:
    assert "防晒衣" not in market.respond("/live/2001", {}, ORIGIN).body.decode().partition("<aside>")[0]
    assert "防晒衣" in market.respond("/api/item/2001", {}, ORIGIN).body.decode()


def test_robots_txt_forbids_the_members_area(market: Market) -> None:
    assert "Disallow: /private/" in market.respond("/robots.txt", {}, ORIGIN).body.decode()
    assert "极岳" in market.respond("/private/9001", {}, ORIGIN).body.decode()


def test_a_chapter_is_gbk_under_a_header_that_says_utf_8(novels: Novels) -> None:
    answer = novels.respond("/book/11/1.html", {}, ORIGIN)
    assert "utf-8" in answer.media_type
    assert "雾港没有真正的夜" in answer.body.decode("gbk")


def test_a_disguised_chapter_has_other_names_adverts_and_invisible_characters(novels: Novels) -> None:
    page = novels.respond("/book/12/1.html", {}, ORIGIN).body.decode("gbk")
    assert "林守一" in page
    assert "顾怀灯" not in page
    assert "天才一秒记住" in page
    assert "&#8203;" in page


def test_the_licensed_edition_stands_under_its_path_only(novels: Novels) -> None:
    assert novels.respond("/official/book/15/", {}, ORIGIN).status == 200
    assert novels.respond("/book/15/", {}, ORIGIN).status == 404


def test_a_removed_video_answers_404() -> None:
    assert Videos().respond("/v/900", {}, ORIGIN).status == 404


@pytest.mark.parametrize(
    "path", ["/", "/c/", "/item/x", "/item/99999999999", "/api/feed/none", "/img/x.svg", "//", "/%"]
)
def test_odd_addresses_get_an_answer(market: Market, novels: Novels, path: str) -> None:
    for site in (market, novels, Videos()):
        assert site.respond(path, {"page": "x"}, ORIGIN).body


def test_the_sites_answer_on_loopback_and_note_what_was_asked() -> None:
    with DemoSites(FREE_PORT) as sites:
        with urlopen(f"http://{site_addresses(FREE_PORT)['videos']}/v/201", timeout=5) as answer:
            assert "盐湖归舟" in answer.read().decode()
        assert sites.asked == [("videos", "/v/201")]


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with DemoSites(FREE_PORT), pytest.raises(ServiceUnavailable, match=f"port {FREE_PORT} .* is taken"):
        DemoSites(FREE_PORT).__enter__()
