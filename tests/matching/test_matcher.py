from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from infringewatch.compiling import compile_watchlist
from infringewatch.matching.features import FEATURES
from infringewatch.matching.matcher import screen, screen_many
from infringewatch.model import Finding, ItemKind, Level, Queue, Reason, Right, RightKind, Span
from infringewatch.ruleset import SIGNALS
from tests.matching.devset import make_rights, read_cases, read_exact_cases
from tests.matching.judging import compiled, finding, findings, make_context, make_item, ruleset


def _features(title: str, right: str, **fields: object) -> set[str]:
    return {reason.feature for reason in finding(title, right, **fields).explanation}


def test_the_table_of_features_is_the_vocabulary_of_the_packs() -> None:
    assert set(FEATURES) | {"copied_text"} == SIGNALS


def test_every_feature_says_in_words_what_it_means() -> None:
    assert all(feature.__doc__ for feature in FEATURES.values())


def test_the_mark_itself_from_an_unknown_seller_is_unlicensed_use() -> None:
    (found,) = findings("蓝鲸兔 运动鞋 男款")
    assert (found.queue, found.measure, found.match_score) == (Queue.UNLICENSED_USE, "27", 1.0)


def test_a_disguise_is_an_imitation_with_its_original_span() -> None:
    title = "正品 蓝\u200b鲸-免 运动鞋"
    (found,) = findings(title)
    assert found.queue is Queue.IMITATION
    span = found.spans[0]
    assert (title[span.start : span.end], span.field) == ("蓝\u200b鲸-免", "title")
    assert "".join(pair.text for pair in found.alignment) == title[span.start : span.end]


def test_a_low_price_makes_the_mark_itself_counterfeit() -> None:
    (found,) = findings("蓝鲸兔 运动鞋", price=Decimal(89), currency="CNY")
    assert found.queue is Queue.COUNTERFEIT and found.level is Level.STRONG


def test_a_price_in_another_currency_says_nothing() -> None:
    assert "price_below_reference" not in _features("蓝鲸兔 运动鞋", "T1", price=Decimal(12), currency="USD")


def test_a_replica_word_makes_the_mark_itself_counterfeit() -> None:
    (found,) = findings("蓝鲸兔 运动鞋 高仿")
    assert found.queue is Queue.COUNTERFEIT


def test_an_authorised_seller_is_shown_and_never_queued() -> None:
    (found,) = findings("蓝鲸兔 运动鞋 高仿", seller="蓝鲸官方店")
    assert (found.queue, found.suppressed_by) == (Queue.AUTHORISED, "T1/authorised_sellers/蓝鲸官方店")


def test_the_allow_list_changes_no_score() -> None:
    assert finding("蓝鲸兔 运动鞋", "T1", seller="蓝鲸官方店").score == finding("蓝鲸兔 运动鞋", "T1").score


@pytest.mark.parametrize("title", ["小米粥 五谷杂粮", "山西小米 5斤", "适用小米手机壳", "小米辣 调料"])
def test_a_mention_that_is_no_use_of_the_mark_stays_below_review_with_a_whole_match_score(title: str) -> None:
    found = finding(title, "T2")
    assert (found.level, found.match_score) == (Level.IGNORE, 1.0)


def test_a_product_of_the_brand_is_for_review() -> None:
    assert finding("小米手机 全新 14", "T2").level is Level.REVIEW


@pytest.mark.parametrize("fields", [{"nice_class": 30}, {"category": "零食"}])
def test_the_items_own_class_decides_where_it_is_given(fields: dict[str, object]) -> None:
    assert "class_mismatch" in _features("小米 新款", "T2", **fields)


def test_a_likeness_of_two_characters_needs_a_second_sign() -> None:
    assert findings("晓米 新款") == []
    assert [f.right for f in findings("晓米 蓝牙耳机")] == ["T2"]


def test_an_alias_is_a_name_of_the_mark() -> None:
    (found,) = findings("Lanvolt running shoes")
    assert found.explanation[0].feature == "alias" and found.spans[0].part == "Lanvolt"


def test_an_ordinary_word_in_the_brand_field_is_the_mark() -> None:
    (found,) = findings("手环 新款", brand="小米")
    assert (found.right, found.spans[0].field, found.level) == ("T2", "brand", Level.REVIEW)


def test_the_score_is_the_sum_of_the_reasons() -> None:
    found = finding("蓝鲸免 运动鞋", "T1")
    assert found.score == pytest.approx(min(1.0, sum(reason.weight for reason in found.explanation)))


def test_one_main_signal_counts() -> None:
    assert (
        sum(reason.feature in ("exact_mark", "fuzzy_mark", "alias") for reason in finding("蓝鲸兔", "T1").explanation)
        == 1
    )


def test_a_mark_that_has_run_out_is_not_looked_for() -> None:
    assert findings("耐步 运动鞋") == []


def test_a_title_with_several_marks_gives_a_finding_for_each() -> None:
    assert {f.right for f in findings("蓝鲸兔 x zorvella 联名 手提包")} == {"T1", "T3"}


def test_a_book_that_has_the_registered_title_offers_the_work() -> None:
    (found,) = findings("白塔镇的第七个夏天", kind=ItemKind.BOOK, author="林一舟")
    assert (found.right, found.queue, found.measure) == ("W1", Queue.PIRACY, "28")


def test_under_measure_36_it_is_an_unlicensed_work() -> None:
    (found,) = findings("白塔镇的第七个夏天", kind=ItemKind.BOOK, context=make_context(measure="36"))
    assert (found.queue, found.measure) == (Queue.UNLICENSED_WORK, "36")


def test_another_author_speaks_against_the_work() -> None:
    assert "author_mismatch" in _features("白塔镇的第七个夏天", "W1", kind=ItemKind.BOOK, author="别人")


def test_talk_about_a_work_is_no_offer() -> None:
    assert finding("白塔镇的第七个夏天 书评", "W1").score < finding("白塔镇的第七个夏天 全文", "W1").score


def test_sellers_found_before_weigh_more() -> None:
    context = make_context(seller_hits={"老王": 5})
    assert findings("蓝鲸兔 运动鞋", seller="老王", context=context)[0].score > finding("蓝鲸兔 运动鞋", "T1").score


def test_many_items_give_what_each_gives_alone() -> None:
    titles = ["蓝鲸免 运动鞋", "小米粥", "", "Lanvolt shoes", "晓米 耳机", "zorve11a bag"]
    items = [make_item(title) for title in titles]
    assert screen_many(items, compiled(), make_context()) == [findings(title) for title in titles]


def test_leaving_out_early_loses_nothing_that_would_be_reported() -> None:
    titles = ["蓝 鲸 兔", "兰京图 鞋", "zorvela handbag", "晓米 高仿", "蓝鲸免", "小 米 手机", "zorveIIa wallet"]
    for title in titles:
        every = [f for f in findings(title, least=Level.IGNORE) if f.level is not Level.IGNORE]
        assert findings(title) == every, title


@pytest.mark.parametrize(
    "title",
    [
        "",
        " ",
        "蓝" * 10_000,
        "蓝鲸兔" * 3_000,
        "a" * 10_000,
        "a b " * 2_500,
        "\ud800蓝\udfff鲸兔",
        "\u202e蓝鲸兔\u202c",
        "\x00蓝鲸兔\x07",
        "‼️🔥蓝🔥鲸🔥兔🔥",
        "\u0301" * 5_000,
        "ﷺ" * 2_000,
    ],
)
def test_ugly_titles_are_judged_like_others(title: str) -> None:
    for found in findings(title, least=Level.IGNORE):
        span = found.spans[0]
        assert 0 <= span.start < span.end <= len(title)


def test_rules_give_a_pack_to_every_kind_that_is_screened() -> None:
    assert {"m27", "m28", "m36", "m35"} <= set(ruleset().measures)


def test_copied_text_and_the_title_make_one_finding_with_the_spans_of_both() -> None:
    text = replace(
        finding("白塔镇的第七个夏天", "W1", kind=ItemKind.BOOK),
        score=0.99,
        spans=(Span(0, 200, "text", 0, 200),),
        explanation=(Reason("copied_text", 0.99, "200 characters are copied"),),
    )
    both = replace(compiled(), screen_text=lambda item, context: [text])
    (found,) = screen(make_item("白塔镇的第七个夏天", kind=ItemKind.BOOK, text="x" * 200), both, make_context())
    assert (found.score, [span.field for span in found.spans]) == (0.99, ["text", "title"])


def test_leaving_out_early_loses_nothing_of_the_labelled_titles() -> None:
    cases = read_cases()[::4]
    rights = compile_watchlist(make_rights(read_cases()))
    items = [case.item for case in cases]
    every = screen_many(items, rights, make_context(), least=Level.IGNORE)
    kept = [[finding for finding in found if finding.level is not Level.IGNORE] for found in every]
    assert screen_many(items, rights, make_context()) == kept


def test_the_labelled_titles_are_told_apart() -> None:
    """A floor under the figures of docs/matching.md, so that a change that costs quality is seen."""
    cases = read_cases()
    found = screen_many([case.item for case in cases], compile_watchlist(make_rights(cases)), make_context())
    said = [any(f.name == case.mark for f in findings) for case, findings in zip(cases, found, strict=True)]
    right = sum(case.wanted and yes for case, yes in zip(cases, said, strict=True))
    assert right / sum(case.wanted for case in cases) >= 0.88
    assert right / sum(said) >= 0.95


def test_exact_mentions_are_told_from_words_references_and_talk() -> None:
    cases = read_exact_cases()
    chosen = compile_watchlist(make_rights([*cases, *read_cases()]))
    found = screen_many([case.item for case in cases], chosen, make_context())
    said = [any(f.name == case.mark for f in findings) for case, findings in zip(cases, found, strict=True)]
    hit = sum(case.wanted and yes for case, yes in zip(cases, said, strict=True))
    f1 = 2 * hit / (sum(said) + sum(case.wanted for case in cases))
    assert f1 >= 0.85


def test_a_bare_for_behind_the_mark_leads_to_something_else() -> None:
    assert "nominative_use" not in _features("zorvella handbag for women", "T3")
    assert "nominative_use" in _features("strap for zorvella handbag", "T3")


@pytest.mark.parametrize("title", ["高蓝鲸缓震鞋垫", "蓝鲸器 健身", "蓝鲸戏珠 挂画"])
def test_a_lone_character_beside_two_makes_a_longer_noun(title: str) -> None:
    found = _two_letter_finding(title)
    assert found.level is Level.IGNORE and "word_boundary" in {reason.feature for reason in found.explanation}


@pytest.mark.parametrize("title", ["蓝鲸鞋 男", "买蓝鲸运动鞋", "正品蓝鲸 运动鞋", "蓝鲸男鞋", "蓝鲸电暖器 家用"])
def test_words_of_a_title_beside_two_characters_say_nothing(title: str) -> None:
    assert "word_boundary" not in {reason.feature for reason in _two_letter_finding(title).explanation}


def _two_letter_finding(title: str) -> Finding:
    rights = (Right(RightKind.TRADEMARK, "蓝鲸", "T9", holder="甲", nice_classes=(25,)),)
    return screen(make_item(title), compile_watchlist(rights), make_context(), least=Level.IGNORE)[0]


def test_two_ordinary_words_are_no_joined_mark_beside_other_goods() -> None:
    rights = compile_watchlist((Right(RightKind.TRADEMARK, "Bluefinch", "T9", holder="甲", nice_classes=(25,)),))
    bird, shoes = (
        screen(make_item(title), rights, make_context(), least=Level.IGNORE)[0]
        for title in ("Blue finch bird feeder", "Blue finch running shoes")
    )
    assert (bird.level, shoes.level) == (Level.IGNORE, Level.REVIEW)


@pytest.mark.parametrize("title", ["齐川 运动鞋 男", "济川运动鞋 高仿", "齐川 高仿"])
def test_a_mark_whose_sounding_part_stays_is_found_beside_a_second_sign(title: str) -> None:
    mark = Right(RightKind.TRADEMARK, "霁川", "T9", holder="甲", nice_classes=(25,))
    found = screen(make_item(title), compile_watchlist([mark, *make_rights(read_cases())]), make_context())
    assert "T9" in {finding.right for finding in found}


def test_a_part_for_the_whole_without_a_second_sign_is_left_alone() -> None:
    mark = Right(RightKind.TRADEMARK, "霁川", "T9", holder="甲", nice_classes=(25,))
    assert "T9" not in {f.right for f in screen(make_item("齐川 新款"), compile_watchlist([mark]), make_context())}
