from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from infringewatch.flows.indexing import drain
from infringewatch.model import Role
from infringewatch.search.embedded import EmbeddedBackend
from infringewatch.store.models import User
from tests.web.conftest import NOW, Add, add_person


def shown(page: Client, address: str) -> list[int]:
    """The keys of the hits in the order in which the page shows them."""
    return [row["hit"].pk for row in page.get(address).context["rows"]]


def test_nobody_sees_a_page_without_logging_in(client: Client, add_hit: Add) -> None:
    hit = add_hit()
    for address in ("/", "/queue/27", f"/hits/{hit.pk}", "/cases", "/watchlists", "/campaigns", "/queue/27/hits.csv"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/login"), address


def test_a_queue_shows_the_riskiest_first(page: Client, add_hit: Add) -> None:
    low, high = add_hit(score=0.4), add_hit(score=0.95)
    assert shown(page, "/queue/27") == [high.pk, low.pk]


def test_a_decided_hit_leaves_the_queue_but_stands_under_its_state(page: Client, add_hit: Add) -> None:
    hit = add_hit(state="infringing")
    assert shown(page, "/queue/27") == []
    assert shown(page, "/queue/27?state=infringing") == [hit.pk]


def test_a_snoozed_hit_is_left_out(page: Client, add_hit: Add) -> None:
    add_hit(snoozed_until=NOW + timedelta(days=36_500))
    assert shown(page, "/queue/27") == []


def test_filters_in_the_address_narrow_the_queue(page: Client, add_hit: Add) -> None:
    one = add_hit(seller="甲店", level="review")
    add_hit(seller="乙店")
    assert shown(page, "/queue/27?seller=甲店") == [one.pk]
    assert shown(page, "/queue/27?level=review") == [one.pk]


def test_the_second_page_begins_where_the_first_ended(page: Client, add_hit: Add) -> None:
    keys = [add_hit(score=0.5).pk for _ in range(53)]
    first = page.get("/queue/27")
    rest = shown(page, f"/queue/27?after={first.context['next']}")
    assert [row["hit"].pk for row in first.context["rows"]] + rest == sorted(keys, reverse=True)


def test_a_damaged_place_is_told_in_a_sentence(page: Client, add_hit: Add) -> None:
    answer = page.get("/queue/27?after=nonsense")
    assert answer.status_code == 400 and b"address is damaged" in answer.content


def test_words_are_searched_in_the_index(page: Client, add_hit: Add, own_engines: EmbeddedBackend) -> None:
    wanted = add_hit("山岚 登山包")
    add_hit("白色 帆布鞋")
    drain(own_engines)
    assert shown(page, "/queue/27?q=登山") == [wanted.pk]


def test_a_rights_holder_sees_and_finds_its_own_rows_only(
    add_hit: Add, log_in: Callable[[User], Client], own_engines: EmbeddedBackend
) -> None:
    mine, other = add_hit("山岚 背包", tenant="holder"), add_hit("山岚 背包", tenant="stranger")
    drain(own_engines)
    page = log_in(add_person("owner", Role.RIGHTS_HOLDER, "holder"))
    assert shown(page, "/queue/27") == [mine.pk]
    assert shown(page, "/queue/27?q=背包") == [mine.pk]
    assert page.get(f"/hits/{other.pk}").status_code == 404


def test_a_hostile_title_is_escaped_and_its_span_marked(page: Client, add_hit: Add) -> None:
    add_hit("<script>alert(1)</script> 山岚")
    text = page.get("/queue/27").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script>alert" not in text
    assert '<mark class="span-mark">山岚</mark>' in text


def test_the_pages_forbid_inline_style_and_script(page: Client, add_hit: Add) -> None:
    answer = page.get(f"/hits/{add_hit().pk}")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert " style=" not in answer.content.decode() and "onclick" not in answer.content.decode()


def test_a_long_queue_asks_for_its_filters_after_its_rows(page: Client, add_hit: Add) -> None:
    for _ in range(51):
        add_hit()
    assert "/queue/27/facets" in page.get("/queue/27").content.decode()
    values = page.get("/queue/27/facets").context["chips"][3]["values"]
    assert [(value["label"], value["count"]) for value in values] == [("好物小店", 51)]
