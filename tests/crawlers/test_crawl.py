"""Whole crawls over a small site on loopback: what is reached, refused, waited for, and how a run ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from infringewatch.frontier import Engine, NewJob, SqliteFrontier
from tests.crawlers.crawling import PRODUCT, Crawl, crawl_of, shop
from tests.crawlers.loopback import Asked, Reply, Site, serving


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One crawl of a shop with one page of each odd kind; the tests below look at what it left."""
    pages = shop()
    pages["/"] += "".join(
        f'<a href="{path}">{path}</a>'
        for path in (
            "/private/x",
            "/away",
            "/inside",
            "/old",
            "/wall",
            "/p/gone",
            "/deep/1",
            "/login?next=/",
            "/bomb",
            "/picture",
        )
    )
    pages["/away"] = Reply("", 302, {"Location": "http://elsewhere.example/"})
    pages["/inside"] = Reply("", 302, {"Location": "http://169.254.169.254/latest/meta-data/"})
    pages["/old"] = Reply("", 301, {"Location": "/p/1.html"})
    pages["/wall"] = Reply("no", 403)
    pages["/deep/1"] = lambda asked: Reply("", 500)
    pages["/bomb"] = Reply(b"x" * 20_000_000)
    pages["/picture"] = Reply(b"\x89PNG\r\n" + bytes(range(256)) * 40)
    site = Site(pages)
    with serving(site):
        crawl = crawl_of(site, tmp_path_factory.mktemp("crawl"))
        crawl.log = crawl.run()  # type: ignore[attr-defined]
        crawl.site = site  # type: ignore[attr-defined]
    return crawl


def test_every_product_of_every_page_is_reached(crawled: Any) -> None:
    assert {f"Morning Lamp {n}" for n in range(1, 7)} <= crawled.titles()


def test_robots_txt_is_obeyed(crawled: Any) -> None:
    assert "/private/x" not in crawled.site.paths
    assert crawled.outcomes()["/private/x"] == ("refused", "forbidden by robots.txt")


def test_a_redirect_out_of_the_scope_is_refused_and_recorded(crawled: Any) -> None:
    assert crawled.outcomes()["/away"] == ("refused", "a redirect leads to an address outside the scope")
    assert crawled.outcomes()["/inside"] == ("refused", "a redirect leads to an address outside the scope")


def test_both_exchanges_of_a_redirect_are_captured(crawled: Any) -> None:
    assert crawled.rows("SELECT captures FROM page WHERE url LIKE '%/old'") == [(2,)]


def test_a_block_is_no_gone_page(crawled: Any) -> None:
    assert crawled.outcomes()["/wall"][0] == "blocked"
    assert crawled.outcomes()["/p/gone"][0] == "gone"


def test_a_server_fault_is_tried_again_and_then_an_error(crawled: Any) -> None:
    assert crawled.site.paths.count("/deep/1") == 3
    assert crawled.outcomes()["/deep/1"] == ("error", "the host answers 500")


def test_a_body_above_the_limit_is_cut_and_recorded(crawled: Any) -> None:
    assert crawled.outcomes()["/bomb"] == ("error", "the answer is larger than the limit")


def test_a_picture_without_its_name_gives_no_items(crawled: Any) -> None:
    assert crawled.outcomes()["/picture"] == ("ok", "")
    assert crawled.rows("SELECT * FROM item WHERE url LIKE '%/picture'") == []


def test_a_missing_address_is_probed_once(crawled: Any) -> None:
    assert sum("missing-page" in path for path in crawled.site.paths) == 1


def test_a_login_link_is_not_followed(crawled: Any) -> None:
    assert not any(path.startswith("/login") for path in crawled.site.paths)


def test_the_crawler_says_who_it_is(crawled: Any) -> None:
    agents = {asked.headers["User-Agent"] for asked in crawled.site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("InfringeWatch/") and "desk@watch.example" in str(crawled.site.asked[0].headers)


def test_the_run_is_closed_as_finished(crawled: Any) -> None:
    assert crawled.rows("SELECT state FROM ended") == [("finished",)]


def test_the_log_ends_with_a_report_by_reason(crawled: Any) -> None:
    assert "forbidden by robots.txt" in crawled.log
    assert "an action, not a page" in crawled.log


def test_the_profiles_words_for_a_missing_page_make_a_probed_soft_404(tmp_path: Path) -> None:
    pages = shop(2)
    pages["/p/2.html"] = "<title>商品已下架</title><p>这件宝贝已经不在了</p>".encode("gb18030")
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path, profile={"missing_text": ["宝贝已经不在了"]})
        crawl.run()
    outcome, reason = crawl.outcomes()["/p/2.html"]
    assert (outcome, reason.partition(" ")[0]) == ("soft_404", "probed:")


def test_without_a_run_one_sentence_says_so(tmp_path: Path) -> None:
    crawl = Crawl(tmp_path, {"profiles": []})
    log = crawl.run("-a", "run=")
    assert "infringewatch: name what to crawl" in log
    assert "Traceback" not in log
    assert crawl.code == 2


def test_an_unreachable_site_ends_as_an_error_with_its_reason(tmp_path: Path) -> None:
    with serving(Site()) as site:
        pass
    crawl = crawl_of(site, tmp_path)
    crawl.run()
    assert crawl.outcomes()["/"] == ("error", "the host refuses connections")


def test_a_recheck_knows_the_page_that_a_host_shows_for_any_missing_address(tmp_path: Path) -> None:
    site = Site({"/p/1.html": PRODUCT.format(n=1)})
    site.fallback = lambda asked: f"<title>Lamps</title><p>Sorry, nothing is at {asked.path}. Visitor 17."
    with serving(site):
        rechecks = [f"{site.url}/p/1.html", f"{site.url}/p/a-lamp-that-was-sold"]
        crawl = crawl_of(site, tmp_path, rechecks=rechecks, spider="recheck")
        crawl.run()
    outcome, reason = crawl.outcomes()["/p/a-lamp-that-was-sold"]
    assert (outcome, reason.partition(" ")[0]) == ("soft_404", "probed:")
    assert crawl.outcomes()["/p/1.html"][0] == "ok"


def test_pages_that_only_a_sitemap_or_a_feed_names_are_reached(tmp_path: Path) -> None:
    pages = shop(4)
    pages["/"] = '<html><head><link rel="alternate" type="application/rss+xml" href="/news"></head><body>Lamps'
    with serving(Site(pages)) as site:
        entry = "<item><title>Lamp</title><link>{}/p/3.html</link></item>"
        site.pages["/news"] = f"<rss><channel>{entry.format(site.url)}</channel></rss>"
        site.pages["/map.xml"] = f"<urlset><url><loc>{site.url}/p/1.html</loc></url></urlset>"
        site.pages["/sitemap.xml"] = f"<urlset><url><loc>{site.url}/p/2.html</loc></url></urlset>"
        site.pages["/robots.txt"] = f"Sitemap: {site.url}/map.xml"
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert {f"Morning Lamp {n}" for n in (1, 2, 3)} <= crawl.titles()


def test_recheck_asks_for_the_due_pages_only(tmp_path: Path) -> None:
    pages = shop(4)
    del pages["/p/2.html"]
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path, rechecks=[f"{site.url}/p/1.html", f"{site.url}/p/2.html"], spider="recheck")
        crawl.run()
    assert {path: outcome for path, (outcome, _) in crawl.outcomes().items()} == {
        "/p/1.html": "ok",
        "/p/2.html": "gone",
    }


def test_pages_queued_for_a_browser_that_is_gone_end_with_the_run(tmp_path: Path) -> None:
    with serving(Site(shop(2))) as site:
        crawl = crawl_of(site, tmp_path)
        frontier = SqliteFrontier(crawl.frontier_file)
        frontier.add(1, [NewJob(f"{site.url}/scripted", kind="auto", engine=Engine.BROWSER)])
        frontier.close()
        crawl.run()
    assert crawl.outcomes()["/scripted"] == ("needs_browser", "no browser is installed")
    assert crawl.rows("SELECT state FROM ended") == [("finished",)]


def test_captures_without_a_browser_are_recorded_as_such(tmp_path: Path) -> None:
    with serving(Site(shop(2))) as site:
        crawl = crawl_of(site, tmp_path, captures=[f"{site.url}/p/1.html"], spider="capture")
        crawl.run()
    assert crawl.outcomes() == {"/p/1.html": ("needs_browser", "no browser is installed")}
    assert site.asked == []


def test_a_missing_page_that_changes_at_each_showing_is_known_again(tmp_path: Path) -> None:
    """The words are in no list of ours, and the proposals below them are others each time."""
    shown = iter(range(1000))

    def vanished(asked: Asked) -> str:
        names = [f"tip {chr(97 + next(shown) % 26)} {chr(97 + next(shown) % 25)}" for _ in range(3)]
        tips = "".join(f"<li>{name}</li>" for name in names)
        return f"<title>Lamps</title><nav>Home</nav><h1>The goblins took it.</h1><ul>{tips}</ul>"

    site = Site(shop(2) | {"/p/9.html": vanished})
    site.pages["/"] += '<a href="/p/9.html">Morning Lamp 9</a>'  # type: ignore[operator]
    site.fallback = vanished
    with serving(site):
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    outcome, reason = crawl.outcomes()["/p/9.html"]
    assert (outcome, reason.partition(" ")[0]) == ("soft_404", "probed:")
    assert crawl.outcomes()["/p/1.html"][0] == "ok"
    assert sum("missing-page" in path for path in site.paths) == 2


def test_a_search_for_a_term_leads_to_things_and_is_none(tmp_path: Path) -> None:
    form = '<form action="/find" method="get"><input type="search" name="q"></form>'
    result = '<html><title>Find Velmora</title><h1>Velmora</h1><p class="price">¥30</p>{}'
    site = Site({"/": f"<title>Lamps</title>{form}", "/p/1.html": PRODUCT.format(n=1)})
    site.pages["/find?q=Velmora"] = result.format('<a href="/p/1.html">Morning Lamp 1</a>')
    with serving(site):
        crawl = crawl_of(site, tmp_path, terms=["Velmora"])
        crawl.run()
    assert crawl.outcomes()["/find?q=Velmora"][0] == "ok"
    assert crawl.titles() == {"Morning Lamp 1"}
