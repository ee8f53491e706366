"""Outcomes: what an answer means, and what it must not be taken for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.outcomes import PROBED, MissingPage, judge, page_print, page_texts, wait_asked
from crawlers.pages.reading import PageKind, PageReading, SoftSignal
from infringewatch.model import Outcome

URL = "http://shop.example/p/1"
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def reading(*signals: SoftSignal) -> PageReading:
    return PageReading(URL, URL, PageKind.OTHER, soft_signals=signals)


def outcome(status: int, body: bytes = b"", *signals: SoftSignal, url: str = URL) -> Outcome:
    return judge(status, url, URL, body, reading(*signals), None).outcome


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Outcome.OK),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (401, Outcome.LOGIN_WALL),
        (403, Outcome.BLOCKED),
        (429, Outcome.BLOCKED),
        (451, Outcome.BLOCKED),
        (500, Outcome.ERROR),
        (302, Outcome.REFUSED),
    ],
)
def test_each_status_has_its_outcome(status: int, expected: Outcome) -> None:
    assert outcome(status) is expected


def test_a_challenge_is_a_captcha_and_not_a_block() -> None:
    assert outcome(403, b"<script src=/cdn-cgi/challenge-platform/x.js>") is Outcome.CAPTCHA


def test_a_redirect_to_a_login_page_is_a_login_wall() -> None:
    assert outcome(200, url="http://shop.example/login?from=/p/1") is Outcome.LOGIN_WALL


def test_a_captcha_outweighs_what_else_the_page_looks_like() -> None:
    signals = SoftSignal(Outcome.SOFT_404, "says so"), SoftSignal(Outcome.CAPTCHA, "asks to slide")
    assert outcome(200, b"", *signals) is Outcome.CAPTCHA


def test_the_page_shown_for_a_missing_address_is_a_probed_soft_404() -> None:
    shown = b"<h1>Nothing at /none-such-page</h1> visitor 17"
    missing = MissingPage(200, print=page_print(shown, "http://shop.example/none-such-page"))
    again = b"<h1>Nothing at /p/long-lost-lamp</h1> visitor 18"
    url = "http://shop.example/p/long-lost-lamp"
    judged = judge(200, url, url, again, PageReading(url, url, PageKind.OTHER), missing)
    assert judged.outcome is Outcome.SOFT_404
    assert judged.reason.startswith(PROBED)


def _shown(*proposals: str, sorry: str = "Sorry, there is no such thing here.") -> bytes:
    listed = "".join(f"<li>{name}</li>" for name in proposals)
    return f"<title>Lamps</title><nav>Home</nav><h1>{sorry}</h1><ul>{listed}</ul><p>You may like these</p>".encode()


def _learnt() -> MissingPage:
    first, second = (
        MissingPage(200, print=page_print(body, URL), constant=page_texts(body, URL))
        for body in (_shown("Amber", "Birch", "Cedar"), _shown("Dahlia", "Elder", "Fern"))
    )
    return first.compared(second)


def test_a_missing_page_with_changing_proposals_is_known_again() -> None:
    assert _learnt().shows(URL, URL, reading(), _shown("Gorse", "Hazel", "Iris"))


@pytest.mark.parametrize(
    "body",
    [
        _shown("Amber", "Birch", "Cedar", sorry="Amber lamp"),
        _shown("Amber", *(f"one more {word}" for word in "abcdefgh")),
        b"<title>Lamps</title><nav>Home</nav><h1>Amber lamp</h1><p>320 CNY</p>",
    ],
)
def test_an_ordinary_page_in_the_same_frame_is_not_taken_for_it(body: bytes) -> None:
    assert not _learnt().shows(URL, URL, reading(), body)


def test_a_page_redirected_to_where_missing_pages_end_is_a_probed_soft_404() -> None:
    missing = MissingPage(200, url="http://shop.example/")
    home = "http://shop.example/"
    judged = judge(200, home, URL, b"home", PageReading(home, home, PageKind.OTHER), missing)
    assert judged.outcome is Outcome.SOFT_404
    assert judge(200, home, home, b"home", PageReading(home, home, PageKind.OTHER), missing).outcome is Outcome.OK


def test_an_unprobed_suspicion_is_told_from_a_probed_one() -> None:
    judged = judge(200, URL, URL, b"", reading(SoftSignal(Outcome.SOFT_404, "says: not found")), None)
    assert not judged.reason.startswith(PROBED)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (429, "60", 60.0),
        (503, "Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        (503, "Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (429, "", -1.0),
        (429, "soon", -1.0),
        (200, "60", None),
        (404, "60", None),
    ],
)
def test_both_forms_of_retry_after_are_understood(status: int, header: str, seconds: float | None) -> None:
    assert wait_asked(status, {"retry-after": header}, NOW) == seconds
