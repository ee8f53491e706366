"""Whole crawls over a small site on loopback: what is reached, refused, waited for, and how a run ends."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from infringewatch.frontier import Engine, NewJob, SqliteFrontier
from tests.crawlers.crawling import Crawl
from tests.crawlers.loopback import Asked, Reply, Site, serving

PRODUCT = """<html><head><title>Morning Lamp {n}</title>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"Product","name":"Morning Lamp {n}",
"offers":{{"@type":"Offer","price":"{n}.00","priceCurrency":"CNY"}}}}</script></head>
<body><h1>Morning Lamp {n}</h1><p>A lamp for the morning, number {n}.</p></body></html>"""


def shop(count: int = 6) -> dict[str, Any]:
    half = count // 2
    cards = [f'<div class="product"><a href="/p/{n}.html">Morning Lamp {n}</a> ¥{n}</div>' for n in range(1, count + 1)]
    pages: dict[str, Any] = {
        "/": "<html><head><link rel=next href='/?page=2'></head><body>" + "".join(cards[:half]),
        "/?page=2": "<html><body>" + "".join(cards[half:]),
        "/robots.txt": Reply("User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"}),
    }
    return pages | {f"/p/{n}.html": PRODUCT.format(n=n) for n in range(1, count + 1)}


def crawl_of(site: Site, folder: Path, **described: Any) -> Crawl:
    host = site.url.partition("//")[2]
    profile = {"name": "lamps", "hosts": [host], "start": [f"{site.url}/"], "rate": 100} | described.pop("profile", {})
    return Crawl(folder, {"profiles": [profile], **described}, described.pop("spider", "site"))


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


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_for_a_pause_gets_it_and_loses_no_page(tmp_path: Path, status: int) -> None:
    pages = shop()
    answers: list[float] = []

    def limited(asked: Asked) -> str | Reply:
        answers.append(asked.at)
        return Reply("slowly", status, {"Retry-After": "1"}) if len(answers) == 1 else PRODUCT.format(n=2)

    pages["/p/2.html"] = limited
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert answers[1] - answers[0] >= 0.95
    assert not [asked for asked in site.asked if answers[0] + 0.5 < asked.at < answers[0] + 0.95]
    assert "Morning Lamp 2" in crawl.titles()
    assert crawl.rows("SELECT outcome FROM page WHERE url LIKE '%/p/2.html'") == [("ok",)]


def test_a_books_file_is_read_while_other_pages_are_asked_for(tmp_path: Path) -> None:
    pages = shop(4)
    pages["/"] = '<a href="/whole.txt">whole book</a>' + pages["/"]
    line = "The keeper of the lamps walked down to the shore and counted the boats, and there were nine. "
    pages["/whole.txt"] = Reply(line * 8_000, headers={"Content-Type": "text/plain"})
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    ended = [url.rpartition("/")[2] for (url,) in crawl.rows("SELECT url FROM page ORDER BY rowid")]
    assert {"whole", "Morning Lamp 4"} <= crawl.titles()
    assert ended.index("whole.txt") > ended.index("1.html")


def test_a_crawl_delay_is_kept(tmp_path: Path) -> None:
    pages = shop(2)
    pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 0.3\n", headers={"Content-Type": "text/plain"})
    with serving(Site(pages)) as site:
        crawl_of(site, tmp_path).run()
    times = [asked.at for asked in site.asked if asked.path != "/robots.txt"][1:]
    # the mean, not the least: on a busy machine one request may arrive late and the next on time
    assert (times[-1] - times[0]) / (len(times) - 1) > 0.25


def test_the_profiles_words_for_a_missing_page_make_a_probed_soft_404(tmp_path: Path) -> None:
    pages = shop(2)
    pages["/p/2.html"] = "<title>商品已下架</title><p>这件宝贝已经不在了</p>".encode("gb18030")
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path, profile={"missing_text": ["宝贝已经不在了"]})
        crawl.run()
    outcome, reason = crawl.outcomes()["/p/2.html"]
    assert (outcome, reason.partition(" ")[0]) == ("soft_404", "probed:")


def test_an_outage_costs_no_page(tmp_path: Path) -> None:
    site = Site(shop(12))
    with serving(site):
        crawl = crawl_of(site, tmp_path, profile={"rate": 20})
        process = crawl.start()
        while len(site.asked) < 8:
            time.sleep(0.02)
    process.communicate(timeout=60)
    assert crawl.rows("SELECT state FROM ended") == [("interrupted",)]
    with serving(site, port=int(site.url.rpartition(":")[2])):
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 13)} <= crawl.titles()


def test_a_page_budget_is_not_passed(tmp_path: Path) -> None:
    with serving(Site(shop(20))) as site:
        crawl = crawl_of(site, tmp_path, budgets={"pages": 5})
        crawl.run()
    assert crawl.rows("SELECT COUNT(*) FROM page") == [(5,)]
    assert crawl.rows("SELECT * FROM ended") == [("finished", "budget: 5 pages")]


def test_an_interrupt_ends_cleanly_and_the_run_resumes(tmp_path: Path) -> None:
    pages = shop(20)
    for path in [path for path in pages if path.startswith("/p/")]:
        pages[path] = _slowly(pages[path])
    with serving(Site(pages)) as site:
        crawl = crawl_of(site, tmp_path)
        process = crawl.start()
        while len(site.asked) < 8:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        assert crawl.rows("SELECT state FROM ended") == [("interrupted",)]
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 21)} <= crawl.titles()
    assert site.paths.count("/p/1.html") == 1


def _slowly(page: str) -> Any:
    def answer(asked: Asked) -> str:
        time.sleep(0.1)
        return page

    return answer


@pytest.mark.parametrize("fault", ["after_fetch:4", "before_acknowledgement:5"])
def test_a_killed_crawl_loses_nothing_when_it_is_resumed(tmp_path: Path, fault: str) -> None:
    with serving(Site(shop(12))) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run(INFRINGEWATCH_FAULT=fault)
        assert crawl.code == -signal.SIGKILL
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 13)} <= crawl.titles()
    assert crawl.rows("SELECT state FROM ended") == [("finished",)]


def test_a_full_disk_stops_the_run_and_nothing_is_acknowledged(tmp_path: Path) -> None:
    with serving(Site(shop(4))) as site:
        crawl = crawl_of(site, tmp_path)
        log = crawl.run(TWIN_FULL="1")
        assert "the run stops: the disk is full" in log
        crawl.run()
    assert {f"Morning Lamp {n}" for n in range(1, 5)} <= crawl.titles()


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


def test_a_name_that_points_to_a_private_address_is_refused(tmp_path: Path) -> None:
    with serving(Site(shop(2))) as site:
        port = site.url.rpartition(":")[2]
        profile = {"name": "x", "hosts": [f"localhost:{port}"], "start": [f"http://localhost:{port}/"]}
        crawl = Crawl(tmp_path, {"profiles": [profile]})
        crawl.run(INFRINGEWATCH_ALLOW_PRIVATE="0")
    assert crawl.outcomes()["/"] == ("refused", "the name points to a private address")
    assert site.asked == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert crawl.outcomes()["/"] == ("error", "the certificate is not trusted")
    assert site.asked == []


def test_protocol_cipher_and_issuer_of_a_trusted_certificate_are_recorded(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path) as site:
        crawl = crawl_of(site, tmp_path)
        log = crawl.run(SSL_CERT_FILE=str(tmp_path / "own.pem"))
    assert crawl.titles() >= {"Morning Lamp 1", "Morning Lamp 2"}
    (tls,) = {row[0] for row in crawl.rows("SELECT tls FROM page")}
    assert re.fullmatch(r"TLSv1\.[23] \w+; verified; issued by 127\.0\.0\.1", tls)
    assert "Traceback" not in log


def test_a_trusted_certificate_that_names_no_host_is_not_believed(tmp_path: Path) -> None:
    with serving(Site(shop(2)), tls_folder=tmp_path, names_host=False) as site:
        crawl = crawl_of(site, tmp_path)
        crawl.run(SSL_CERT_FILE=str(tmp_path / "own.pem"))
    assert crawl.outcomes()["/"] == ("error", "the certificate is not trusted")
    assert site.asked == []


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


def test_an_ipv6_literal_is_asked_where_private_addresses_are_allowed(tmp_path: Path) -> None:
    site = Site(shop(2))
    with serving(site, host="::1"):
        crawl = crawl_of(site, tmp_path)
        crawl.run()
    assert crawl.titles() >= {"Morning Lamp 1", "Morning Lamp 2"}


def test_an_ipv6_loopback_is_refused_where_they_are_not(tmp_path: Path) -> None:
    site = Site(shop(2))
    with serving(site, host="::1"):
        crawl = crawl_of(site, tmp_path, allow_private=False)
        crawl.run()
    assert set(crawl.outcomes().values()) == {("refused", "a private address")}
    assert site.asked == []


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
