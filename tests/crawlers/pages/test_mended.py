from __future__ import annotations

import pytest

from crawlers.pages.markup.schema import clean_text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("&lt;p&gt;soft &amp;amp; light", "soft & light"),
        ("<p>one<br>two<script>alert(1)</script><p>three", "one two three"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<b>open", "open"),
    ],
)
def test_a_fragment_of_html_in_data_becomes_plain_text(raw: str, plain: str) -> None:
    assert clean_text(raw) == plain
